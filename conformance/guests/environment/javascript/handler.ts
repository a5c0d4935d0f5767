// Answers every path with the variables that it was given, sorted in byte order.
const encoder = new TextEncoder();

function byBytes(a: string, b: string): number {
  const [left, right] = [encoder.encode(a), encoder.encode(b)];
  for (let i = 0; i < left.length && i < right.length; i++) if (left[i] !== right[i]) return left[i] - right[i];
  return left.length - right.length;
}

export default {
  fetch(request: Request, environment: Record<string, string>): Response {
    const lines = Object.keys(environment).sort(byBytes).map((name) => `${name}=${environment[name]}\n`);
    return new Response(lines.join(""), { headers: { "content-type": "text/plain; charset=utf-8" } });
  },
};

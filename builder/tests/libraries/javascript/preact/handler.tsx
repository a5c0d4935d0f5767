import { render } from "preact-render-to-string";
const Page = ({ names }: { names: string[] }) => <ul class="x">{names.map((n) => <li key={n}>{n}</li>)}</ul>;
export default { fetch: () => new Response(render(<Page names={["a", "b<"]} />), { headers: { "content-type": "text/html" } }) };

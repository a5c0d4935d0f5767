// The console: every line goes to the log.
const plain = (value) => typeof value === "string";

export function inspect(value, depth = 0, seen = []) {
  if (plain(value)) return depth === 0 ? value : JSON.stringify(value);
  if (typeof value === "bigint") return `${value}n`;
  if (typeof value === "symbol") return value.toString();
  if (typeof value === "function") return `[Function: ${value.name || "(anonymous)"}]`;
  if (value === null || typeof value !== "object") return Object.is(value, -0) ? "-0" : String(value);
  if (seen.includes(value)) return "[Circular]";
  if (value instanceof Error) return describeError(value, depth, seen);
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? "Invalid Date" : value.toISOString();
  if (value instanceof RegExp) return String(value);
  if (depth > 3) return Array.isArray(value) ? "[Array]" : "[Object]";
  return inspectObject(value, depth + 1, [...seen, value]);
}

// Without the frames of the engine and of our own interfaces.
const traceOf = (stack) => stack.replace(/^.*\((?:native|<null>:\d+:\d+)\)\n?/gm, "").trimEnd();

function describeError(error, depth, seen) {
  let text = `${error.name}: ${error.message}`;
  const trace = typeof error.stack === "string" ? traceOf(error.stack) : "";
  if (trace) text += "\n" + trace;
  if (error.cause !== undefined && depth < 8)
    text += "\ncaused by: " + inspect(error.cause, depth + 1, [...seen, error]);
  return text;
}

const MOST = 100;

function inspectObject(value, depth, seen) {
  const one = (item) => inspect(item, depth, seen);
  const list = (open, items, total, close) => {
    if (total > MOST) items.push(`... ${total - MOST} more`);
    return items.length ? `${open} ${items.join(", ")} ${close}` : open + close;
  };
  if (Array.isArray(value)) return list("[", value.slice(0, MOST).map(one), value.length, "]");
  const name = value.constructor?.name;
  if (ArrayBuffer.isView(value) && !(value instanceof DataView))
    return list(`${name}(${value.length}) [`, [...value.slice(0, MOST)].map(String), value.length, "]");
  if (value instanceof Map) {
    const items = [...value].slice(0, MOST).map(([key, item]) => `${one(key)} => ${one(item)}`);
    return list(`Map(${value.size}) {`, items, value.size, "}");
  }
  if (value instanceof Set) return list(`Set(${value.size}) {`, [...value].slice(0, MOST).map(one), value.size, "}");
  const keys = Object.keys(value);
  const items = keys.slice(0, MOST).map((key) => {
    const text = /^[A-Za-z_$][\w$]*$/.test(key) ? key : JSON.stringify(key);
    return `${text}: ${one(value[key])}`;
  });
  return list(!name || name === "Object" ? "{" : `${name} {`, items, keys.length, "}");
}

export function format(values) {
  if (!plain(values[0]) || !values[0].includes("%")) return values.map((value) => inspect(value)).join(" ");
  let next = 1;
  const text = values[0].replace(/%[sdifoOjc%]/g, (code) => {
    if (code === "%%") return "%";
    if (next >= values.length) return code;
    const value = values[next++];
    switch (code) {
      case "%s": return plain(value) ? value : inspect(value, 1);
      case "%d": return String(Number(value));
      case "%i": return String(Math.trunc(Number(value)));
      case "%f": return String(parseFloat(value));
      case "%j": return JSON.stringify(value);
      case "%c": return "";
      default: return inspect(value, 1);
    }
  });
  return [text, ...values.slice(next).map((value) => inspect(value))].join(" ");
}

let indent = "";
const counts = new Map();
const timers = new Map();
const line = (text) => native.log((indent ? text.replace(/^/gm, indent) : text) + "\n");
const write = (...values) => line(format(values));

export const console = {
  log: write,
  info: write,
  debug: write,
  warn: write,
  error: write,
  dir: (value) => line(inspect(value, 1)),
  dirxml: write,
  table: (value) => line(inspect(value, 1)),
  trace: (...values) => line(`Trace: ${format(values)}\n${new Error().stack}`),
  assert(condition, ...values) {
    if (!condition) line(values.length ? `Assertion failed: ${format(values)}` : "Assertion failed");
  },
  group(...values) {
    if (values.length) write(...values);
    indent += "  ";
  },
  groupCollapsed(...values) {
    console.group(...values);
  },
  groupEnd() {
    indent = indent.slice(2);
  },
  count(label = "default") {
    counts.set(label, (counts.get(label) ?? 0) + 1);
    line(`${label}: ${counts.get(label)}`);
  },
  countReset: (label = "default") => void counts.delete(label),
  time: (label = "default") => void timers.set(label, native.monotonic()),
  timeLog: (label = "default") => line(`${label}: ${(native.monotonic() - timers.get(label)).toFixed(3)} ms`),
  timeEnd(label = "default") {
    console.timeLog(label);
    timers.delete(label);
  },
};

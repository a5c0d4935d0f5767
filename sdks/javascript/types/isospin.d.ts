/** What a handler is, and what Isospin has beyond the web's own interfaces. */
interface Context {
  /** The instance lives on until the promise is settled, although the response was sent. */
  waitUntil(promise: Promise<unknown>): void;
  passThroughOnException(): void;
  /** Path and query as they were sent, before any normalisation. */
  readonly target: string;
  /** The trailers of the request, once its body has been read. */
  readonly trailers: Promise<Headers>;
}

interface Handler {
  fetch(request: Request, environment: Readonly<Record<string, string>>, context: Context): Response | Promise<Response>;
}

interface ResponseInit {
  /** Sent after the body; name them in a `trailer` header, since hosts send no others. */
  trailers?: HeadersInit | Promise<HeadersInit> | (() => HeadersInit | Promise<HeadersInit>);
}

interface Headers {
  /** Each field as it was sent: repeats apart, in their order. */
  raw(): IterableIterator<[string, string]>;
}

declare module "*.txt" {
  const text: string;
  export default text;
}

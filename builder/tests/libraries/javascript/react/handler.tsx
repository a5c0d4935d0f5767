/** @jsxImportSource react */
// The file for browsers by its own name: it goes on with a MessageChannel.
import { renderToReadableStream } from "react-dom/server.browser";
import { Suspense, lazy } from "react";

const Later = lazy(async () => {
  await new Promise((resolve) => setTimeout(resolve, 5));
  return { default: () => <b>loaded</b> };
});
const Page = () => (
  <main>
    <Suspense fallback={<p>waits</p>}>
      <Later />
    </Suspense>
  </main>
);

export default {
  fetch: async () => new Response(await renderToReadableStream(<Page />), { headers: { "content-type": "text/html" } }),
};

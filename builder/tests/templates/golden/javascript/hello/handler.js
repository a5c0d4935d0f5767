/** @type {Handler} */
const handler = {
  async fetch(request) {
    const { pathname } = new URL(request.url);
    return new Response(`Hello from JavaScript! You asked for ${pathname}\n`);
  },
};

export default handler;

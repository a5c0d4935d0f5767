export default {
  async fetch() {
    return new Response("Hello from JavaScript!\n");
  },
};

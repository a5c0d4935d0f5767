interface Order {
  items?: string[];
}

function count(order: Order): number {
  return order.items!.length; // crashes: /divide
}

export default {
  async fetch(request: Request): Promise<Response> {
    if (new URL(request.url).pathname.endsWith("/divide")) {
      count({});
    }
    return new Response("well\n");
  },
};

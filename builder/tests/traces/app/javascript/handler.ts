interface Order {
  items?: string[];
}

class Broken extends Error {}

function count(order: Order): number {
  return order.items!.length; // crashes: /divide
}

export default {
  async fetch(request: Request): Promise<Response> {
    const { pathname } = new URL(request.url);
    if (pathname.endsWith("/divide")) {
      count({});
    }
    if (pathname.endsWith("/refused")) {
      new Response("", { status: 5 }); // crashes: /refused
    }
    if (pathname.endsWith("/own")) {
      throw new Broken("own"); // crashes: /own
    }
    return new Response("well\n");
  },
};

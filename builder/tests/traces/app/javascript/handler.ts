interface Order {
  items?: string[];
}

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
    return new Response("well\n");
  },
};

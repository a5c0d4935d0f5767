const isospin = @import("isospin");

pub fn handle(_: *isospin.Request, response: *isospin.Response) !void {
    try response.headers.set("content-type", "text/plain; charset=utf-8");
    try response.send("Hello from Zig!\n");
}

const isospin = @import("isospin");
const greeting = @import("greeting.zig");

pub fn handle(request: *isospin.Request, response: *isospin.Response) !void {
    try response.headers.append("content-type", "text/plain; charset=utf-8");
    try greeting.write(response.writer(), request.path);
}

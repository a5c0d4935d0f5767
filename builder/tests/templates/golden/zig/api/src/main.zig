const isospin = @import("isospin");
const api = @import("api.zig");

/// Before every path that the component answers.
const base = "";

/// More than any request has that is meant well.
const largest_body = 64 * 1024;

pub fn handle(request: *isospin.Request, response: *isospin.Response) !void {
    const answer = try api.answer(request.arena, .{
        .method = request.method.name(),
        .path = if (request.path.len >= base.len) request.path[base.len..] else "",
        .body = try request.readAll(largest_body),
    });
    response.status = answer.status;
    try response.headers.append("content-type", "application/json");
    if (answer.allow) |methods| try response.headers.append("allow", methods);
    try response.writer().writeAll(answer.json);
}

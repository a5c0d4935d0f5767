//! A proxy: every request goes to the upstream, both bodies are streamed.

const std = @import("std");
const isospin = @import("isospin");
const forwarding = @import("forwarding.zig");

pub fn handle(request: *isospin.Request, response: *isospin.Response) !void {
    const arena = request.arena;
    const upstream = isospin.variable(arena, "UPSTREAM") orelse return error.NoUpstream;
    const answer = request.fetch(.{
        .url = try forwarding.target(arena, upstream, request.path, request.query),
        .method = request.method,
        .headers = try sentHeaders(request),
        .body = switch (request.method) {
            .GET, .HEAD => .none,
            else => .{ .reader = request.reader() },
        },
    }) catch |err| {
        std.log.err("{s}: {t}", .{ upstream, err });
        response.status = .bad_gateway;
        try response.headers.append("content-type", "text/plain; charset=utf-8");
        return response.send("the upstream does not answer\n");
    };
    response.status = answer.status;
    var headers = answer.headers.iterate();
    while (headers.next()) |header| {
        if (!forwarding.isOfConnection(header.name)) try response.headers.append(header.name, header.value);
    }
    _ = try answer.reader().streamRemaining(response.writer());
}

fn sentHeaders(request: *isospin.Request) ![]const isospin.Header {
    var sent: std.ArrayList(isospin.Header) = .empty;
    var headers = request.headers.iterate();
    while (headers.next()) |header| {
        if (!forwarding.isOfConnection(header.name)) try sent.append(request.arena, header);
    }
    return sent.items;
}

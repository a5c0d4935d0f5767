//! Greets, or counts the words of a text as it streams in.

const std = @import("std");
const isospin = @import("isospin");
const Counter = @import("Counter.zig");

pub fn handle(request: *isospin.Request, response: *isospin.Response) !void {
    switch (request.method) {
        .GET => {
            var parameters = request.parameters();
            const url = try parameters.get("from") orelse "";
            if (url.len == 0) return answer(response, .ok, "Hello from Isospin!\n");
            try countFetched(request, response, url);
        },
        .POST => try count(request, response, request.reader()),
        else => {
            try response.headers.append("allow", "GET, POST");
            try answer(response, .method_not_allowed, "method not allowed\n");
        },
    }
}

fn countFetched(request: *isospin.Request, response: *isospin.Response, url: []const u8) !void {
    const unavailable = "the text could not be fetched\n";
    const fetched = request.fetch(.{ .url = url }) catch
        return answer(response, .bad_gateway, unavailable);
    if (fetched.status != .ok) return answer(response, .bad_gateway, unavailable);
    count(request, response, fetched.reader()) catch |err| switch (err) {
        error.ReadFailed => try answer(response, .bad_gateway, unavailable),
        else => return err,
    };
}

/// Answers with what the text in `reader` consists of.
fn count(request: *isospin.Request, response: *isospin.Response, reader: *std.Io.Reader) !void {
    var counter: Counter = .{ .arena = request.arena };
    counter.addAll(reader) catch |err| switch (err) {
        error.InvalidUtf8 => return answer(response, .bad_request, "the text is not UTF-8\n"),
        else => return err,
    };
    try response.headers.append("content-type", "application/json");
    const writer = response.writer();
    try writer.print("{{\"words\":{d},\"distinct\":{d},\"top\":[", .{ counter.words, counter.counts.count() });
    for (try counter.top(20), 0..) |entry, index| {
        if (index > 0) try writer.writeByte(',');
        // A word holds nothing that JSON would have to escape.
        try writer.print("[\"{s}\",{d}]", .{ entry.word, entry.count });
    }
    try writer.writeAll("]}\n");
}

fn answer(response: *isospin.Response, status: std.http.Status, text: []const u8) !void {
    response.status = status;
    try response.headers.append("content-type", "text/plain; charset=utf-8");
    try response.writer().writeAll(text);
}

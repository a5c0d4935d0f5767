//! Routes that ask other servers.

const std = @import("std");
const isospin = @import("isospin");
const text = @import("main.zig").text;

pub fn fetch(request: *isospin.Request, response: *isospin.Response, _: []const u8) !void {
    var parameters = request.parameters();
    const exchange = request.start(.{
        .url = try parameters.get("url") orelse "",
        .method = request.method,
        .headers = try headersToSend(request),
        .body = switch (request.method) {
            .GET, .HEAD => .none,
            else => .{ .reader = request.reader() },
        },
    }) catch |err| return tell(response, err);
    var again = request.parameters();
    if (try again.get("ms")) |limit| {
        const milliseconds = try std.fmt.parseInt(u32, limit, 10);
        if (try request.waitAny(&.{exchange}, .fromMilliseconds(milliseconds)) == null) {
            exchange.cancel();
            response.status = .gateway_timeout;
            try text(response);
            return response.writer().writeAll("timed out\n");
        }
    }
    const fetched = exchange.response() catch |err| return tell(response, err);
    response.status = fetched.status;
    var fields = fetched.headers.iterate();
    while (fields.next()) |field| {
        if (!isOfConnection(field.name)) try response.headers.append(field.name, field.value);
    }
    _ = try fetched.reader().streamRemaining(response.writer());
}

/// Answers with the name of what went wrong.
fn tell(response: *isospin.Response, failure: isospin.FetchError) !void {
    switch (failure) {
        error.InvalidHeader, error.ForbiddenHeader, error.HeadersSent => return failure,
        else => |code| {
            response.status = .bad_gateway;
            try text(response);
            try response.writer().print("{s}\n", .{isospin.errorCodeName(code)});
        },
    }
}

fn headersToSend(request: *isospin.Request) ![]const isospin.Header {
    var chosen: std.ArrayList(isospin.Header) = .empty;
    var headers = request.headers.iterate();
    while (headers.next()) |header| {
        if (std.ascii.eqlIgnoreCase(header.name, "content-type") or
            std.ascii.startsWithIgnoreCase(header.name, "x-"))
        {
            try chosen.append(request.arena, header);
        }
    }
    return chosen.items;
}

/// Fields of the one connection, which do not belong to the next.
fn isOfConnection(name: []const u8) bool {
    for ([_][]const u8{ "connection", "keep-alive", "transfer-encoding", "content-length", "date" }) |own| {
        if (std.ascii.eqlIgnoreCase(name, own)) return true;
    }
    return false;
}

pub fn gather(request: *isospin.Request, response: *isospin.Response, _: []const u8) !void {
    var wanted: std.ArrayList(isospin.FetchOptions) = .empty;
    var parameters = request.parameters();
    while (try parameters.next()) |parameter| {
        if (!std.mem.eql(u8, parameter.name, "url")) continue;
        try wanted.append(request.arena, .{ .url = parameter.value });
    }
    try text(response);
    const writer = response.writer();
    for (try request.gather(wanted.items)) |outcome| {
        if (lengthOf(outcome)) |answer| {
            try writer.print("{d} {d}\n", .{ @backingInt(answer.status), answer.length });
        } else |err| switch (err) {
            error.InvalidHeader, error.ForbiddenHeader, error.HeadersSent => return err,
            else => |code| try writer.print("{s}\n", .{isospin.errorCodeName(code)}),
        }
    }
}

const Answer = struct { status: std.http.Status, length: usize };

fn lengthOf(outcome: isospin.FetchError!*isospin.ClientResponse) isospin.FetchError!Answer {
    const answer = try outcome;
    defer answer.close();
    const length = answer.reader().discardRemaining() catch return answer.readError();
    return .{ .status = answer.status, .length = length };
}

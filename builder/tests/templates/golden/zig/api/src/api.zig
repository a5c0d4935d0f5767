//! A JSON API: what is answered to which request.

const std = @import("std");
const Allocator = std.mem.Allocator;

pub const Request = struct {
    method: []const u8,
    /// As it was sent: percent-encoding is not undone.
    path: []const u8,
    body: []const u8 = "",
};

pub const Answer = struct {
    status: std.http.Status,
    json: []const u8,
    /// The methods that there are, where the request's is none of them.
    allow: ?[]const u8 = null,
};

pub fn answer(arena: Allocator, request: Request) Allocator.Error!Answer {
    const path = request.path;
    const one = "/greetings/";
    if (std.mem.eql(u8, path, "/greetings")) {
        if (!std.mem.eql(u8, request.method, "POST")) return notAllowed(arena, "POST");
        return greetOften(arena, request.body);
    }
    if (std.mem.startsWith(u8, path, one) and path.len > one.len) {
        if (!std.mem.eql(u8, request.method, "GET")) return notAllowed(arena, "GET");
        return greet(arena, path[one.len..]);
    }
    return failure(arena, .not_found, "not found");
}

fn greet(arena: Allocator, encoded: []const u8) Allocator.Error!Answer {
    const name = std.Uri.percentDecodeInPlace(try arena.dupe(u8, encoded));
    return success(arena, .{ .greeting = try greeting(arena, name) });
}

/// `times` is of any kind, for the parser would take a string with digits for a number.
const Wish = struct { name: []const u8, times: std.json.Value };

fn greetOften(arena: Allocator, body: []const u8) Allocator.Error!Answer {
    const wish = std.json.parseFromSliceLeaky(Wish, arena, body, .{}) catch |err| switch (err) {
        error.OutOfMemory => return error.OutOfMemory,
        error.SyntaxError, error.UnexpectedEndOfInput => return failure(arena, .bad_request, "the body is not JSON"),
        else => return failure(arena, .unprocessable_entity, "a name and a number of times are wanted"),
    };
    if (wish.name.len == 0) {
        return failure(arena, .unprocessable_entity, "name: must not be empty");
    }
    const times = switch (wish.times) {
        .integer => |times| times,
        else => 0,
    };
    if (times < 1 or times > 10) {
        return failure(arena, .unprocessable_entity, "times: must be from 1 to 10");
    }
    const greetings = try arena.alloc([]const u8, @intCast(times));
    for (greetings) |*one| one.* = try greeting(arena, wish.name);
    return success(arena, .{ .greetings = greetings });
}

fn greeting(arena: Allocator, name: []const u8) Allocator.Error![]const u8 {
    return std.fmt.allocPrint(arena, "Hello, {s}!", .{name});
}

fn notAllowed(arena: Allocator, methods: []const u8) Allocator.Error!Answer {
    var refusal = try failure(arena, .method_not_allowed, "method not allowed");
    refusal.allow = methods;
    return refusal;
}

fn success(arena: Allocator, value: anytype) Allocator.Error!Answer {
    return .{ .status = .ok, .json = try std.json.Stringify.valueAlloc(arena, value, .{}) };
}

fn failure(arena: Allocator, status: std.http.Status, message: []const u8) Allocator.Error!Answer {
    const json = try std.json.Stringify.valueAlloc(arena, .{ .@"error" = message }, .{});
    return .{ .status = status, .json = json };
}

fn expectAnswer(status: std.http.Status, json: []const u8, request: Request) !void {
    var arena: std.heap.ArenaAllocator = .init(std.testing.allocator);
    defer arena.deinit();
    const got = try answer(arena.allocator(), request);
    try std.testing.expectEqual(status, got.status);
    try std.testing.expectEqualStrings(json, got.json);
    try std.testing.expectEqual(status == .method_not_allowed, got.allow != null);
}

test "greets" {
    try expectAnswer(.ok, "{\"greeting\":\"Hello, Ada L!\"}", .{ .method = "GET", .path = "/greetings/Ada%20L" });
    try expectAnswer(.ok, "{\"greetings\":[\"Hello, Ada!\",\"Hello, Ada!\"]}", .{
        .method = "POST",
        .path = "/greetings",
        .body = "{\"name\":\"Ada\",\"times\":2}",
    });
}

test "refuses what is wrong" {
    try expectAnswer(.not_found, "{\"error\":\"not found\"}", .{ .method = "GET", .path = "/nowhere" });
    try expectAnswer(.method_not_allowed, "{\"error\":\"method not allowed\"}", .{ .method = "DELETE", .path = "/greetings" });
    try expectAnswer(.bad_request, "{\"error\":\"the body is not JSON\"}", .{ .method = "POST", .path = "/greetings", .body = "{" });
    try expectAnswer(.unprocessable_entity, "{\"error\":\"times: must be from 1 to 10\"}", .{
        .method = "POST",
        .path = "/greetings",
        .body = "{\"name\":\"Ada\",\"times\":11}",
    });
    try expectAnswer(.unprocessable_entity, "{\"error\":\"times: must be from 1 to 10\"}", .{
        .method = "POST",
        .path = "/greetings",
        .body = "{\"name\":\"Ada\",\"times\":\"2\"}",
    });
}

//! Routes that show how a request arrives.

const std = @import("std");
const isospin = @import("isospin");
const text = @import("main.zig").text;

pub fn reflect(request: *isospin.Request, response: *isospin.Response, _: []const u8) !void {
    try text(response);
    const writer = response.writer();
    try writer.print("method {s}\npath {s}\n", .{ request.method.name(), request.path });
    if (request.query) |query| try writer.print("query {s}\n", .{query});
    var headers = request.headers.iterate();
    while (headers.next()) |header| {
        try writer.writeAll("header ");
        for (header.name) |byte| try writer.writeByte(std.ascii.toLower(byte));
        try writer.print(" {f}\n", .{escaped(header.value)});
    }
}

fn escaped(bytes: []const u8) std.fmt.Alt([]const u8, writeEscaped) {
    return .{ .data = bytes };
}

fn writeEscaped(bytes: []const u8, writer: *std.Io.Writer) std.Io.Writer.Error!void {
    for (bytes) |byte| switch (byte) {
        '%', 0...0x20, 0x7f...0xff => try writer.print("%{X:0>2}", .{byte}),
        else => try writer.writeByte(byte),
    };
}

pub fn collect(request: *isospin.Request, response: *isospin.Response, _: []const u8) !void {
    const reader = request.reader();
    var length: u64 = 0;
    var checksum: std.hash.Adler32 = .{};
    while (reader.peekGreedy(1)) |chunk| {
        checksum.update(chunk);
        length += chunk.len;
        reader.toss(chunk.len);
    } else |err| switch (err) {
        error.EndOfStream => {},
        error.ReadFailed => return err,
    }
    try text(response);
    try response.writer().print("length {d}\nadler32 {x:0>8}\n", .{ length, checksum.adler });
}

pub fn echo(request: *isospin.Request, response: *isospin.Response, _: []const u8) !void {
    try copyHead(request, response);
    try copyBody(request, response);
}

pub fn duplex(request: *isospin.Request, response: *isospin.Response, _: []const u8) !void {
    try copyHead(request, response);
    try response.writer().writeAll("ready\n");
    try copyBody(request, response);
}

fn copyHead(request: *isospin.Request, response: *isospin.Response) !void {
    const content_type = request.headers.get("content-type") orelse "application/octet-stream";
    try response.headers.append("content-type", content_type);
    var announced = request.headers.getAll("trailer");
    while (announced.next()) |names| try response.headers.append("trailer", names);
}

fn copyBody(request: *isospin.Request, response: *isospin.Response) !void {
    _ = try request.reader().streamRemaining(response.writer());
    var trailers = try request.trailers();
    var fields = trailers.iterate();
    while (fields.next()) |field| try response.trailers.append(field.name, field.value);
}

pub fn early(_: *isospin.Request, response: *isospin.Response, _: []const u8) !void {
    response.status = .forbidden;
    try text(response);
    try response.writer().writeAll("early\n");
}

pub fn watch(request: *isospin.Request, response: *isospin.Response, _: []const u8) !void {
    try text(response);
    const writer = response.writer();
    try writer.writeAll("begun\n");
    try writer.flush();
    const reader = request.reader();
    var length: usize = 0;
    const end = while (reader.peekGreedy(1)) |chunk| {
        length += chunk.len;
        reader.toss(chunk.len);
    } else |err| switch (err) {
        error.EndOfStream => "whole",
        error.ReadFailed => "cut",
    };
    try writer.print("{s} {d}\n", .{ end, length });
}

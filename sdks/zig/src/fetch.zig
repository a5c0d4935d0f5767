//! Requests to other servers.

const std = @import("std");
const Context = @import("context.zig");
const OutgoingBody = @import("outgoing_body.zig");
const OutgoingHeaders = headers.OutgoingHeaders;
const Method = @import("method.zig").Method;
const Pump = @import("pump.zig");
const error_code = @import("error_code.zig");
const headers = @import("headers.zig");
const decimal = @import("decimal.zig");
const url = @import("url.zig");
const clocks = @import("wasi/clocks.zig");
const http = @import("wasi/http_outgoing.zig");
const incoming = @import("wasi/http_incoming.zig");
const Pollable = @import("wasi/poll.zig").Pollable;

pub const ClientResponse = @import("client_response.zig").ClientResponse;

pub const Error = error_code.Error || headers.HeaderError;

/// What to ask, of whom.
pub const Options = struct {
    /// `http://host:port/path?query`, already encoded.
    url: []const u8,
    method: Method = .GET,
    headers: []const headers.Header = &.{},
    body: Body = .none,
    /// Until the connection stands.
    connect_timeout: ?std.Io.Duration = null,
    /// From the end of the request until the response begins.
    first_byte_timeout: ?std.Io.Duration = null,
    /// Between two pieces of the response.
    between_bytes_timeout: ?std.Io.Duration = null,

    pub const Body = union(enum) {
        none,
        /// Must stay as they are until the response is there.
        bytes: []const u8,
        /// Read and sent on while the handler waits for anything else, such as
        /// the response; so a body can go out while the answer to its beginning
        /// comes in.
        reader: *std.Io.Reader,
        /// Written by the handler to `Exchange.writer`, up to `Exchange.finish`.
        written,
    };
};

/// One request on its way, and then its response.
pub const Exchange = struct {
    /// Fields that are sent after a body of kind `written`.
    trailers: OutgoingHeaders = .{},

    // For the SDK alone.
    context: *Context,
    future: ?incoming.FutureIncomingResponse,
    body: OutgoingBody,
    /// The body, until somebody writes it.
    outgoing: ?http.OutgoingBody,
    pump: ?Pump = null,
    outcome: ?Error!*ClientResponse = null,
    resource: Context.Resource = .{ .close = closeResource },

    /// Where a body of kind `written` is written.
    pub fn writer(exchange: *Exchange) *std.Io.Writer {
        return exchange.body.writer();
    }

    /// Ends a body of kind `written`.
    pub fn finish(exchange: *Exchange) OutgoingBody.FinishError!void {
        try exchange.body.finish(exchange.trailers.takeUnlessEmpty());
    }

    /// Whether `response` has its answer without waiting.
    pub fn isReady(exchange: *Exchange) bool {
        if (exchange.outcome != null) return true;
        const future = exchange.future orelse return true;
        switch (future.get(exchange.context.allocator())) {
            .pending => return false,
            .taken => unreachable, // it is asked until it gives something, once
            .failed => |code| exchange.outcome = error_code.fromCase(code.case),
            .response => |handle| exchange.outcome = ClientResponse.create(exchange.context, handle),
        }
        future.drop();
        exchange.future = null;
        return true;
    }

    /// Waits for the head of the response.
    pub fn response(exchange: *Exchange) Error!*ClientResponse {
        while (!exchange.isReady()) exchange.context.wait(exchange.future.?.subscribe());
        return exchange.outcome.?;
    }

    /// Ends it, wherever it stands. The response cannot be read any more.
    pub fn cancel(exchange: *Exchange) void {
        if (exchange.pump) |*pump| {
            exchange.context.removeTask(&pump.task);
            pump.close();
        }
        exchange.pump = null;
        exchange.body.abort();
        exchange.trailers.discard();
        if (exchange.outgoing) |body| body.drop();
        exchange.outgoing = null;
        if (exchange.future) |future| future.drop();
        exchange.future = null;
        if (exchange.outcome) |outcome| {
            if (outcome) |found| found.close() else |_| {}
        } else {
            exchange.outcome = error.ConnectionTerminated;
        }
    }

    fn open(body: *OutgoingBody) OutgoingBody.OpenError!http.OutgoingBody {
        const exchange: *Exchange = @alignCast(@fieldParentPtr("body", body));
        const outgoing = exchange.outgoing orelse return error.RequestCancelled;
        exchange.outgoing = null;
        return outgoing;
    }

    fn closeResource(resource: *Context.Resource) void {
        const exchange: *Exchange = @alignCast(@fieldParentPtr("resource", resource));
        exchange.cancel();
    }
};

pub fn start(context: *Context, options: Options) Error!*Exchange {
    const request = try prepare(options, context.allocator());
    // A request whose body nobody asks for has none.
    const outgoing = if (options.body == .none) null else request.body();
    const exchange = context.allocator().create(Exchange) catch @panic("out of memory");
    exchange.* = .{
        .context = context,
        .future = null,
        .outgoing = outgoing,
        .body = .{ .context = context, .open = Exchange.open },
    };
    context.addResource(&exchange.resource);
    switch (request.send(requestOptions(options), context.allocator())) {
        .future => |future| exchange.future = future,
        .failed => |code| {
            const err = error_code.fromCase(code.case);
            exchange.outcome = err;
            return err;
        },
    }
    beginBody(exchange, options.body);
    return exchange;
}

pub fn gather(
    context: *Context,
    options: []const Options,
) std.mem.Allocator.Error![]Error!*ClientResponse {
    const exchanges = try context.allocator().alloc(Error!*Exchange, options.len);
    for (options, exchanges) |each, *exchange| exchange.* = start(context, each);
    const responses = try context.allocator().alloc(Error!*ClientResponse, options.len);
    for (exchanges, responses) |exchange, *response| {
        response.* = if (exchange) |started| started.response() else |err| err;
    }
    return responses;
}

pub fn waitAny(
    context: *Context,
    exchanges: []const *Exchange,
    timeout: ?std.Io.Duration,
) std.mem.Allocator.Error!?usize {
    const pollables = try context.allocator().alloc(Pollable, exchanges.len + 1);
    defer context.allocator().free(pollables);
    const end = if (timeout) |duration| clocks.monotonic.nanoseconds() +| nanoseconds(duration) else null;
    while (true) {
        for (exchanges, 0..) |exchange, place| {
            if (exchange.isReady()) return place;
        }
        var count: usize = 0;
        for (exchanges) |exchange| {
            pollables[count] = exchange.future.?.subscribe();
            count += 1;
        }
        if (end) |moment| {
            const time = clocks.monotonic.nanoseconds();
            if (time >= moment) {
                for (pollables[0..count]) |pollable| pollable.drop();
                return null;
            }
            pollables[count] = clocks.monotonic.after(moment - time);
            count += 1;
        }
        context.waitAny(pollables[0..count]);
        for (pollables[0..count]) |pollable| pollable.drop();
    }
}

fn prepare(options: Options, arena: std.mem.Allocator) Error!http.OutgoingRequest {
    const target = try url.parse(options.url, arena);
    var fields: OutgoingHeaders = .{};
    errdefer fields.discard();
    for (options.headers) |header| try fields.append(header.name, header.value);
    if (options.body == .bytes and !fields.has("content-length")) {
        var digits: [decimal.most]u8 = undefined;
        try fields.append("content-length", decimal.write(&digits, options.body.bytes.len));
    }
    const request: http.OutgoingRequest = .init(fields.take());
    errdefer request.drop();
    if (!request.setMethod(options.method.toWasi())) return error.HttpRequestMethodInvalid;
    if (!request.setScheme(target.scheme)) return error.HttpRequestUriInvalid;
    if (!request.setAuthority(target.authority)) return error.HttpRequestUriInvalid;
    if (!request.setPathWithQuery(target.path_with_query)) return error.HttpRequestUriInvalid;
    return request;
}

fn requestOptions(options: Options) http.RequestOptions {
    const result: http.RequestOptions = .init();
    if (options.connect_timeout) |duration| result.setConnectTimeout(nanoseconds(duration));
    if (options.first_byte_timeout) |duration| result.setFirstByteTimeout(nanoseconds(duration));
    if (options.between_bytes_timeout) |duration| result.setBetweenBytesTimeout(nanoseconds(duration));
    return result;
}

fn beginBody(exchange: *Exchange, body: Options.Body) void {
    const source: Pump.Source = switch (body) {
        .none, .written => return,
        .bytes => |bytes| .{ .bytes = bytes },
        .reader => |reader| .{ .reader = reader },
    };
    const outgoing = exchange.outgoing.?;
    exchange.outgoing = null;
    exchange.pump = .init(exchange.context, source, outgoing);
    const pump = &exchange.pump.?;
    exchange.context.addTask(&pump.task);
}

fn nanoseconds(duration: std.Io.Duration) u64 {
    return std.math.lossyCast(u64, duration.nanoseconds);
}

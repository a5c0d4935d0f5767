//! The request that a handler answers.

const std = @import("std");
const Context = @import("context.zig");
const Headers = @import("headers.zig").Headers;
const IncomingBody = @import("incoming_body.zig");
const Method = @import("method.zig").Method;
const Parameters = @import("parameters.zig").Parameters;
const error_code = @import("error_code.zig");
const fetching = @import("fetch.zig");
const surroundings = @import("io.zig");
const http = @import("wasi/http_incoming.zig");
const Fields = @import("wasi/http_fields.zig").Fields;

pub const Request = struct {
    /// Memory that lives as long as the request and need not be freed.
    arena: std.mem.Allocator,
    method: Method,
    /// The path as it was sent, nothing decoded: `/a%2Fb`.
    path: []const u8,
    /// What follows the `?`, as it was sent; null if there was no `?`.
    query: ?[]const u8,
    headers: Headers,

    // For the SDK alone.
    context: *Context,
    handle: http.IncomingRequest,
    body: ?*IncomingBody = null,

    /// Takes `handle`.
    pub fn init(context: *Context, handle: http.IncomingRequest) Request {
        const arena = context.allocator();
        const target = handle.pathWithQuery(arena) orelse "";
        const mark = std.mem.findScalar(u8, target, '?');
        return .{
            .arena = arena,
            .method = .fromWasi(handle.method(arena)),
            .path = target[0 .. mark orelse target.len],
            .query = if (mark) |at| target[at + 1 ..] else null,
            .headers = .{
                .context = context,
                .source = .{ .owner = @backingInt(handle), .open = openHeaders },
            },
            .context = context,
            .handle = handle,
        };
    }

    /// The body, as it comes. What the response's writer holds is sent before
    /// more is awaited.
    pub fn reader(request: *Request) *std.Io.Reader {
        return &request.openBody().interface;
    }

    /// The whole body, if it has no more than `limit` bytes.
    pub fn readAll(request: *Request, limit: usize) ![]u8 {
        return request.reader().allocRemaining(request.arena, .limited(limit));
    }

    /// The fields that came after the body; what is left of the body is read.
    pub fn trailers(request: *Request) error_code.Error!Headers {
        return request.openBody().trailers();
    }

    /// `http` or `https`, if the host says so.
    pub fn scheme(request: *const Request) ?[]const u8 {
        return request.handle.scheme(request.arena);
    }

    /// Host and port that the client asked.
    pub fn authority(request: *const Request) ?[]const u8 {
        return request.handle.authority(request.arena);
    }

    /// The pairs of the query, in their order.
    pub fn parameters(request: *const Request) Parameters {
        return .init(request.arena, request.query orelse "");
    }

    /// Clocks, sleep and randomness, as the standard library has them.
    /// What the response's writer holds is sent before any sleep.
    pub fn io(request: *Request) std.Io {
        return surroundings.io(request.context);
    }

    /// Sends a request to another server and waits for the head of its
    /// response. Redirects are not followed.
    pub fn fetch(request: *Request, options: fetching.Options) fetching.Error!*fetching.ClientResponse {
        const exchange = try request.start(options);
        return exchange.response();
    }

    /// Sends a request and goes on at once.
    pub fn start(request: *Request, options: fetching.Options) fetching.Error!*fetching.Exchange {
        return fetching.start(request.context, options);
    }

    /// Sends all requests at the same time and waits for all heads. The results
    /// have the order of `options`.
    pub fn gather(
        request: *Request,
        options: []const fetching.Options,
    ) std.mem.Allocator.Error![]fetching.Error!*fetching.ClientResponse {
        return fetching.gather(request.context, options);
    }

    /// Waits until one of them has its response, or has failed, and gives its
    /// place; null if `timeout` is over before.
    pub fn waitAny(
        request: *Request,
        exchanges: []const *fetching.Exchange,
        timeout: ?std.Io.Duration,
    ) std.mem.Allocator.Error!?usize {
        return fetching.waitAny(request.context, exchanges, timeout);
    }

    /// Gives back what the host lent.
    pub fn close(request: *Request) void {
        if (request.body) |body| body.close();
        request.handle.drop();
    }

    fn openBody(request: *Request) *IncomingBody {
        if (request.body) |body| return body;
        const body = request.handle.consume() orelse unreachable; // nobody else has it
        const incoming: *IncomingBody = .create(request.context, body);
        request.body = incoming;
        return incoming;
    }

    fn openHeaders(owner: i32) Fields {
        const handle: http.IncomingRequest = @fromBackingInt(owner);
        return handle.headers();
    }
};

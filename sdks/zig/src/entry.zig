//! Between the host and the user's `handle`.

const std = @import("std");
const Context = @import("context.zig");
const Request = @import("request.zig").Request;
const Response = @import("response.zig").Response;
const log = @import("log.zig");
const shape = @import("shape.zig");
const IncomingRequest = @import("wasi/http_incoming.zig").IncomingRequest;
const ResponseOutparam = @import("wasi/http_outgoing.zig").ResponseOutparam;

pub const debug_io = @import("io.zig").debug_io;

/// The function that the host calls for each request to the user's module.
pub fn Handler(comptime user: type) type {
    comptime shape.check(user);
    return struct {
        pub fn handle(request_handle: IncomingRequest, out: ResponseOutparam) callconv(.c) void {
            var context: Context = .{};
            defer context.deinit();
            var request: Request = .init(&context, request_handle);
            defer request.close();
            var response: Response = .init(&context, out);
            answer(&request, &response) catch |err| {
                const cause = if (err == error.WriteFailed) response.body.reason() else err;
                log.line(&.{ "error: ", @errorName(cause) });
                response.fail();
            };
        }

        fn answer(request: *Request, response: *Response) anyerror!void {
            const result = user.handle(request, response);
            if (@typeInfo(@TypeOf(result)) == .error_union) try result;
            try response.finish(request.method == .HEAD);
        }
    };
}

/// The user's `std_options`, with the log going to the host.
pub fn stdOptions(comptime user: type) std.Options {
    var options: std.Options = if (@hasDecl(user, "std_options")) user.std_options else .{};
    if (!@hasDecl(user, "std_options") or options.logFn == std.log.defaultLog) options.logFn = log.logFn;
    return options;
}

/// Says why, then traps: the host answers 500 and throws the instance away.
pub fn panic(message: []const u8, _: ?usize) noreturn {
    @branchHint(.cold);
    log.line(&.{ "panic: ", message });
    @trap();
}

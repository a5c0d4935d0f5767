//! Whether the user's module has the `handle` that it should have, said in the
//! user's words rather than in the SDK's.

const Request = @import("request.zig").Request;
const Response = @import("response.zig").Response;

const expected = "pub fn handle(request: *isospin.Request, response: *isospin.Response) !void";

/// Ends the compilation with a message if `user.handle` cannot be called.
pub fn check(comptime user: type) void {
    const file = @typeName(user) ++ ".zig";
    if (!@hasDecl(user, "handle")) @compileError(
        file ++ " has no public function `handle`: expected `" ++ expected ++ "`",
    );
    if (mismatch(@TypeOf(user.handle))) |found| @compileError(
        "`handle` in " ++ file ++ " " ++ found ++ ": expected `" ++ expected ++ "`",
    );
}

/// What is wrong with it, to follow its name; null if nothing is.
fn mismatch(comptime Found: type) ?[]const u8 {
    const info = switch (@typeInfo(Found)) {
        .@"fn" => |info| info,
        else => return "is not a function",
    };
    if (info.param_types.len != 2) return "does not take two parameters";
    if (!accepts(info.param_types[0], *Request)) return "takes another type first";
    if (!accepts(info.param_types[1], *Response)) return "takes another type second";
    const Result = info.return_type orelse return null;
    const Payload = switch (@typeInfo(Result)) {
        .error_union => |result| result.payload,
        else => Result,
    };
    if (Payload == void or Payload == noreturn) return null;
    return "returns `" ++ @typeName(Payload) ++ "`";
}

/// Null stands for `anytype`, which takes all.
fn accepts(comptime parameter: ?type, comptime Value: type) bool {
    return parameter == null or parameter.? == Value;
}

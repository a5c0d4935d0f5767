//! Isospin for Zig: HTTP handlers that become WebAssembly components.
//!
//! ```zig
//! const isospin = @import("isospin");
//!
//! pub fn handle(request: *isospin.Request, response: *isospin.Response) !void {
//!     try response.headers.append("content-type", "text/plain; charset=utf-8");
//!     try response.writer().print("You asked for {s}\n", .{request.path});
//! }
//! ```
//!
//! An error that `handle` returns becomes an empty response with status 500,
//! and its name a line in the log. `std.log` writes to that log too.

pub const Request = @import("request.zig").Request;
pub const Response = @import("response.zig").Response;

pub const Method = @import("method.zig").Method;
pub const Header = @import("headers.zig").Header;
pub const Headers = @import("headers.zig").Headers;
pub const OutgoingHeaders = @import("headers.zig").OutgoingHeaders;
pub const HeaderError = @import("headers.zig").HeaderError;

pub const Parameters = @import("parameters.zig").Parameters;
pub const percentDecode = @import("parameters.zig").percentDecode;

pub const FetchOptions = @import("fetch.zig").Options;
pub const FetchError = @import("fetch.zig").Error;
pub const Exchange = @import("fetch.zig").Exchange;
pub const ClientResponse = @import("fetch.zig").ClientResponse;

/// What can go wrong between this component and others.
pub const ErrorCode = @import("error_code.zig").Error;
pub const errorCodeName = @import("error_code.zig").name;

pub const Variable = @import("environment.zig").Variable;
pub const environment = @import("environment.zig").environment;
pub const variable = @import("environment.zig").variable;

/// For the file that the compiler starts from.
pub const entry = @import("entry.zig");

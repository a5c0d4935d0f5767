const std = @import("std");
const isospin = @import("isospin");

noinline fn divide(all: i32, by: i32) i32 {
    return @divTrunc(all, by); // crashes: /divide
}

noinline fn recurse(depth: *volatile u32) u32 {
    var next: u32 = depth.* + 1;
    return recurse(&next) + next; // crashes: /recurse
}

noinline fn endless(turns: *volatile u32) void {
    while (true) turns.* +%= 1; // crashes: /endless
}

noinline fn complain() void {
    @panic("deliberate"); // crashes: /panic
}

pub fn handle(request: *isospin.Request, response: *isospin.Response) !void {
    var number: u32 = 0;
    const zero: *volatile u32 = &number;
    if (std.mem.endsWith(u8, request.path, "/divide")) number = @bitCast(divide(7, @bitCast(zero.*)));
    if (std.mem.endsWith(u8, request.path, "/recurse")) number = recurse(zero);
    if (std.mem.endsWith(u8, request.path, "/endless")) endless(zero);
    if (std.mem.endsWith(u8, request.path, "/panic")) complain();
    try response.send("well\n");
}

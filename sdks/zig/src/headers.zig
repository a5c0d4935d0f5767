//! Header and trailer fields: those that came, and those that will go.

const std = @import("std");
const Context = @import("context.zig");
const wasi = @import("wasi/http_fields.zig");

pub const Header = std.http.Header;

/// Fields that came with a request or a response. Names compare without case;
/// values are bytes as they were sent; repeats are kept, in their order.
pub const Headers = struct {
    context: *Context,
    source: Source,
    loaded: ?[]wasi.Field = null,

    /// Whose fields they are: asked for when somebody looks.
    pub const Source = struct {
        owner: i32,
        open: *const fn (owner: i32) wasi.Fields,
    };

    /// No fields at all.
    pub fn none(context: *Context) Headers {
        return .{ .context = context, .source = undefined, .loaded = &.{} };
    }

    pub fn ofFields(context: *Context, fields: wasi.Fields) Headers {
        defer fields.drop();
        return .{ .context = context, .source = undefined, .loaded = fields.entries(context.allocator()) };
    }

    /// The first value of that name.
    pub fn get(headers: *Headers, name: []const u8) ?[]const u8 {
        var values = headers.getAll(name);
        return values.next();
    }

    /// All values of that name.
    pub fn getAll(headers: *Headers, name: []const u8) Values {
        return .{ .fields = headers.load(), .name = name };
    }

    /// All fields, one for each line that was sent.
    pub fn iterate(headers: *Headers) Iterator {
        return .{ .fields = headers.load() };
    }

    fn load(headers: *Headers) []const wasi.Field {
        if (headers.loaded) |fields| return fields;
        const fields = headers.source.open(headers.source.owner);
        defer fields.drop();
        const loaded = fields.entries(headers.context.allocator());
        headers.loaded = loaded;
        return loaded;
    }

    pub const Iterator = struct {
        fields: []const wasi.Field,

        pub fn next(iterator: *Iterator) ?Header {
            if (iterator.fields.len == 0) return null;
            const field = iterator.fields[0];
            iterator.fields = iterator.fields[1..];
            return .{ .name = field.name.slice(), .value = field.value.slice() };
        }
    };

    pub const Values = struct {
        fields: []const wasi.Field,
        name: []const u8,

        pub fn next(values: *Values) ?[]const u8 {
            for (values.fields, 1..) |field, after| {
                if (!std.ascii.eqlIgnoreCase(field.name.slice(), values.name)) continue;
                values.fields = values.fields[after..];
                return field.value.slice();
            }
            values.fields = &.{};
            return null;
        }
    };
};

pub const HeaderError = error{
    /// The name or the value holds a byte that may not be there.
    InvalidHeader,
    /// The field is the host's to set, like `connection` or `transfer-encoding`.
    ForbiddenHeader,
    /// They have been sent already.
    HeadersSent,
};

/// Fields that will go with a response or a request.
pub const OutgoingHeaders = struct {
    state: union(enum) { empty, open: wasi.Fields, sent } = .empty,

    /// Adds a field line, after those of the same name that there are.
    pub fn append(headers: *OutgoingHeaders, name: []const u8, value: []const u8) HeaderError!void {
        const fields = try headers.opened();
        if (fields.append(name, value)) |err| return toError(err);
    }

    /// Makes this the only field of that name.
    pub fn set(headers: *OutgoingHeaders, name: []const u8, value: []const u8) HeaderError!void {
        try headers.remove(name);
        try headers.append(name, value);
    }

    /// Removes all fields of that name.
    pub fn remove(headers: *OutgoingHeaders, name: []const u8) HeaderError!void {
        const fields = try headers.opened();
        if (fields.delete(name)) |err| return toError(err);
    }

    /// Whether there is a field of that name.
    pub fn has(headers: *const OutgoingHeaders, name: []const u8) bool {
        return switch (headers.state) {
            .open => |fields| fields.has(name),
            else => false,
        };
    }

    /// The host's fields, to be given away. No more can be added then.
    pub fn take(headers: *OutgoingHeaders) wasi.Fields {
        const fields = headers.opened() catch wasi.Fields.init();
        headers.state = .sent;
        return fields;
    }

    /// As `take`, but null if there are none.
    pub fn takeUnlessEmpty(headers: *OutgoingHeaders) ?wasi.Fields {
        return if (headers.state == .open) headers.take() else null;
    }

    pub fn discard(headers: *OutgoingHeaders) void {
        if (headers.takeUnlessEmpty()) |fields| fields.drop();
        headers.state = .empty;
    }

    fn opened(headers: *OutgoingHeaders) HeaderError!wasi.Fields {
        switch (headers.state) {
            .open => |fields| return fields,
            .sent => return error.HeadersSent,
            .empty => {
                const fields: wasi.Fields = .init();
                headers.state = .{ .open = fields };
                return fields;
            },
        }
    }

    fn toError(err: wasi.HeaderError) HeaderError {
        return switch (err) {
            .invalid_syntax => error.InvalidHeader,
            .forbidden => error.ForbiddenHeader,
            .immutable => error.HeadersSent,
        };
    }
};

/* Between JavaScript's values and the world's. */
#include <stdlib.h>
#include <string.h>

#include "engine.h"
#include "error_codes.h"

/* The bytes of a Uint8Array, in place. */
bool engine_bytes_of(JSContext *context, JSValueConst value, application_list_u8_t *bytes) {
    size_t length = 0;
    uint8_t *start = JS_GetUint8Array(context, &length, value);
    if (!start && JS_HasException(context))
        return false;
    bytes->ptr = start;
    bytes->len = start ? length : 0;
    return true;
}

JSValue engine_latin1(JSContext *context, const uint8_t *bytes, size_t length) {
    bool ascii = true;
    for (size_t i = 0; i < length && ascii; i++)
        ascii = bytes[i] < 0x80;
    if (ascii)
        return JS_NewStringLen(context, (const char *)bytes, length);
    uint16_t *units = malloc(length * 2);
    if (!units)
        return JS_ThrowOutOfMemory(context);
    for (size_t i = 0; i < length; i++)
        units[i] = bytes[i];
    JSValue string = JS_NewStringUTF16(context, units, length);
    free(units);
    return string;
}

bool engine_to_latin1(JSContext *context, JSValueConst value, application_list_u8_t *bytes) {
    size_t length;
    const char *text = JS_ToCStringLen(context, &length, value);
    if (!text)
        return false;
    uint8_t *copy = malloc(length ? length : 1);
    if (!copy) {
        JS_FreeCString(context, text);
        JS_ThrowOutOfMemory(context);
        return false;
    }
    size_t count = 0;
    bool fits = true;
    for (size_t i = 0; i < length && fits; i++) {
        uint8_t byte = (uint8_t)text[i];
        if (byte < 0x80) {
            copy[count++] = byte;
        } else if ((byte == 0xc2 || byte == 0xc3) && i + 1 < length) {
            copy[count++] = (uint8_t)((byte & 3) << 6 | ((uint8_t)text[++i] & 0x3f));
        } else {
            fits = false;
        }
    }
    JS_FreeCString(context, text);
    if (!fits) {
        free(copy);
        JS_ThrowTypeError(context, "a character is not in the range of bytes (U+0000 to U+00FF)");
        return false;
    }
    bytes->ptr = copy;
    bytes->len = count;
    return true;
}

/* A list of name, value, name, value; takes the fields over. */
JSValue engine_fields(JSContext *context, wasi_http_types_own_fields_t fields) {
    wasi_http_types_list_tuple2_field_name_field_value_t entries;
    wasi_http_types_method_fields_entries((wasi_http_types_borrow_fields_t){fields.__handle}, &entries);
    JSValue list = JS_NewArray(context);
    for (size_t i = 0; i < entries.len; i++) {
        wasi_http_types_tuple2_field_name_field_value_t *entry = &entries.ptr[i];
        JS_SetPropertyUint32(context, list, i * 2, engine_latin1(context, entry->f0.ptr, entry->f0.len));
        JS_SetPropertyUint32(context, list, i * 2 + 1, engine_latin1(context, entry->f1.ptr, entry->f1.len));
    }
    wasi_http_types_list_tuple2_field_name_field_value_free(&entries);
    wasi_http_types_fields_drop_own(fields);
    return list;
}

/* What is the host's own business (`connection`, `transfer-encoding`, ...) is left
   out, as on the web: libraries set it for streams. */
static bool append_field(JSContext *context, wasi_http_types_borrow_fields_t fields, JSValueConst list, uint32_t at) {
    application_list_u8_t name = {NULL, 0}, value = {NULL, 0};
    JSValue name_value = JS_GetPropertyUint32(context, list, at);
    JSValue value_value = JS_GetPropertyUint32(context, list, at + 1);
    bool done = engine_to_latin1(context, name_value, &name) && engine_to_latin1(context, value_value, &value);
    if (done) {
        application_string_t field_name = {name.ptr, name.len};
        wasi_http_types_field_value_t field_value = {value.ptr, value.len};
        wasi_http_types_header_error_t error;
        done = wasi_http_types_method_fields_append(fields, &field_name, &field_value, &error) ||
               error.tag == WASI_HTTP_TYPES_HEADER_ERROR_FORBIDDEN;
        if (!done)
            JS_ThrowTypeError(context, "the header `%.*s` has a name or value that is not valid",
                              (int)name.len, (const char *)name.ptr);
    }
    free(name.ptr);
    free(value.ptr);
    JS_FreeValue(context, name_value);
    JS_FreeValue(context, value_value);
    return done;
}

bool engine_to_fields(JSContext *context, JSValueConst list, wasi_http_types_own_fields_t *fields) {
    int64_t length;
    if (JS_GetLength(context, list, &length))
        return false;
    *fields = wasi_http_types_constructor_fields();
    for (int64_t i = 0; i + 1 < length; i += 2) {
        if (!append_field(context, (wasi_http_types_borrow_fields_t){fields->__handle}, list, (uint32_t)i)) {
            wasi_http_types_fields_drop_own(*fields);
            return false;
        }
    }
    return true;
}

static const char *const error_codes[] = {WASI_HTTP_ERROR_CODES};

/* Throws the TypeError that is pending, with the cause `{ code }`. */
static JSValue throw_with_cause(JSContext *context, const char *name) {
    JSValue error = JS_GetException(context);
    JSValue cause = JS_NewError(context);
    JS_DefinePropertyValueStr(context, cause, "message", JS_NewString(context, name),
                              JS_PROP_WRITABLE | JS_PROP_CONFIGURABLE);
    JS_SetPropertyStr(context, cause, "code", JS_NewString(context, name));
    JS_DefinePropertyValueStr(context, error, "cause", cause, JS_PROP_WRITABLE | JS_PROP_CONFIGURABLE);
    return JS_Throw(context, error);
}

/* A TypeError, as `fetch` rejects with. */
JSValue engine_throw_code(JSContext *context, const wasi_http_types_error_code_t *code) {
    size_t known = sizeof error_codes / sizeof error_codes[0];
    const char *name = code->tag < known ? error_codes[code->tag] : "internal-error";
    JS_ThrowTypeError(context, "fetch failed: %s", name);
    return throw_with_cause(context, name);
}

/* For a body that breaks off where the world does not say why. */
JSValue engine_throw_broken(JSContext *context) {
    JS_ThrowTypeError(context, "the body broke off");
    return throw_with_cause(context, "internal-error");
}

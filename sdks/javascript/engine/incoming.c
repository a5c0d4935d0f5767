/* Bodies that come in, of requests and of responses, and their trailers. */
#include <stdlib.h>
#include <string.h>

#include "engine.h"

static JSValue native_request_method(JSContext *context, JSValueConst this, int count, JSValueConst *arguments) {
    static const char *const names[] = {"GET", "HEAD", "POST", "PUT", "DELETE", "CONNECT", "OPTIONS", "TRACE", "PATCH"};
    struct resource *request = engine_resource(context, arguments[0], RESOURCE_REQUEST);
    wasi_http_types_method_t method;
    if (!request)
        return JS_EXCEPTION;
    wasi_http_types_method_incoming_request_method((wasi_http_types_borrow_incoming_request_t){request->handle}, &method);
    if (method.tag < sizeof names / sizeof names[0])
        return JS_NewString(context, names[method.tag]);
    JSValue name = JS_NewStringLen(context, (char *)method.val.other.ptr, method.val.other.len);
    wasi_http_types_method_free(&method);
    return name;
}

/* Path and query as they were sent. */
static JSValue native_request_target(JSContext *context, JSValueConst this, int count, JSValueConst *arguments) {
    struct resource *request = engine_resource(context, arguments[0], RESOURCE_REQUEST);
    application_string_t text;
    if (!request)
        return JS_EXCEPTION;
    if (!wasi_http_types_method_incoming_request_path_with_query((wasi_http_types_borrow_incoming_request_t){request->handle}, &text))
        return JS_NewString(context, "/");
    JSValue target = JS_NewStringLen(context, (char *)text.ptr, text.len);
    application_string_free(&text);
    return target;
}

/* Scheme and authority, as the start of a URL. */
static JSValue native_request_origin(JSContext *context, JSValueConst this, int count, JSValueConst *arguments) {
    struct resource *request = engine_resource(context, arguments[0], RESOURCE_REQUEST);
    wasi_http_types_scheme_t scheme;
    application_string_t text;
    if (!request)
        return JS_EXCEPTION;
    wasi_http_types_borrow_incoming_request_t borrowed = {request->handle};
    bool has_scheme = wasi_http_types_method_incoming_request_scheme(borrowed, &scheme);
    bool is_secure = has_scheme && scheme.tag == WASI_HTTP_TYPES_SCHEME_HTTPS;
    if (has_scheme)
        wasi_http_types_scheme_free(&scheme);
    const char *start = is_secure ? "https://" : "http://";
    bool has_authority = wasi_http_types_method_incoming_request_authority(borrowed, &text);
    struct text origin = {NULL, 0, 0};
    engine_append(context, &origin, start, strlen(start));
    engine_append(context, &origin, has_authority ? (char *)text.ptr : "localhost", has_authority ? text.len : 9);
    if (has_authority)
        application_string_free(&text);
    JSValue value = origin.start ? JS_NewStringLen(context, origin.start, origin.length) : JS_ThrowOutOfMemory(context);
    js_free(context, origin.start);
    return value;
}

static JSValue native_request_fields(JSContext *context, JSValueConst this, int count, JSValueConst *arguments) {
    struct resource *request = engine_resource(context, arguments[0], RESOURCE_REQUEST);
    if (!request)
        return JS_EXCEPTION;
    return engine_fields(context, wasi_http_types_method_incoming_request_headers(
                                      (wasi_http_types_borrow_incoming_request_t){request->handle}));
}

/* Whether the fields announce a body. */
static JSValue native_announces_body(JSContext *context, JSValueConst this, int count, JSValueConst *arguments) {
    static const char *const names[] = {"content-length", "transfer-encoding"};
    struct resource *request = engine_resource(context, arguments[0], RESOURCE_REQUEST);
    if (!request)
        return JS_EXCEPTION;
    wasi_http_types_own_headers_t fields =
        wasi_http_types_method_incoming_request_headers((wasi_http_types_borrow_incoming_request_t){request->handle});
    bool has = false;
    for (size_t i = 0; i < sizeof names / sizeof names[0] && !has; i++) {
        wasi_http_types_field_name_t name = {(uint8_t *)names[i], strlen(names[i])};
        has = wasi_http_types_method_fields_has((wasi_http_types_borrow_fields_t){fields.__handle}, &name);
    }
    wasi_http_types_fields_drop_own(fields);
    return JS_NewBool(context, has);
}

static JSValue open_body(JSContext *context, wasi_http_types_own_incoming_body_t body) {
    wasi_http_types_own_input_stream_t stream;
    if (!wasi_http_types_method_incoming_body_stream((wasi_http_types_borrow_incoming_body_t){body.__handle}, &stream)) {
        wasi_http_types_incoming_body_drop_own(body);
        return JS_ThrowTypeError(context, "the body was taken before");
    }
    int32_t id = engine_resource_add(RESOURCE_INCOMING, body.__handle);
    JSValue number = JS_NewInt32(context, id);
    struct resource *resource = engine_resource(context, number, RESOURCE_INCOMING);
    resource->stream = stream.__handle;
    resource->has_stream = true;
    return number;
}

static JSValue native_request_body(JSContext *context, JSValueConst this, int count, JSValueConst *arguments) {
    struct resource *request = engine_resource(context, arguments[0], RESOURCE_REQUEST);
    wasi_http_types_own_incoming_body_t body;
    if (!request)
        return JS_EXCEPTION;
    if (!wasi_http_types_method_incoming_request_consume((wasi_http_types_borrow_incoming_request_t){request->handle}, &body))
        return JS_ThrowTypeError(context, "the body was taken before");
    return open_body(context, body);
}

static JSValue native_response_body(JSContext *context, JSValueConst this, int count, JSValueConst *arguments) {
    struct resource *response = engine_resource(context, arguments[0], RESOURCE_RESPONSE);
    wasi_http_types_own_incoming_body_t body;
    if (!response)
        return JS_EXCEPTION;
    if (!wasi_http_types_method_incoming_response_consume((wasi_http_types_borrow_incoming_response_t){response->handle}, &body))
        return JS_ThrowTypeError(context, "the body was taken before");
    return open_body(context, body);
}

/* Bytes; null at the end; undefined when there is nothing yet. */
static JSValue native_read(JSContext *context, JSValueConst this, int count, JSValueConst *arguments) {
    struct resource *body = engine_resource(context, arguments[0], RESOURCE_INCOMING);
    int32_t most;
    if (!body || JS_ToInt32(context, &most, arguments[1]))
        return JS_EXCEPTION;
    application_list_u8_t bytes;
    wasi_io_streams_stream_error_t error;
    if (wasi_io_streams_method_input_stream_read((wasi_io_streams_borrow_input_stream_t){body->stream}, (uint64_t)most,
                                                 &bytes, &error)) {
        if (bytes.len == 0) {
            application_list_u8_free(&bytes);
            return JS_UNDEFINED;
        }
        JSValue array = JS_NewUint8ArrayCopy(context, bytes.ptr, bytes.len);
        application_list_u8_free(&bytes);
        return array;
    }
    if (error.tag == WASI_IO_STREAMS_STREAM_ERROR_CLOSED)
        return JS_NULL;
    wasi_http_types_error_code_t code;
    wasi_io_error_own_error_t failure = error.val.last_operation_failed;
    if (wasi_http_types_http_error_code((wasi_http_types_borrow_io_error_t){failure.__handle}, &code)) {
        engine_throw_code(context, &code);
        wasi_http_types_error_code_free(&code);
    } else {
        engine_throw_broken(context);
    }
    wasi_io_error_error_drop_own(failure);
    return JS_EXCEPTION;
}

static JSValue native_wait_readable(JSContext *context, JSValueConst this, int count, JSValueConst *arguments) {
    struct resource *body = engine_resource(context, arguments[0], RESOURCE_INCOMING);
    if (!body)
        return JS_EXCEPTION;
    engine_wait(context, arguments[0], wasi_io_streams_method_input_stream_subscribe((wasi_io_streams_borrow_input_stream_t){body->stream}),
                arguments[1]);
    return JS_UNDEFINED;
}

/* Closes the body that was read to its end; returns the number of its trailers. */
static JSValue native_finish_body(JSContext *context, JSValueConst this, int count, JSValueConst *arguments) {
    struct resource *body = engine_resource(context, arguments[0], RESOURCE_INCOMING);
    if (!body)
        return JS_EXCEPTION;
    wasi_io_streams_input_stream_drop_own((wasi_io_streams_own_input_stream_t){body->stream});
    body->has_stream = false;
    body->kind = RESOURCE_CLOSED;
    wasi_http_types_own_future_trailers_t trailers =
        wasi_http_types_static_incoming_body_finish((wasi_http_types_own_incoming_body_t){body->handle});
    return JS_NewInt32(context, engine_resource_add(RESOURCE_TRAILERS, trailers.__handle));
}

/* A list; null if there are none; undefined when it is not known yet. */
static JSValue native_trailers(JSContext *context, JSValueConst this, int count, JSValueConst *arguments) {
    struct resource *trailers = engine_resource(context, arguments[0], RESOURCE_TRAILERS);
    wasi_http_types_result_result_option_own_trailers_error_code_void_t result;
    if (!trailers)
        return JS_EXCEPTION;
    if (!wasi_http_types_method_future_trailers_get((wasi_http_types_borrow_future_trailers_t){trailers->handle}, &result))
        return JS_UNDEFINED;
    JSValue list = JS_NULL;
    if (!result.is_err && result.val.ok.is_err) {
        list = engine_throw_code(context, &result.val.ok.val.err);
        wasi_http_types_error_code_free(&result.val.ok.val.err);
    } else if (!result.is_err && result.val.ok.val.ok.is_some) {
        list = engine_fields(context, result.val.ok.val.ok.val);
    }
    engine_resource_close(trailers);
    return list;
}

static JSValue native_wait_trailers(JSContext *context, JSValueConst this, int count, JSValueConst *arguments) {
    struct resource *trailers = engine_resource(context, arguments[0], RESOURCE_TRAILERS);
    if (!trailers)
        return JS_EXCEPTION;
    engine_wait(context, arguments[0],
                wasi_http_types_method_future_trailers_subscribe((wasi_http_types_borrow_future_trailers_t){trailers->handle}),
                arguments[1]);
    return JS_UNDEFINED;
}

const JSCFunctionListEntry engine_incoming_functions[] = {
    JS_CFUNC_DEF("requestMethod", 1, native_request_method),
    JS_CFUNC_DEF("requestTarget", 1, native_request_target),
    JS_CFUNC_DEF("requestOrigin", 1, native_request_origin),
    JS_CFUNC_DEF("requestFields", 1, native_request_fields),
    JS_CFUNC_DEF("announcesBody", 1, native_announces_body),
    JS_CFUNC_DEF("requestBody", 1, native_request_body),
    JS_CFUNC_DEF("responseBody", 1, native_response_body),
    JS_CFUNC_DEF("read", 2, native_read),
    JS_CFUNC_DEF("waitReadable", 2, native_wait_readable),
    JS_CFUNC_DEF("finishBody", 1, native_finish_body),
    JS_CFUNC_DEF("trailers", 1, native_trailers),
    JS_CFUNC_DEF("waitTrailers", 2, native_wait_trailers),
};
const int engine_incoming_function_count = sizeof engine_incoming_functions / sizeof engine_incoming_functions[0];

/* What goes out: the response, requests to others, and their bodies. */
#include <stdlib.h>
#include <string.h>

#include "engine.h"

static JSValue native_end(JSContext *context, JSValueConst this, int count, JSValueConst *arguments);

static JSValue open_outgoing(JSContext *context, wasi_http_types_own_outgoing_body_t body) {
    wasi_http_types_own_output_stream_t stream;
    wasi_http_types_method_outgoing_body_write((wasi_http_types_borrow_outgoing_body_t){body.__handle}, &stream);
    JSValue number = JS_NewInt32(context, engine_resource_add(RESOURCE_OUTGOING, body.__handle));
    struct resource *resource = engine_resource(context, number, RESOURCE_OUTGOING);
    resource->stream = stream.__handle;
    resource->has_stream = true;
    return number;
}

/* Sends the head of the response; returns the number of its body. */
static JSValue native_respond(JSContext *context, JSValueConst this, int count, JSValueConst *arguments) {
    int32_t status;
    wasi_http_types_own_fields_t fields;
    if (!engine_resource(context, arguments[0], RESOURCE_OUTPARAM) || JS_ToInt32(context, &status, arguments[1]) ||
        !engine_to_fields(context, arguments[2], &fields))
        return JS_EXCEPTION;
    wasi_http_types_own_outgoing_response_t response = wasi_http_types_constructor_outgoing_response(fields);
    wasi_http_types_borrow_outgoing_response_t borrowed = {response.__handle};
    wasi_http_types_own_outgoing_body_t body;
    wasi_http_types_method_outgoing_response_set_status_code(borrowed, (uint16_t)status);
    wasi_http_types_method_outgoing_response_body(borrowed, &body);
    struct resource *outparam = engine_resource(context, arguments[0], RESOURCE_OUTPARAM);
    wasi_http_types_result_own_outgoing_response_error_code_t result = {.is_err = false, .val.ok = response};
    outparam->kind = RESOURCE_CLOSED;
    wasi_http_types_static_response_outparam_set((wasi_http_types_own_response_outparam_t){outparam->handle}, &result);
    return open_outgoing(context, body);
}

/* A handler that gave no response is answered with 500 and nothing more. */
void engine_end_without_response(JSContext *context, JSValueConst outparam) {
    if (!engine_resource(context, outparam, RESOURCE_OUTPARAM)) {
        JS_FreeValue(context, JS_GetException(context));
        return;
    }
    JSValue fields = JS_NewArray(context);
    JSValueConst head[] = {outparam, JS_NewInt32(context, 500), fields};
    JSValue body = native_respond(context, JS_UNDEFINED, 3, head);
    JSValueConst end[] = {body, JS_NULL};
    JS_FreeValue(context, native_end(context, JS_UNDEFINED, 2, end));
    JS_FreeValue(context, fields);
}

static JSValue stream_failure(JSContext *context, wasi_io_streams_stream_error_t *error) {
    if (error->tag == WASI_IO_STREAMS_STREAM_ERROR_LAST_OPERATION_FAILED)
        wasi_io_error_error_drop_own(error->val.last_operation_failed);
    return JS_ThrowTypeError(context, "the other side has closed the connection");
}

/* Writes what the stream takes of the bytes from an offset on; returns how much. */
static JSValue native_write(JSContext *context, JSValueConst this, int count, JSValueConst *arguments) {
    struct resource *body = engine_resource(context, arguments[0], RESOURCE_OUTGOING);
    application_list_u8_t bytes;
    uint32_t offset;
    uint64_t permitted;
    wasi_io_streams_stream_error_t error;
    if (!body || !engine_bytes_of(context, arguments[1], &bytes) || JS_ToUint32(context, &offset, arguments[2]))
        return JS_EXCEPTION;
    wasi_io_streams_borrow_output_stream_t stream = {body->stream};
    if (!wasi_io_streams_method_output_stream_check_write(stream, &permitted, &error))
        return stream_failure(context, &error);
    size_t left = offset < bytes.len ? bytes.len - offset : 0;
    size_t length = left < permitted ? left : (size_t)permitted;
    if (length > 0) {
        application_list_u8_t part = {bytes.ptr + offset, length};
        if (!wasi_io_streams_method_output_stream_write(stream, &part, &error))
            return stream_failure(context, &error);
    }
    return JS_NewUint32(context, (uint32_t)length);
}

static JSValue native_flush(JSContext *context, JSValueConst this, int count, JSValueConst *arguments) {
    struct resource *body = engine_resource(context, arguments[0], RESOURCE_OUTGOING);
    wasi_io_streams_stream_error_t error;
    if (!body)
        return JS_EXCEPTION;
    if (!wasi_io_streams_method_output_stream_flush((wasi_io_streams_borrow_output_stream_t){body->stream}, &error))
        return stream_failure(context, &error);
    return JS_UNDEFINED;
}

static JSValue native_wait_writable(JSContext *context, JSValueConst this, int count, JSValueConst *arguments) {
    struct resource *body = engine_resource(context, arguments[0], RESOURCE_OUTGOING);
    if (!body)
        return JS_EXCEPTION;
    engine_wait(context, arguments[0],
                wasi_io_streams_method_output_stream_subscribe((wasi_io_streams_borrow_output_stream_t){body->stream}),
                arguments[1]);
    return JS_UNDEFINED;
}

/* Ends a body, with a list of trailers or null. */
static JSValue native_end(JSContext *context, JSValueConst this, int count, JSValueConst *arguments) {
    struct resource *body = engine_resource(context, arguments[0], RESOURCE_OUTGOING);
    wasi_http_types_own_trailers_t trailers;
    wasi_http_types_error_code_t error;
    bool with_trailers = !JS_IsNull(arguments[1]);
    if (!body || (with_trailers && !engine_to_fields(context, arguments[1], &trailers)))
        return JS_EXCEPTION;
    wasi_io_streams_output_stream_drop_own((wasi_io_streams_own_output_stream_t){body->stream});
    body->has_stream = false;
    body->kind = RESOURCE_CLOSED;
    if (wasi_http_types_static_outgoing_body_finish((wasi_http_types_own_outgoing_body_t){body->handle},
                                                    with_trailers ? &trailers : NULL, &error))
        return JS_UNDEFINED;
    engine_throw_code(context, &error);
    wasi_http_types_error_code_free(&error);
    return JS_EXCEPTION;
}

/* Drops anything by number; a body that goes out is then cut and not ended. */
static JSValue native_close(JSContext *context, JSValueConst this, int count, JSValueConst *arguments) {
    static const enum resource_kind kinds[] = {RESOURCE_INCOMING, RESOURCE_OUTGOING, RESOURCE_FUTURE,
                                               RESOURCE_RESPONSE, RESOURCE_TRAILERS};
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        struct resource *resource = engine_resource(context, arguments[0], kinds[i]);
        if (resource) {
            int32_t number = 0;
            JS_ToInt32(context, &number, arguments[0]);
            engine_forget_waiters_for(context, number);
            engine_resource_close(resource);
            break;
        }
        JS_FreeValue(context, JS_GetException(context));
    }
    return JS_UNDEFINED;
}

static const char *const methods[] = {"GET", "HEAD", "POST", "PUT", "DELETE", "CONNECT", "OPTIONS", "TRACE", "PATCH"};

static bool set_method(wasi_http_types_borrow_outgoing_request_t request, const char *name) {
    wasi_http_types_method_t method = {.tag = WASI_HTTP_TYPES_METHOD_OTHER};
    for (uint8_t i = 0; i < sizeof methods / sizeof methods[0]; i++)
        if (strcmp(name, methods[i]) == 0)
            method.tag = i;
    method.val.other = (application_string_t){(uint8_t *)name, strlen(name)};
    return wasi_http_types_method_outgoing_request_set_method(request, &method);
}

static bool set_target(wasi_http_types_borrow_outgoing_request_t request, const char *scheme, const char *authority,
                       const char *path) {
    wasi_http_types_scheme_t kind = {.tag = strcmp(scheme, "https:") == 0 ? WASI_HTTP_TYPES_SCHEME_HTTPS
                                                                          : WASI_HTTP_TYPES_SCHEME_HTTP};
    application_string_t host = {(uint8_t *)authority, strlen(authority)};
    application_string_t target = {(uint8_t *)path, strlen(path)};
    return wasi_http_types_method_outgoing_request_set_scheme(request, &kind) &&
           wasi_http_types_method_outgoing_request_set_authority(request, &host) &&
           wasi_http_types_method_outgoing_request_set_path_with_query(request, &target);
}

static JSValue send_request(JSContext *context, wasi_http_types_own_outgoing_request_t request) {
    wasi_http_types_own_outgoing_body_t body;
    wasi_http_outgoing_handler_own_future_incoming_response_t future;
    wasi_http_outgoing_handler_error_code_t error;
    wasi_http_types_method_outgoing_request_body((wasi_http_types_borrow_outgoing_request_t){request.__handle}, &body);
    if (!wasi_http_outgoing_handler_handle(request, NULL, &future, &error)) {
        wasi_http_types_outgoing_body_drop_own(body);
        engine_throw_code(context, &error);
        wasi_http_types_error_code_free(&error);
        return JS_EXCEPTION;
    }
    JSValue pair = JS_NewArray(context);
    JS_SetPropertyUint32(context, pair, 0, JS_NewInt32(context, engine_resource_add(RESOURCE_FUTURE, future.__handle)));
    JS_SetPropertyUint32(context, pair, 1, open_outgoing(context, body));
    return pair;
}

/* (method, scheme, authority, path with query, fields) -> [number of the response, number of the body] */
static JSValue native_request(JSContext *context, JSValueConst this, int count, JSValueConst *arguments) {
    const char *texts[4] = {NULL};
    wasi_http_types_own_fields_t fields;
    JSValue result = JS_EXCEPTION;
    if (engine_initializing)
        return JS_ThrowTypeError(context, "no request can be sent while the module is initialised");
    for (int i = 0; i < 4; i++)
        if (!(texts[i] = JS_ToCString(context, arguments[i])))
            goto done;
    if (!engine_to_fields(context, arguments[4], &fields))
        goto done;
    wasi_http_types_own_outgoing_request_t request = wasi_http_types_constructor_outgoing_request(fields);
    wasi_http_types_borrow_outgoing_request_t borrowed = {request.__handle};
    if (!set_method(borrowed, texts[0]) || !set_target(borrowed, texts[1], texts[2], texts[3])) {
        wasi_http_types_outgoing_request_drop_own(request);
        JS_ThrowTypeError(context, "fetch failed: the host does not take the method or the URL");
        goto done;
    }
    result = send_request(context, request);
done:
    for (int i = 0; i < 4; i++)
        if (texts[i])
            JS_FreeCString(context, texts[i]);
    return result;
}

/* [number, status, fields] of the response, or undefined when it has not come yet. */
static JSValue native_response(JSContext *context, JSValueConst this, int count, JSValueConst *arguments) {
    struct resource *future = engine_resource(context, arguments[0], RESOURCE_FUTURE);
    wasi_http_types_result_result_own_incoming_response_error_code_void_t result;
    if (!future)
        return JS_EXCEPTION;
    if (!wasi_http_types_method_future_incoming_response_get((wasi_http_types_borrow_future_incoming_response_t){future->handle},
                                                             &result))
        return JS_UNDEFINED;
    engine_resource_close(future);
    if (result.is_err)
        return JS_ThrowTypeError(context, "fetch failed");
    if (result.val.ok.is_err) {
        engine_throw_code(context, &result.val.ok.val.err);
        wasi_http_types_error_code_free(&result.val.ok.val.err);
        return JS_EXCEPTION;
    }
    wasi_http_types_borrow_incoming_response_t response = {result.val.ok.val.ok.__handle};
    JSValue head = JS_NewArray(context);
    JS_SetPropertyUint32(context, head, 0, JS_NewInt32(context, engine_resource_add(RESOURCE_RESPONSE, response.__handle)));
    JS_SetPropertyUint32(context, head, 1, JS_NewInt32(context, wasi_http_types_method_incoming_response_status(response)));
    JS_SetPropertyUint32(context, head, 2, engine_fields(context, wasi_http_types_method_incoming_response_headers(response)));
    return head;
}

static JSValue native_wait_response(JSContext *context, JSValueConst this, int count, JSValueConst *arguments) {
    struct resource *future = engine_resource(context, arguments[0], RESOURCE_FUTURE);
    if (!future)
        return JS_EXCEPTION;
    engine_wait(context, arguments[0],
                wasi_http_types_method_future_incoming_response_subscribe(
                    (wasi_http_types_borrow_future_incoming_response_t){future->handle}),
                arguments[1]);
    return JS_UNDEFINED;
}

const JSCFunctionListEntry engine_outgoing_functions[] = {
    JS_CFUNC_DEF("respond", 3, native_respond),
    JS_CFUNC_DEF("write", 3, native_write),
    JS_CFUNC_DEF("flush", 1, native_flush),
    JS_CFUNC_DEF("waitWritable", 2, native_wait_writable),
    JS_CFUNC_DEF("end", 2, native_end),
    JS_CFUNC_DEF("close", 1, native_close),
    JS_CFUNC_DEF("request", 5, native_request),
    JS_CFUNC_DEF("response", 1, native_response),
    JS_CFUNC_DEF("waitResponse", 2, native_wait_response),
};
const int engine_outgoing_function_count = sizeof engine_outgoing_functions / sizeof engine_outgoing_functions[0];

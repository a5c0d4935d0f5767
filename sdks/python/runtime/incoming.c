/* Bodies that come in, of requests and of responses, and their trailers. */
#include "isospin.h"

/* The most that is read in one piece. */
enum { CHUNK = 65536 };

/* request_fields(request) -> [(name, value), ...] */
FUNCTION(module_request_fields) {
    struct resource *request = arguments_are(count, 1) ? resource_get(arguments[0], RESOURCE_REQUEST) : NULL;
    if (!request)
        return NULL;
    return fields_to_list(wasi_http_types_method_incoming_request_headers(
        (wasi_http_types_borrow_incoming_request_t){request->handle}));
}

static PyObject *open_body(PyObject *parent, wasi_http_types_own_incoming_body_t body) {
    wasi_http_types_own_input_stream_t stream;
    if (wasi_http_types_method_incoming_body_stream((wasi_http_types_borrow_incoming_body_t){body.__handle}, &stream))
        return resource_new(RESOURCE_INCOMING, body.__handle, stream.__handle, parent);
    wasi_http_types_incoming_body_drop_own(body);
    return raise_builtin("RuntimeError", "the body was taken before");
}

/* request_body(request) -> body */
FUNCTION(module_request_body) {
    struct resource *request = arguments_are(count, 1) ? resource_get(arguments[0], RESOURCE_REQUEST) : NULL;
    wasi_http_types_own_incoming_body_t body;
    if (!request)
        return NULL;
    if (wasi_http_types_method_incoming_request_consume((wasi_http_types_borrow_incoming_request_t){request->handle},
                                                        &body))
        return open_body(arguments[0], body);
    return raise_builtin("RuntimeError", "the body was taken before");
}

/* response_body(response) -> body */
FUNCTION(module_response_body) {
    struct resource *response = arguments_are(count, 1) ? resource_get(arguments[0], RESOURCE_RESPONSE) : NULL;
    wasi_http_types_own_incoming_body_t body;
    if (!response)
        return NULL;
    if (wasi_http_types_method_incoming_response_consume(
            (wasi_http_types_borrow_incoming_response_t){response->handle}, &body))
        return open_body(arguments[0], body);
    return raise_builtin("RuntimeError", "the body was taken before");
}

/* read(body) -> bytes, b"" at the end, or None when there is nothing yet */
FUNCTION(module_read) {
    struct resource *body = arguments_are(count, 1) ? resource_get(arguments[0], RESOURCE_INCOMING) : NULL;
    application_list_u8_t bytes;
    wasi_io_streams_stream_error_t error;
    if (!body)
        return NULL;
    wasi_io_streams_borrow_input_stream_t stream = {body->stream};
    if (wasi_io_streams_method_input_stream_read(stream, CHUNK, &bytes, &error)) {
        PyObject *result =
            bytes.len ? PyBytes_FromStringAndSize((const char *)bytes.ptr, (Py_ssize_t)bytes.len) : none();
        application_list_u8_free(&bytes);
        return result;
    }
    return error.tag == WASI_IO_STREAMS_STREAM_ERROR_CLOSED ? PyBytes_FromStringAndSize(NULL, 0) : raise_stream(&error);
}

/* finish(body) -> the trailers to come, of a body that was read to its end */
FUNCTION(module_finish) {
    struct resource *body = arguments_are(count, 1) ? resource_get(arguments[0], RESOURCE_INCOMING) : NULL;
    if (!body)
        return NULL;
    resource_drop_children(body);
    body->kind = RESOURCE_CLOSED;
    wasi_http_types_own_future_trailers_t trailers =
        wasi_http_types_static_incoming_body_finish((wasi_http_types_own_incoming_body_t){body->handle});
    return resource_new(RESOURCE_TRAILERS, trailers.__handle, 0, body->parent);
}

/* trailers(future) -> [(name, value), ...], or None when they have not come yet */
FUNCTION(module_trailers) {
    struct resource *future = arguments_are(count, 1) ? resource_get(arguments[0], RESOURCE_TRAILERS) : NULL;
    wasi_http_types_result_result_option_own_trailers_error_code_void_t result;
    if (!future)
        return NULL;
    wasi_http_types_borrow_future_trailers_t borrowed = {future->handle};
    if (!wasi_http_types_method_future_trailers_get(borrowed, &result))
        return none();
    resource_close(future);
    if (!result.is_err && result.val.ok.is_err)
        return raise_code(&result.val.ok.val.err);
    if (!result.is_err && result.val.ok.val.ok.is_some)
        return fields_to_list(result.val.ok.val.ok.val);
    return PyList_New(0);
}

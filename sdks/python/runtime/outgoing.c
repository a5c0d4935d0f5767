/* What goes out: the response, requests to others, and their bodies. */
#include <string.h>

#include "isospin.h"

static PyObject *open_outgoing(wasi_http_types_own_outgoing_body_t body) {
    wasi_http_types_own_output_stream_t stream;
    wasi_http_types_method_outgoing_body_write((wasi_http_types_borrow_outgoing_body_t){body.__handle}, &stream);
    return resource_new(RESOURCE_OUTGOING, body.__handle, stream.__handle, NULL);
}

/* respond(outparam, status, fields) -> body: sends the head of the response */
FUNCTION(module_respond) {
    struct resource *outparam = arguments_are(count, 3) ? resource_get(arguments[0], RESOURCE_OUTPARAM) : NULL;
    wasi_http_types_own_fields_t fields;
    if (!outparam)
        return NULL;
    long status = PyLong_AsLong(arguments[1]);
    if (PyErr_Occurred() || !fields_from_list(arguments[2], &fields))
        return NULL;
    wasi_http_types_own_outgoing_response_t response = wasi_http_types_constructor_outgoing_response(fields);
    wasi_http_types_borrow_outgoing_response_t borrowed = {response.__handle};
    wasi_http_types_own_outgoing_body_t body;
    if (!wasi_http_types_method_outgoing_response_set_status_code(borrowed, (uint16_t)status)) {
        wasi_http_types_outgoing_response_drop_own(response);
        return raise_builtin("ValueError", "the host does not take the response's status");
    }
    wasi_http_types_method_outgoing_response_body(borrowed, &body);
    wasi_http_types_result_own_outgoing_response_error_code_t result = {.is_err = false, .val.ok = response};
    outparam->kind = RESOURCE_CLOSED;
    wasi_http_types_static_response_outparam_set((wasi_http_types_own_response_outparam_t){outparam->handle}, &result);
    return open_outgoing(body);
}

/* write(body, bytes, offset) -> how many of the bytes from the offset on the host took */
FUNCTION(module_write) {
    struct resource *body = arguments_are(count, 3) ? resource_get(arguments[0], RESOURCE_OUTGOING) : NULL;
    char *bytes;
    Py_ssize_t size;
    uint64_t permitted;
    wasi_io_streams_stream_error_t error;
    if (!body || PyBytes_AsStringAndSize(arguments[1], &bytes, &size))
        return NULL;
    Py_ssize_t offset = PyLong_AsSsize_t(arguments[2]);
    if (PyErr_Occurred())
        return NULL;
    wasi_io_streams_borrow_output_stream_t stream = {body->stream};
    if (!wasi_io_streams_method_output_stream_check_write(stream, &permitted, &error))
        return raise_stream(&error);
    size_t left = offset >= 0 && offset < size ? (size_t)(size - offset) : 0;
    application_list_u8_t part = {(uint8_t *)bytes + offset, left < permitted ? left : (size_t)permitted};
    if (part.len > 0 && !wasi_io_streams_method_output_stream_write(stream, &part, &error))
        return raise_stream(&error);
    return PyLong_FromSsize_t((Py_ssize_t)part.len);
}

/* flush(body): the body can be written again when what it holds is on its way. */
FUNCTION(module_flush) {
    struct resource *body = arguments_are(count, 1) ? resource_get(arguments[0], RESOURCE_OUTGOING) : NULL;
    wasi_io_streams_stream_error_t error;
    if (!body)
        return NULL;
    if (!wasi_io_streams_method_output_stream_flush((wasi_io_streams_borrow_output_stream_t){body->stream}, &error))
        return raise_stream(&error);
    return none();
}

/* end(body, trailers): ends it, with a list of fields or None */
FUNCTION(module_end) {
    struct resource *body = arguments_are(count, 2) ? resource_get(arguments[0], RESOURCE_OUTGOING) : NULL;
    wasi_http_types_own_trailers_t trailers;
    wasi_http_types_error_code_t error;
    if (!body)
        return NULL;
    bool with_trailers = arguments[1] != Py_GetConstantBorrowed(CONSTANT_NONE);
    if (with_trailers && !fields_from_list(arguments[1], &trailers))
        return NULL;
    resource_drop_children(body);
    body->kind = RESOURCE_CLOSED;
    if (wasi_http_types_static_outgoing_body_finish((wasi_http_types_own_outgoing_body_t){body->handle},
                                                    with_trailers ? &trailers : NULL, &error))
        return none();
    return raise_code(&error);
}

/* In the order of the world's `method`. */
static const char *const methods[] = {"GET", "HEAD", "POST", "PUT", "DELETE", "CONNECT", "OPTIONS", "TRACE", "PATCH"};

static wasi_http_types_method_t method_of(application_string_t name) {
    wasi_http_types_method_t method = {.tag = WASI_HTTP_TYPES_METHOD_OTHER, .val.other = name};
    for (uint8_t i = 0; i < sizeof methods / sizeof methods[0]; i++)
        if (name.len == strlen(methods[i]) && memcmp(name.ptr, methods[i], name.len) == 0)
            method.tag = i;
    return method;
}

static wasi_http_types_scheme_t scheme_of(application_string_t name) {
    wasi_http_types_scheme_t scheme = {.tag = WASI_HTTP_TYPES_SCHEME_OTHER, .val.other = name};
    if (name.len == 4 && memcmp(name.ptr, "http", 4) == 0)
        scheme.tag = WASI_HTTP_TYPES_SCHEME_HTTP;
    else if (name.len == 5 && memcmp(name.ptr, "https", 5) == 0)
        scheme.tag = WASI_HTTP_TYPES_SCHEME_HTTPS;
    return scheme;
}

/* Method, scheme, authority and target; the code of what the host refuses, else null. */
static const char *address(wasi_http_types_borrow_outgoing_request_t request, application_string_t *texts) {
    wasi_http_types_method_t method = method_of(texts[0]);
    wasi_http_types_scheme_t scheme = scheme_of(texts[1]);
    if (!wasi_http_types_method_outgoing_request_set_method(request, &method))
        return "http-request-method-invalid";
    if (!wasi_http_types_method_outgoing_request_set_scheme(request, &scheme) ||
        !wasi_http_types_method_outgoing_request_set_authority(request, &texts[2]) ||
        !wasi_http_types_method_outgoing_request_set_path_with_query(request, &texts[3]))
        return "http-request-uri-invalid";
    return NULL;
}

/* Limits in nanoseconds, (connect, first byte, between bytes), each may be None. */
static bool options_of(PyObject *limits, wasi_http_types_own_request_options_t *options) {
    static bool (*const set[])(wasi_http_types_borrow_request_options_t, uint64_t *) = {
        wasi_http_types_method_request_options_set_connect_timeout,
        wasi_http_types_method_request_options_set_first_byte_timeout,
        wasi_http_types_method_request_options_set_between_bytes_timeout,
    };
    *options = wasi_http_types_constructor_request_options();
    for (Py_ssize_t i = 0; i < 3; i++) {
        PyObject *limit = PyTuple_GetItem(limits, i);
        if (limit == Py_GetConstantBorrowed(CONSTANT_NONE))
            continue;
        uint64_t nanoseconds = limit ? PyLong_AsUnsignedLongLong(limit) : 0;
        if (PyErr_Occurred()) {
            wasi_http_types_request_options_drop_own(*options);
            return false;
        }
        set[i]((wasi_http_types_borrow_request_options_t){options->__handle}, &nanoseconds);
    }
    return true;
}

static PyObject *dispatch(wasi_http_types_own_outgoing_request_t request,
                          wasi_http_types_own_request_options_t *options) {
    wasi_http_types_own_outgoing_body_t body;
    wasi_http_outgoing_handler_own_future_incoming_response_t future;
    wasi_http_outgoing_handler_error_code_t error;
    wasi_http_types_method_outgoing_request_body((wasi_http_types_borrow_outgoing_request_t){request.__handle}, &body);
    if (!wasi_http_outgoing_handler_handle(request, options, &future, &error)) {
        wasi_http_types_outgoing_body_drop_own(body);
        return raise_code(&error);
    }
    PyObject *pair = PyTuple_New(2);
    PyObject *first = resource_new(RESOURCE_FUTURE, future.__handle, 0, NULL);
    PyObject *second = open_outgoing(body);
    if (pair && first && second) {
        PyTuple_SetItem(pair, 0, first);
        PyTuple_SetItem(pair, 1, second);
        return pair;
    }
    Py_DecRef(pair);
    Py_DecRef(first);
    Py_DecRef(second);
    return NULL;
}

/* send(method, scheme, authority, target, fields, limits) -> (future response, body) */
FUNCTION(module_send) {
    application_string_t texts[4];
    wasi_http_types_own_fields_t fields;
    wasi_http_types_own_request_options_t options;
    if (!arguments_are(count, 6) || !host_is_there())
        return NULL;
    for (int i = 0; i < 4; i++)
        if (!text_of(arguments[i], &texts[i]))
            return NULL;
    if (!fields_from_list(arguments[4], &fields))
        return NULL;
    wasi_http_types_own_outgoing_request_t request = wasi_http_types_constructor_outgoing_request(fields);
    const char *refused = address((wasi_http_types_borrow_outgoing_request_t){request.__handle}, texts);
    if (refused || !options_of(arguments[5], &options)) {
        wasi_http_types_outgoing_request_drop_own(request);
        return refused ? raise_transfer(refused) : NULL;
    }
    return dispatch(request, &options);
}

/* response(future) -> (response, status, fields), or None when it has not come yet */
FUNCTION(module_response) {
    struct resource *future = arguments_are(count, 1) ? resource_get(arguments[0], RESOURCE_FUTURE) : NULL;
    wasi_http_types_result_result_own_incoming_response_error_code_void_t result;
    if (!future)
        return NULL;
    wasi_http_types_borrow_future_incoming_response_t borrowed = {future->handle};
    if (!wasi_http_types_method_future_incoming_response_get(borrowed, &result))
        return none();
    resource_close(future);
    if (result.is_err)
        return raise_transfer("internal-error");
    if (result.val.ok.is_err)
        return raise_code(&result.val.ok.val.err);
    wasi_http_types_borrow_incoming_response_t response = {result.val.ok.val.ok.__handle};
    PyObject *head = PyTuple_New(3);
    PyObject *owner = resource_new(RESOURCE_RESPONSE, response.__handle, 0, NULL);
    PyObject *fields = owner ? fields_to_list(wasi_http_types_method_incoming_response_headers(response)) : NULL;
    if (head && fields) {
        PyTuple_SetItem(head, 0, owner);
        PyTuple_SetItem(head, 1, PyLong_FromLong(wasi_http_types_method_incoming_response_status(response)));
        PyTuple_SetItem(head, 2, fields);
        return head;
    }
    Py_DecRef(head);
    Py_DecRef(owner);
    Py_DecRef(fields);
    return NULL;
}

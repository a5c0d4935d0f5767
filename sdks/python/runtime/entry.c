/* The world's export: one call for each request. */
#include "isospin.h"

static PyObject *method_text(wasi_http_types_borrow_incoming_request_t request) {
    static const char *const names[] = {"GET",     "HEAD",    "POST",  "PUT",  "DELETE",
                                        "CONNECT", "OPTIONS", "TRACE", "PATCH"};
    wasi_http_types_method_t method;
    wasi_http_types_method_incoming_request_method(request, &method);
    if (method.tag < sizeof names / sizeof names[0])
        return PyUnicode_FromString(names[method.tag]);
    PyObject *name = text_from(&method.val.other);
    wasi_http_types_method_free(&method);
    return name;
}

static PyObject *optional_text(bool there, application_string_t *text, const char *otherwise) {
    if (!there)
        return PyUnicode_FromString(otherwise);
    PyObject *value = text_from(text);
    application_string_free(text);
    return value;
}

static PyObject *scheme_text(wasi_http_types_borrow_incoming_request_t request) {
    wasi_http_types_scheme_t scheme;
    bool there = wasi_http_types_method_incoming_request_scheme(request, &scheme);
    bool secure = there && scheme.tag == WASI_HTTP_TYPES_SCHEME_HTTPS;
    if (there)
        wasi_http_types_scheme_free(&scheme);
    return PyUnicode_FromString(secure ? "https" : "http");
}

/* What the package cannot tell itself, because it failed to start a request at all. */
static void log_failure(void) {
    if (PyErr_Occurred())
        PyErr_Print();
}

enum { ARGUMENTS = 6 };

static bool read_head(wasi_http_types_own_incoming_request_t request, wasi_http_types_own_response_outparam_t outparam,
                      PyObject **arguments) {
    wasi_http_types_borrow_incoming_request_t borrowed = {request.__handle};
    application_string_t text;
    arguments[0] = resource_new(RESOURCE_REQUEST, request.__handle, 0, NULL);
    arguments[1] = resource_new(RESOURCE_OUTPARAM, outparam.__handle, 0, NULL);
    if (!arguments[0] || !arguments[1])
        return false;
    arguments[2] = method_text(borrowed);
    bool there = wasi_http_types_method_incoming_request_path_with_query(borrowed, &text);
    arguments[3] = optional_text(there, &text, "/");
    arguments[4] = scheme_text(borrowed);
    there = wasi_http_types_method_incoming_request_authority(borrowed, &text);
    arguments[5] = optional_text(there, &text, "localhost");
    return arguments[2] && arguments[3] && arguments[4] && arguments[5];
}

void exports_wasi_http_incoming_handler_handle(exports_wasi_http_incoming_handler_own_incoming_request_t request,
                                               exports_wasi_http_incoming_handler_own_response_outparam_t outparam) {
    PyObject *arguments[ARGUMENTS] = {NULL};
    PyObject *result = NULL;
    hash_renew();
    if (read_head(request, outparam, arguments))
        result = PyObject_CallFunctionObjArgs(registered_handler, arguments[0], arguments[1], arguments[2],
                                              arguments[3], arguments[4], arguments[5], NULL);
    if (!result)
        log_failure();
    Py_DecRef(result);
    for (int i = ARGUMENTS; i > 0; i--)
        Py_DecRef(arguments[i - 1]);
}

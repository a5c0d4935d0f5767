/* Between Python's values and the world's. */
#include <stdlib.h>
#include <string.h>

#include "isospin.h"

PyObject *none(void) {
    return Py_GetConstant(CONSTANT_NONE);
}

PyObject *raise_builtin(const char *exception, const char *message) {
    PyErr_SetString(PyDict_GetItemString(PyEval_GetBuiltins(), exception), message);
    return NULL;
}

bool arguments_are(Py_ssize_t count, Py_ssize_t wanted) {
    if (count != wanted)
        raise_builtin("TypeError", "wrong number of arguments");
    return count == wanted;
}

bool host_is_there(void) {
    if (runtime_starting)
        raise_builtin("RuntimeError", "the host cannot be called while the module is imported: that happens at build time");
    return !runtime_starting;
}

bool text_of(PyObject *object, application_string_t *text) {
    Py_ssize_t size;
    const char *bytes = PyUnicode_AsUTF8AndSize(object, &size);
    *text = (application_string_t){(uint8_t *)bytes, bytes ? (size_t)size : 0};
    return bytes != NULL;
}

PyObject *text_from(const application_string_t *text) {
    return PyUnicode_DecodeUTF8((const char *)text->ptr, (Py_ssize_t)text->len, "replace");
}

static PyObject *pair_of(const wasi_http_types_tuple2_field_name_field_value_t *field) {
    PyObject *pair = PyTuple_New(2);
    if (!pair)
        return NULL;
    PyTuple_SetItem(pair, 0, PyBytes_FromStringAndSize((const char *)field->f0.ptr, (Py_ssize_t)field->f0.len));
    PyTuple_SetItem(pair, 1, PyBytes_FromStringAndSize((const char *)field->f1.ptr, (Py_ssize_t)field->f1.len));
    if (PyTuple_GetItem(pair, 0) && PyTuple_GetItem(pair, 1))
        return pair;
    Py_DecRef(pair);
    return NULL;
}

PyObject *fields_to_list(wasi_http_types_own_fields_t fields) {
    wasi_http_types_list_tuple2_field_name_field_value_t entries;
    wasi_http_types_method_fields_entries((wasi_http_types_borrow_fields_t){fields.__handle}, &entries);
    PyObject *list = PyList_New((Py_ssize_t)entries.len);
    for (size_t i = 0; list && i < entries.len; i++) {
        PyObject *pair = pair_of(&entries.ptr[i]);
        if (pair) {
            PyList_SetItem(list, (Py_ssize_t)i, pair);
        } else {
            Py_DecRef(list);
            list = NULL;
        }
    }
    wasi_http_types_list_tuple2_field_name_field_value_free(&entries);
    wasi_http_types_fields_drop_own(fields);
    return list;
}

/* What is the host's own business (`connection`, `transfer-encoding`, ...) is left
   out, as other servers do it: frameworks set it for streams. */
static bool append_field(wasi_http_types_borrow_fields_t fields, PyObject *pair) {
    char *name, *value;
    Py_ssize_t name_size, value_size;
    PyObject *first = PyTuple_GetItem(pair, 0), *second = first ? PyTuple_GetItem(pair, 1) : NULL;
    if (!second || PyBytes_AsStringAndSize(first, &name, &name_size) ||
        PyBytes_AsStringAndSize(second, &value, &value_size))
        return false;
    application_string_t field_name = {(uint8_t *)name, (size_t)name_size};
    wasi_http_types_field_value_t field_value = {(uint8_t *)value, (size_t)value_size};
    wasi_http_types_header_error_t error;
    if (wasi_http_types_method_fields_append(fields, &field_name, &field_value, &error) ||
        error.tag == WASI_HTTP_TYPES_HEADER_ERROR_FORBIDDEN)
        return true;
    PyErr_Format(PyDict_GetItemString(PyEval_GetBuiltins(), "ValueError"),
                 "the header `%.200s` has a name or value that is not valid", name);
    return false;
}

bool fields_from_list(PyObject *list, wasi_http_types_own_fields_t *fields) {
    Py_ssize_t length = PyList_Size(list);
    if (length < 0)
        return false;
    *fields = wasi_http_types_constructor_fields();
    for (Py_ssize_t i = 0; i < length; i++) {
        if (!append_field((wasi_http_types_borrow_fields_t){fields->__handle}, PyList_GetItem(list, i))) {
            wasi_http_types_fields_drop_own(*fields);
            return false;
        }
    }
    return true;
}

/* In the order of the world's `error-code`. */
static const char *const error_codes[] = {
    "dns-timeout", "dns-error", "destination-not-found", "destination-unavailable",
    "destination-ip-prohibited", "destination-ip-unroutable", "connection-refused",
    "connection-terminated", "connection-timeout", "connection-read-timeout",
    "connection-write-timeout", "connection-limit-reached", "tls-protocol-error",
    "tls-certificate-error", "tls-alert-received", "http-request-denied",
    "http-request-length-required", "http-request-body-size", "http-request-method-invalid",
    "http-request-uri-invalid", "http-request-uri-too-long", "http-request-header-section-size",
    "http-request-header-size", "http-request-trailer-section-size", "http-request-trailer-size",
    "http-response-incomplete", "http-response-header-section-size", "http-response-header-size",
    "http-response-body-size", "http-response-trailer-section-size", "http-response-trailer-size",
    "http-response-transfer-coding", "http-response-content-coding", "http-response-timeout",
    "http-upgrade-failed", "http-protocol-error", "loop-detected", "configuration-error",
    "internal-error",
};

PyObject *raise_transfer(const char *code) {
    PyObject *name = PyUnicode_FromString(code);
    if (name) {
        PyErr_SetObject(registered_error, name);
        Py_DecRef(name);
    }
    return NULL;
}

PyObject *raise_code(wasi_http_types_error_code_t *code) {
    size_t known = sizeof error_codes / sizeof error_codes[0];
    const char *name = error_codes[code->tag < known ? code->tag : known - 1];
    wasi_http_types_error_code_free(code);
    return raise_transfer(name);
}

/* A stream that is closed or broken is a connection that ended too early, unless the host says more. */
PyObject *raise_stream(wasi_io_streams_stream_error_t *error) {
    if (error->tag == WASI_IO_STREAMS_STREAM_ERROR_CLOSED)
        return raise_transfer("connection-terminated");
    wasi_http_types_error_code_t code;
    wasi_io_error_own_error_t failure = error->val.last_operation_failed;
    bool known = wasi_http_types_http_error_code((wasi_http_types_borrow_io_error_t){failure.__handle}, &code);
    wasi_io_error_error_drop_own(failure);
    return known ? raise_code(&code) : raise_transfer("connection-terminated");
}

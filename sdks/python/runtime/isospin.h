/* The native module `_isospin`: the world's handles for the Python package. */
#ifndef ISOSPIN_H
#define ISOSPIN_H

#include "application.h"
#include "python.h"
#include "runtime.h"

/* resource.c: handles of the world as capsules. A child keeps its parent alive, so
   that the host never sees a parent dropped before its child. */
enum resource_kind {
    RESOURCE_CLOSED,
    RESOURCE_REQUEST,
    RESOURCE_OUTPARAM,
    RESOURCE_RESPONSE,
    RESOURCE_INCOMING,
    RESOURCE_TRAILERS,
    RESOURCE_OUTGOING,
    RESOURCE_FUTURE,
    RESOURCE_TIMER,
};
struct resource {
    enum resource_kind kind;
    int32_t handle;
    int32_t stream;   /* of a body; 0 when there is none */
    int32_t pollable; /* made when it is first waited for; 0 before */
    PyObject *parent;
};
/* A new capsule; null with an exception if there is no memory, and then the handle is dropped. */
PyObject *resource_new(enum resource_kind kind, int32_t handle, int32_t stream, PyObject *parent);
/* The open resource of that kind; null with an exception if it is none. */
struct resource *resource_get(PyObject *capsule, enum resource_kind kind);
/* Any resource, open or not; null with an exception if it is none. */
struct resource *resource_any(PyObject *capsule);
/* Drops the pollable and the stream, which the handle's own end must not outlive. */
void resource_drop_children(struct resource *resource);
void resource_close(struct resource *resource);

/* values.c */
PyObject *none(void);
/* Raises the builtin exception of that name; returns null. */
PyObject *raise_builtin(const char *exception, const char *message);
/* Raises `isospin.TransferError` with the name of an error code; returns null. */
PyObject *raise_transfer(const char *code);
PyObject *raise_code(wasi_http_types_error_code_t *code);
PyObject *raise_stream(wasi_io_streams_stream_error_t *error);
/* Whether so many arguments were given; else an exception. */
bool arguments_are(Py_ssize_t count, Py_ssize_t wanted);
/* Whether the host may be called; else an exception. */
bool host_is_there(void);
bool text_of(PyObject *object, application_string_t *text);
PyObject *text_from(const application_string_t *text);
/* A list of pairs of bytes; takes the fields over. */
PyObject *fields_to_list(wasi_http_types_own_fields_t fields);
bool fields_from_list(PyObject *list, wasi_http_types_own_fields_t *fields);

/* The functions of the module, by subject. */
#define FUNCTION(name) PyObject *name(PyObject *module, PyObject *const *arguments, Py_ssize_t count)
FUNCTION(module_close);
FUNCTION(module_poll);
FUNCTION(module_timer);
FUNCTION(module_log);
FUNCTION(module_environment);
FUNCTION(module_request_fields);
FUNCTION(module_request_body);
FUNCTION(module_response_body);
FUNCTION(module_read);
FUNCTION(module_finish);
FUNCTION(module_trailers);
FUNCTION(module_respond);
FUNCTION(module_write);
FUNCTION(module_flush);
FUNCTION(module_end);
FUNCTION(module_send);
FUNCTION(module_response);
FUNCTION(module_pbkdf2);
FUNCTION(module_scrypt);

/* module.c: what the package has registered. */
extern PyObject *registered_handler;
extern PyObject *registered_error;

#endif

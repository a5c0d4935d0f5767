/* Waiting: everything that waits does it here. */
#include <stdlib.h>

#include "isospin.h"

static int32_t subscribe(const struct resource *resource) {
    switch (resource->kind) {
    case RESOURCE_INCOMING:
        return wasi_io_streams_method_input_stream_subscribe((wasi_io_streams_borrow_input_stream_t){resource->stream})
            .__handle;
    case RESOURCE_OUTGOING:
        return wasi_io_streams_method_output_stream_subscribe((wasi_io_streams_borrow_output_stream_t){resource->stream})
            .__handle;
    case RESOURCE_TRAILERS:
        return wasi_http_types_method_future_trailers_subscribe(
                   (wasi_http_types_borrow_future_trailers_t){resource->handle})
            .__handle;
    case RESOURCE_FUTURE:
        return wasi_http_types_method_future_incoming_response_subscribe(
                   (wasi_http_types_borrow_future_incoming_response_t){resource->handle})
            .__handle;
    default:
        return 0;
    }
}

/* The pollable of a resource; 0 if it is closed, and then nothing will change. */
static int32_t pollable_of(struct resource *resource) {
    if (!resource->pollable)
        resource->pollable = subscribe(resource);
    return resource->pollable;
}

static PyObject *index_list(const uint32_t *indexes, size_t count) {
    PyObject *list = PyList_New((Py_ssize_t)count);
    for (size_t i = 0; list && i < count; i++)
        PyList_SetItem(list, (Py_ssize_t)i, PyLong_FromLong((long)indexes[i]));
    return list;
}

static PyObject *poll_all(wasi_io_poll_borrow_pollable_t *pollables, size_t count) {
    wasi_io_poll_list_borrow_pollable_t list = {pollables, count};
    application_list_u32_t ready;
    wasi_io_poll_poll(&list, &ready);
    PyObject *result = index_list(ready.ptr, ready.len);
    application_list_u32_free(&ready);
    return result;
}

/* poll([resource, ...]) -> [index, ...]: waits until one is ready; a closed one is. */
FUNCTION(module_poll) {
    if (!arguments_are(count, 1) || !host_is_there())
        return NULL;
    Py_ssize_t length = PyList_Size(arguments[0]);
    if (length <= 0)
        return length < 0 ? NULL : raise_builtin("RuntimeError", "there is nothing to wait for");
    wasi_io_poll_borrow_pollable_t *pollables = malloc((size_t)length * sizeof *pollables);
    PyObject *result = NULL;
    if (!pollables)
        return PyErr_NoMemory();
    for (Py_ssize_t i = 0; i < length; i++) {
        struct resource *resource = resource_any(PyList_GetItem(arguments[0], i));
        if (!resource)
            goto done;
        pollables[i].__handle = pollable_of(resource);
        if (!pollables[i].__handle) {
            uint32_t index = (uint32_t)i;
            result = index_list(&index, 1);
            goto done;
        }
    }
    result = poll_all(pollables, (size_t)length);
done:
    free(pollables);
    return result;
}

/* timer(nanoseconds) -> resource that is ready when they have passed. */
FUNCTION(module_timer) {
    if (!arguments_are(count, 1) || !host_is_there())
        return NULL;
    unsigned long long nanoseconds = PyLong_AsUnsignedLongLong(arguments[0]);
    if (PyErr_Occurred())
        return NULL;
    PyObject *timer = resource_new(RESOURCE_TIMER, 0, 0, NULL);
    if (timer)
        resource_any(timer)->pollable = wasi_clocks_monotonic_clock_subscribe_duration(nanoseconds).__handle;
    return timer;
}

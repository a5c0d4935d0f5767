/* Handles of the world as capsules. */
#include <stdlib.h>

#include "isospin.h"

static const char NAME[] = "isospin resource";

void resource_drop_children(struct resource *resource) {
    if (resource->pollable)
        wasi_io_poll_pollable_drop_own((wasi_io_poll_own_pollable_t){resource->pollable});
    resource->pollable = 0;
    if (resource->stream && resource->kind == RESOURCE_INCOMING)
        wasi_io_streams_input_stream_drop_own((wasi_io_streams_own_input_stream_t){resource->stream});
    else if (resource->stream)
        wasi_io_streams_output_stream_drop_own((wasi_io_streams_own_output_stream_t){resource->stream});
    resource->stream = 0;
}

void resource_close(struct resource *resource) {
    int32_t handle = resource->handle;
    resource_drop_children(resource);
    switch (resource->kind) {
    case RESOURCE_CLOSED:
    case RESOURCE_TIMER:
        break;
    case RESOURCE_REQUEST:
        wasi_http_types_incoming_request_drop_own((wasi_http_types_own_incoming_request_t){handle});
        break;
    case RESOURCE_OUTPARAM:
        wasi_http_types_response_outparam_drop_own((wasi_http_types_own_response_outparam_t){handle});
        break;
    case RESOURCE_RESPONSE:
        wasi_http_types_incoming_response_drop_own((wasi_http_types_own_incoming_response_t){handle});
        break;
    case RESOURCE_INCOMING:
        wasi_http_types_incoming_body_drop_own((wasi_http_types_own_incoming_body_t){handle});
        break;
    case RESOURCE_TRAILERS:
        wasi_http_types_future_trailers_drop_own((wasi_http_types_own_future_trailers_t){handle});
        break;
    case RESOURCE_OUTGOING:
        wasi_http_types_outgoing_body_drop_own((wasi_http_types_own_outgoing_body_t){handle});
        break;
    case RESOURCE_FUTURE:
        wasi_http_types_future_incoming_response_drop_own((wasi_http_types_own_future_incoming_response_t){handle});
        break;
    }
    resource->kind = RESOURCE_CLOSED;
}

static void destroy(PyObject *capsule) {
    struct resource *resource = PyCapsule_GetPointer(capsule, NAME);
    resource_close(resource);
    if (resource->parent)
        Py_DecRef(resource->parent);
    free(resource);
}

PyObject *resource_new(enum resource_kind kind, int32_t handle, int32_t stream, PyObject *parent) {
    struct resource made = {kind, handle, stream, 0, parent};
    struct resource *resource = malloc(sizeof *resource);
    if (!resource) {
        resource_close(&made);
        return PyErr_NoMemory();
    }
    *resource = made;
    PyObject *capsule = PyCapsule_New(resource, NAME, destroy);
    if (!capsule) {
        resource_close(resource);
        free(resource);
    } else if (parent) {
        Py_IncRef(parent);
    }
    return capsule;
}

struct resource *resource_any(PyObject *capsule) {
    return PyCapsule_GetPointer(capsule, NAME);
}

struct resource *resource_get(PyObject *capsule, enum resource_kind kind) {
    struct resource *resource = resource_any(capsule);
    if (resource && resource->kind != kind) {
        raise_builtin("RuntimeError", resource->kind == RESOURCE_CLOSED
                                  ? "the body or message is closed, or belongs to a request that has ended"
                                  : "the body or message is of another kind");
        return NULL;
    }
    return resource;
}

/* close(resource): drops it now. A body that goes out is then cut and not ended. */
FUNCTION(module_close) {
    if (!arguments_are(count, 1))
        return NULL;
    struct resource *resource = resource_any(arguments[0]);
    if (!resource)
        return NULL;
    resource_close(resource);
    return none();
}

/* The table of the world's handles that scripts hold by number. */
#include <stdlib.h>
#include <string.h>

#include "engine.h"

static struct resource *resources;
static size_t resource_count, resource_room;
/* The number of the first entry: grows with each request. */
static int32_t first_number = 1;

int32_t engine_resource_add(enum resource_kind kind, int32_t handle) {
    if (resource_count == resource_room) {
        size_t room = resource_room ? resource_room * 2 : 16;
        struct resource *moved = realloc(resources, room * sizeof *resources);
        if (!moved)
            abort();
        resources = moved;
        resource_room = room;
    }
    resources[resource_count] = (struct resource){kind, handle, 0, false};
    return first_number + (int32_t)resource_count++;
}

struct resource *engine_resource(JSContext *context, JSValueConst id, enum resource_kind kind) {
    int32_t number;
    if (JS_ToInt32(context, &number, id))
        return NULL;
    int32_t index = number - first_number;
    if (index < 0 || (size_t)index >= resource_count || resources[index].kind != kind) {
        JS_ThrowTypeError(context, "the body or message is closed, or belongs to a request that has ended");
        return NULL;
    }
    return &resources[index];
}

/* A stream goes before the body that it belongs to. */
static void drop_stream(struct resource *resource) {
    if (!resource->has_stream)
        return;
    resource->has_stream = false;
    if (resource->kind == RESOURCE_INCOMING)
        wasi_io_streams_input_stream_drop_own((wasi_io_streams_own_input_stream_t){resource->stream});
    else
        wasi_io_streams_output_stream_drop_own((wasi_io_streams_own_output_stream_t){resource->stream});
}

void engine_resource_close(struct resource *resource) {
    int32_t handle = resource->handle;
    drop_stream(resource);
    switch (resource->kind) {
    case RESOURCE_CLOSED:
        break;
    case RESOURCE_REQUEST:
        wasi_http_types_incoming_request_drop_own((wasi_http_types_own_incoming_request_t){handle});
        break;
    case RESOURCE_RESPONSE:
        wasi_http_types_incoming_response_drop_own((wasi_http_types_own_incoming_response_t){handle});
        break;
    case RESOURCE_OUTPARAM:
        wasi_http_types_response_outparam_drop_own((wasi_http_types_own_response_outparam_t){handle});
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

/* Children were made after their parents, so the last goes first. */
void engine_resources_close_all(void) {
    for (size_t i = resource_count; i > 0; i--)
        engine_resource_close(&resources[i - 1]);
    first_number += (int32_t)resource_count;
    resource_count = 0;
}

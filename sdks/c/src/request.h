/* The life of a request, for the entry point. */
#ifndef ISOSPIN_REQUEST_H
#define ISOSPIN_REQUEST_H

#include "state.h"

/* `memory` is the arena's first part. */
void request_start(isospin_request *request, wasi_http_types_own_incoming_request_t handle,
                   void *memory, size_t size);

/* Lets go of everything that belongs to the request, children first. */
void request_end(isospin_request *request);

void response_start(isospin_response *response, isospin_request *request,
                    wasi_http_types_own_response_outparam_t out);

/* Sends what is left of the response, or that there is none. */
void response_end(isospin_response *response);

#endif

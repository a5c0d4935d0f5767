/*
 * Three imports that every handler carries, called without the generated
 * bindings: those convert each of 39 error codes with its details, three
 * kilobytes of code, where the number and one text are all that is used.
 */
#ifndef ISOSPIN_LEAN_H
#define ISOSPIN_LEAN_H

#include "state.h"

/* response-outparam.set with a response. */
void lean_set_response(wasi_http_types_own_response_outparam_t out,
                       wasi_http_types_own_outgoing_response_t response);

/* outgoing-body.finish; `trailers` may be none. */
isospin_error lean_finish_body(struct arena *arena, wasi_http_types_own_outgoing_body_t body,
                               wasi_http_types_own_fields_t trailers);

/* http-error-code; ISOSPIN_ERROR_INTERNAL_ERROR if it is none of HTTP. */
isospin_error lean_http_error(struct arena *arena, wasi_io_error_own_error_t cause);

#endif

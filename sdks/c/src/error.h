/* The world's errors as ours. */
#ifndef ISOSPIN_ERROR_H
#define ISOSPIN_ERROR_H

#include "application.h"
#include "arena.h"
#include "isospin.h"

/* An error code of wasi:http. What the host adds as text goes to the log. */
isospin_error error_from_code(const wasi_http_types_error_code_t *code);

/* Why a stream failed, and whether it only ended (ISOSPIN_ERROR_CLOSED). */
isospin_error error_from_stream(struct arena *arena, wasi_io_streams_stream_error_t *error);

#endif

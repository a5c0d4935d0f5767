/* Fetches, for the poll set. */
#ifndef ISOSPIN_FETCH_H
#define ISOSPIN_FETCH_H

#include "state.h"

/* Takes the response or the error if it is there; `known` is false if not yet. */
void fetch_take_response(isospin_fetch *fetch, bool *known);

/* What becomes ready when the response is there. */
wasi_io_poll_borrow_pollable_t fetch_pollable(isospin_fetch *fetch);

#endif

/* Waiting: everything that waits does it here. */
#ifndef ISOSPIN_WAIT_H
#define ISOSPIN_WAIT_H

#include "state.h"

/* Waits until one of `count` pollables is ready and sets `ready` for each that
 * is. Meanwhile what the request's writers hold is sent. */
void wait_any(isospin_request *request, const wasi_io_poll_borrow_pollable_t *pollables,
              size_t count, bool *ready);

/* The same for one. */
void wait_one(isospin_request *request, wasi_io_poll_borrow_pollable_t pollable);

/* Whether a writer of the request holds something that was not sent. */
bool wait_has_unsent(const isospin_request *request);

#endif

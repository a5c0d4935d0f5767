/* Bodies that arrive and bodies that are sent, for the SDK's own use. */
#ifndef ISOSPIN_BODY_H
#define ISOSPIN_BODY_H

#include "state.h"

/* Starts reading; `body` is the reader's from now on. */
void reader_open(isospin_reader *reader, isospin_request *request,
                 wasi_http_types_own_incoming_body_t body);

/* Lets go of the body, wherever it stands. */
void reader_close(isospin_reader *reader);

/* What becomes ready when a read would not wait; none if it would not now. */
wasi_io_poll_borrow_pollable_t reader_pollable(isospin_reader *reader);

/* Prepares a writer and adds it to the request's. */
void writer_open(isospin_writer *writer, isospin_request *request,
                 isospin_error (*start)(isospin_writer *, bool));

/* Sends the head, once. */
isospin_error writer_start(isospin_writer *writer, bool whole);

/* Takes the stream out of `body`; false if that is impossible. */
bool writer_take_stream(isospin_writer *writer);

/* Writes to the host, past the buffer, and waits while it takes no more. */
isospin_error writer_send(isospin_writer *writer, const char *data, size_t size);

/* Sends what is in the buffer as far as that needs no waiting. Returns whether
 * something is left, in which case the writer's pollable tells when to go on. */
bool writer_push(isospin_writer *writer);

/* What becomes ready when a write would not wait. */
wasi_io_poll_borrow_pollable_t writer_pollable(isospin_writer *writer);

/* Lets go of the body; if its end was not sent, the other side sees it cut. */
void writer_close(isospin_writer *writer);

#endif

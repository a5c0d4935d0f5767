#include <stdarg.h>
#include <string.h>

#include "body.h"
#include "error.h"
#include "fields.h"
#include "format.h"
#include "lean.h"

/* What is gathered before it is sent, if nothing waits. */
enum { BUFFER_SIZE = 4096 };

void writer_open(isospin_writer *writer, isospin_request *request,
                 isospin_error (*start)(isospin_writer *, bool)) {
  memset(writer, 0, sizeof *writer);
  writer->request = request;
  writer->start = start;
  writer->next = request->writers;
  request->writers = writer;
}

isospin_error writer_start(isospin_writer *writer, bool whole) {
  if (!writer->started) {
    writer->started = true;
    writer->error = writer->start(writer, whole);
  }
  return writer->error;
}

bool writer_take_stream(isospin_writer *writer) {
  return wasi_http_types_method_outgoing_body_write(
      wasi_http_types_borrow_outgoing_body(writer->body), &writer->stream);
}

wasi_io_poll_borrow_pollable_t writer_pollable(isospin_writer *writer) {
  if (writer->pollable.__handle == 0 && writer->stream.__handle != 0) {
    writer->pollable = wasi_io_streams_method_output_stream_subscribe(
        wasi_io_streams_borrow_output_stream(writer->stream));
  }
  return wasi_io_poll_borrow_pollable(writer->pollable);
}

static void drop_stream(isospin_writer *writer) {
  if (writer->pollable.__handle != 0) {
    wasi_io_poll_pollable_drop_own(writer->pollable);
    writer->pollable.__handle = 0;
  }
  if (writer->stream.__handle != 0) {
    wasi_io_streams_output_stream_drop_own(writer->stream);
    writer->stream.__handle = 0;
  }
}

void writer_close(isospin_writer *writer) {
  drop_stream(writer);
  if (writer->body.__handle != 0) {
    wasi_http_types_outgoing_body_drop_own(writer->body);
    writer->body.__handle = 0;
  }
  if (writer->headers.__handle != 0) {
    wasi_http_types_fields_drop_own(writer->headers);
    writer->headers.__handle = 0;
  }
  if (writer->trailers.__handle != 0) {
    wasi_http_types_fields_drop_own(writer->trailers);
    writer->trailers.__handle = 0;
  }
  writer->ended = true;
}

/* Gives the host as much as it takes now: `*taken` bytes, 0 if it takes none. */
static isospin_error write_now(isospin_writer *writer, const char *data, size_t size,
                               size_t *taken) {
  wasi_io_streams_borrow_output_stream_t stream =
      wasi_io_streams_borrow_output_stream(writer->stream);
  wasi_io_streams_stream_error_t failure;
  uint64_t room = 0;
  bool well = wasi_io_streams_method_output_stream_check_write(stream, &room, &failure);
  if (well && room > 0) {
    application_list_u8_t bytes = {(uint8_t *)data, size < room ? size : (size_t)room};
    well = wasi_io_streams_method_output_stream_write(stream, &bytes, &failure);
    room = bytes.len;
    writer->unflushed = true;
  }
  *taken = (size_t)room;
  if (!well) {
    writer->error = error_from_stream(&writer->request->arena, &failure);
  }
  return writer->error;
}

static void wait_for_room(isospin_writer *writer) {
  isospin_request *request = writer->request;
  if (request->wait != NULL) {
    request->wait(request, writer_pollable(writer));
  } else {
    wasi_io_poll_method_pollable_block(writer_pollable(writer));
  }
}

isospin_error writer_send(isospin_writer *writer, const char *data, size_t size) {
  while (size > 0) {
    size_t taken;
    isospin_error error = write_now(writer, data, size, &taken);
    if (error != ISOSPIN_OK) {
      return error;
    }
    if (taken == 0) {
      wait_for_room(writer);
    }
    data += taken;
    size -= taken;
  }
  return ISOSPIN_OK;
}

/* Sends what is in the buffer and waits while the host takes no more. */
static isospin_error send_buffer(isospin_writer *writer) {
  /* While this waits, `writer_push` must not send the same bytes. */
  size_t filled = writer->filled;
  writer->filled = 0;
  return writer_send(writer, writer->buffer, filled);
}

bool writer_push(isospin_writer *writer) {
  if (writer_start(writer, false) != ISOSPIN_OK) {
    return false;
  }
  size_t taken = 1, sent = 0;
  while (sent < writer->filled && taken > 0 && writer->error == ISOSPIN_OK) {
    write_now(writer, writer->buffer + sent, writer->filled - sent, &taken);
    sent += taken;
  }
  if (writer->error != ISOSPIN_OK) {
    return false;
  }
  memmove(writer->buffer, writer->buffer + sent, writer->filled - sent);
  writer->filled -= sent;
  if (writer->filled == 0 && writer->unflushed) {
    wasi_io_streams_stream_error_t failure;
    writer->unflushed = false;
    if (!wasi_io_streams_method_output_stream_flush(
            wasi_io_streams_borrow_output_stream(writer->stream), &failure)) {
      writer->error = error_from_stream(&writer->request->arena, &failure);
    }
  }
  return writer->filled > 0;
}

/* The error that keeps anything more from being written, if there is one. */
static isospin_error check_open(const isospin_writer *writer) {
  return writer->error == ISOSPIN_OK && writer->ended ? ISOSPIN_ERROR_TOO_LATE : writer->error;
}

isospin_error isospin_write(isospin_writer *writer, const void *data, size_t size) {
  isospin_error error = check_open(writer);
  if (error != ISOSPIN_OK || size == 0) {
    return error;
  }
  if (size > BUFFER_SIZE - writer->filled) {
    error = writer_start(writer, false);
    if (error == ISOSPIN_OK) {
      error = send_buffer(writer);
    }
    if (error == ISOSPIN_OK && size >= BUFFER_SIZE) {
      return writer_send(writer, data, size);
    }
  }
  if (error != ISOSPIN_OK) {
    return error;
  }
  if (writer->buffer == NULL) {
    writer->buffer = arena_allocate(&writer->request->arena, BUFFER_SIZE, 1);
  }
  memcpy(writer->buffer + writer->filled, data, size);
  writer->filled += size;
  return ISOSPIN_OK;
}

isospin_error isospin_print(isospin_writer *writer, const char *text) {
  return isospin_write(writer, text, strlen(text));
}

static void write_piece(void *writer, const char *data, size_t size) {
  isospin_write(writer, data, size);
}

isospin_error isospin_printf(isospin_writer *writer, const char *format, ...) {
  isospin_error error = check_open(writer);
  if (error != ISOSPIN_OK) {
    return error;
  }
  va_list arguments;
  va_start(arguments, format);
  format_text(write_piece, writer, format, arguments);
  va_end(arguments);
  return writer->error;
}

isospin_error isospin_flush(isospin_writer *writer) {
  isospin_error error = check_open(writer);
  if (error == ISOSPIN_OK) {
    error = writer_start(writer, false);
  }
  if (error == ISOSPIN_OK) {
    error = send_buffer(writer);
  }
  if (error == ISOSPIN_OK) {
    writer_push(writer);
  }
  return writer->error;
}

ptrdiff_t isospin_write_some(isospin_writer *writer, const void *data, size_t size) {
  size_t taken = 0;
  isospin_error error = check_open(writer);
  if (error == ISOSPIN_OK && !writer_push(writer) && writer->error == ISOSPIN_OK && size > 0) {
    write_now(writer, data, size <= PTRDIFF_MAX ? size : PTRDIFF_MAX, &taken);
  }
  error = check_open(writer);
  return error != ISOSPIN_OK ? -(ptrdiff_t)error : (ptrdiff_t)taken;
}

isospin_error isospin_add_trailer(isospin_writer *writer, const char *name, const char *value) {
  isospin_error error = check_open(writer);
  return error != ISOSPIN_OK ? error : fields_write(&writer->trailers, name, value, false);
}

/* Tells the host that the body is complete. */
static isospin_error finish(isospin_writer *writer) {
  drop_stream(writer);
  wasi_http_types_own_outgoing_body_t body = writer->body;
  wasi_http_types_own_fields_t trailers = writer->trailers;
  writer->body.__handle = 0;
  writer->trailers.__handle = 0;
  return lean_finish_body(&writer->request->arena, body, trailers);
}

isospin_error isospin_end(isospin_writer *writer) {
  if (writer->ended) {
    return writer->error;
  }
  writer_start(writer, true);
  if (writer->error == ISOSPIN_OK && writer->filled > 0) {
    send_buffer(writer);
  }
  writer->ended = true;
  if (writer->error == ISOSPIN_OK && writer->body.__handle != 0) {
    writer->error = finish(writer);
  }
  writer_close(writer);
  return writer->error;
}

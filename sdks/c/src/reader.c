#include <string.h>

#include "body.h"
#include "error.h"
#include "fields.h"
#include "lend.h"
#include "wait.h"

void reader_open(isospin_reader *reader, isospin_request *request,
                 wasi_http_types_own_incoming_body_t body) {
  memset(reader, 0, sizeof *reader);
  reader->request = request;
  reader->body = body;
  wasi_http_types_method_incoming_body_stream(wasi_http_types_borrow_incoming_body(body),
                                              &reader->stream);
}

/* The stream goes before the body whose child it is. */
static void drop_stream(isospin_reader *reader) {
  if (reader->pollable.__handle != 0) {
    wasi_io_poll_pollable_drop_own(reader->pollable);
    reader->pollable.__handle = 0;
  }
  if (reader->stream.__handle != 0) {
    wasi_io_streams_input_stream_drop_own(reader->stream);
    reader->stream.__handle = 0;
  }
}

void reader_close(isospin_reader *reader) {
  drop_stream(reader);
  if (reader->body.__handle != 0) {
    wasi_http_types_incoming_body_drop_own(reader->body);
    reader->body.__handle = 0;
  }
}

wasi_io_poll_borrow_pollable_t reader_pollable(isospin_reader *reader) {
  if (reader->stream.__handle == 0) {
    return (wasi_io_poll_borrow_pollable_t){0};
  }
  if (reader->pollable.__handle == 0) {
    reader->pollable = wasi_io_streams_method_input_stream_subscribe(
        wasi_io_streams_borrow_input_stream(reader->stream));
  }
  return wasi_io_poll_borrow_pollable(reader->pollable);
}

/* One read of the host; `got` may be 0. False at the end or at an error. */
static bool read_once(isospin_reader *reader, void *buffer, size_t size, bool wait, size_t *got) {
  wasi_io_streams_borrow_input_stream_t stream =
      wasi_io_streams_borrow_input_stream(reader->stream);
  application_list_u8_t bytes;
  wasi_io_streams_stream_error_t failure;
  lend_buffer(buffer, size);
  bool well = wait ? wasi_io_streams_method_input_stream_blocking_read(stream, size, &bytes, &failure)
                   : wasi_io_streams_method_input_stream_read(stream, size, &bytes, &failure);
  if (well) {
    *got = bytes.len;
    return true;
  }
  isospin_error error = error_from_stream(&reader->request->arena, &failure);
  reader->error = error == ISOSPIN_ERROR_CLOSED ? ISOSPIN_OK : error;
  drop_stream(reader);
  return false;
}

ptrdiff_t isospin_read(isospin_reader *reader, void *buffer, size_t size) {
  size_t got = 0;
  if (size > PTRDIFF_MAX) {
    size = PTRDIFF_MAX;
  }
  while (got == 0 && size > 0 && reader->stream.__handle != 0) {
    bool unsent = wait_has_unsent(reader->request);
    if (read_once(reader, buffer, size, !unsent, &got) && got == 0 && unsent) {
      wait_one(reader->request, reader_pollable(reader));
    }
  }
  return reader->error != ISOSPIN_OK ? -(ptrdiff_t)reader->error : (ptrdiff_t)got;
}

isospin_error isospin_read_all(isospin_reader *reader, size_t limit, isospin_bytes *body) {
  enum { FIRST_SIZE = 4096 };
  struct arena *arena = &reader->request->arena;
  size_t room = FIRST_SIZE, size = 0;
  char *data = arena_allocate(arena, room, 16);
  *body = (isospin_bytes){"", 0};
  for (;;) {
    /* One byte is kept for the NUL. */
    ptrdiff_t got = isospin_read(reader, data + size, room - 1 - size);
    if (got < 0) {
      return (isospin_error)-got;
    }
    size += (size_t)got;
    if (size > limit) {
      return ISOSPIN_ERROR_HTTP_REQUEST_BODY_SIZE;
    }
    if (got == 0) {
      data[size] = '\0';
      *body = (isospin_bytes){data, size};
      return ISOSPIN_OK;
    }
    if (room - 1 == size) {
      data = arena_grow(arena, data, room, room * 2);
      room *= 2;
    }
  }
}

isospin_error isospin_copy(isospin_reader *reader, isospin_writer *writer) {
  enum { PIECE = 16 * 1024 };
  char piece[PIECE];
  for (;;) {
    ptrdiff_t got = isospin_read(reader, piece, sizeof piece);
    if (got <= 0) {
      return (isospin_error)-got;
    }
    isospin_error error = isospin_write(writer, piece, (size_t)got);
    if (error != ISOSPIN_OK) {
      return error;
    }
  }
}

/* Waits for the trailers and copies them into the arena. */
static isospin_error take_trailers(isospin_reader *reader,
                                   wasi_http_types_own_future_trailers_t future) {
  wasi_http_types_borrow_future_trailers_t borrowed =
      wasi_http_types_borrow_future_trailers(future);
  wasi_http_types_result_result_option_own_trailers_error_code_void_t result;
  lend_arena(&reader->request->arena);
  while (!wasi_http_types_method_future_trailers_get(borrowed, &result)) {
    wasi_io_poll_own_pollable_t pollable = wasi_http_types_method_future_trailers_subscribe(borrowed);
    wait_one(reader->request, wasi_io_poll_borrow_pollable(pollable));
    wasi_io_poll_pollable_drop_own(pollable);
    lend_arena(&reader->request->arena);
  }
  if (result.is_err) {
    return ISOSPIN_ERROR_TOO_LATE;
  }
  if (result.val.ok.is_err) {
    return error_from_code(&result.val.ok.val.err);
  }
  if (result.val.ok.val.ok.is_some) {
    wasi_http_types_own_fields_t trailers = result.val.ok.val.ok.val;
    reader->trailers = fields_read(&reader->request->arena, trailers);
    wasi_http_types_fields_drop_own(trailers);
  }
  return ISOSPIN_OK;
}

isospin_error isospin_trailers(isospin_reader *reader, isospin_fields *trailers) {
  if (!reader->trailers_known && reader->error == ISOSPIN_OK && reader->body.__handle != 0) {
    drop_stream(reader);
    wasi_http_types_own_future_trailers_t future =
        wasi_http_types_static_incoming_body_finish(reader->body);
    reader->body.__handle = 0;
    reader->error = take_trailers(reader, future);
    wasi_http_types_future_trailers_drop_own(future);
    reader->trailers_known = true;
  }
  *trailers = reader->trailers;
  return reader->error;
}

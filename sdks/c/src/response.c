#include <stdarg.h>
#include <string.h>

#include "body.h"
#include "fields.h"
#include "format.h"
#include "lean.h"
#include "log.h"
#include "request.h"
#include "wait.h"

/* Whether a response with this status may say how long its body is. */
static bool may_have_length(int status) { return status >= 200 && status != 204 && status != 304; }

/* Gives the head to the host, which sends it. `writer` is the response's. */
static isospin_error send_head(isospin_writer *writer, bool whole) {
  isospin_response *response = (isospin_response *)writer;
  /* The answer to HEAD has the length that GET would have: only a body tells. */
  bool length_known = whole && writer->trailers.__handle == 0 && may_have_length(response->status) &&
                      (writer->filled > 0 ||
                       strcmp(isospin_request_method(writer->request), "HEAD") != 0);
  if (length_known && !fields_has(writer->headers, "content-length")) {
    fields_set_length(&writer->headers, writer->filled);
  }
  if (writer->headers.__handle == 0) {
    writer->headers = wasi_http_types_constructor_fields();
  }
  wasi_http_types_own_outgoing_response_t head =
      wasi_http_types_constructor_outgoing_response(writer->headers);
  writer->headers.__handle = 0;
  wasi_http_types_borrow_outgoing_response_t borrowed = wasi_http_types_borrow_outgoing_response(head);
  wasi_http_types_method_outgoing_response_set_status_code(borrowed, (uint16_t)response->status);
  wasi_http_types_method_outgoing_response_body(borrowed, &writer->body);
  lean_set_response(response->out, head);
  response->out.__handle = 0;
  return writer_take_stream(writer) ? ISOSPIN_OK : ISOSPIN_ERROR_CLOSED;
}

void response_start(isospin_response *response, isospin_request *request,
                    wasi_http_types_own_response_outparam_t out) {
  writer_open(&response->writer, request, send_head);
  response->out = out;
  response->status = 200;
  response->failed = false;
}

/* Answers a failure before the start with an empty 500. */
static void send_failure(isospin_response *response) {
  isospin_writer *writer = &response->writer;
  writer_close(writer);
  writer->filled = 0;
  writer->ended = false;
  response->status = 500;
  isospin_end(writer);
}

void response_end(isospin_response *response) {
  if (!response->failed) {
    isospin_error error = isospin_end(&response->writer);
    /* A client that left is none of the handler's business. */
    if (error != ISOSPIN_OK && error != ISOSPIN_ERROR_CLOSED) {
      /* Without the names of all errors, which only some handlers need. */
      log_line("isospin: the response was cut",
               error == ISOSPIN_ERROR_HTTP_RESPONSE_BODY_SIZE
                   ? ": its body has not the size of its content-length"
                   : "",
               NULL);
    }
  } else if (!response->writer.started) {
    send_failure(response);
  }
  writer_close(&response->writer);
}

/* Gives what was sent before a failure the time to get out: a host that sees the
 * cut at once may send none of it, not even the head. */
static void let_out(isospin_writer *writer) {
  if (writer->started && !writer->ended && isospin_flush(writer) == ISOSPIN_OK) {
    wait_one(writer->request, writer_pollable(writer));
    isospin_sleep(writer->request, ISOSPIN_MILLISECOND);
  }
}

void isospin_fail(isospin_response *response, const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  format_log(format, arguments);
  va_end(arguments);
  response->failed = true;
  let_out(&response->writer);
}

isospin_error isospin_response_set_status(isospin_response *response, int status) {
  if (response->writer.started) {
    return ISOSPIN_ERROR_TOO_LATE;
  }
  if (status < 100 || status > 999) {
    return ISOSPIN_ERROR_INVALID_FIELD;
  }
  response->status = status;
  return ISOSPIN_OK;
}

static isospin_error write_header(isospin_response *response, const char *name, const char *value,
                                  bool replace) {
  isospin_writer *writer = &response->writer;
  return writer->started ? ISOSPIN_ERROR_TOO_LATE
                         : fields_write(&writer->headers, name, value, replace);
}

isospin_error isospin_response_set_header(isospin_response *response, const char *name,
                                          const char *value) {
  return write_header(response, name, value, true);
}

isospin_error isospin_response_add_header(isospin_response *response, const char *name,
                                          const char *value) {
  return write_header(response, name, value, false);
}

isospin_writer *isospin_response_body(isospin_response *response) { return &response->writer; }

isospin_error isospin_respond(isospin_response *response, int status, const char *content_type,
                              const void *body, size_t size) {
  isospin_error error = isospin_response_set_status(response, status);
  if (error == ISOSPIN_OK && content_type != NULL) {
    error = isospin_response_set_header(response, "content-type", content_type);
  }
  isospin_writer *writer = &response->writer;
  if (error == ISOSPIN_OK && writer->filled > 0) {
    error = ISOSPIN_ERROR_TOO_LATE;
  }
  if (error == ISOSPIN_OK) {
    /* For `send_head` alone: the body is sent from where it stands. */
    writer->filled = size;
    error = writer_start(writer, true);
    writer->filled = 0;
  }
  if (error == ISOSPIN_OK) {
    writer_send(writer, body, size);
    error = isospin_end(writer);
  }
  return error;
}

isospin_error isospin_respond_text(isospin_response *response, int status, const char *text) {
  return isospin_respond(response, status, "text/plain; charset=utf-8", text, strlen(text));
}

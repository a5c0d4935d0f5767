#include <string.h>

#include "body.h"
#include "error.h"
#include "fetch.h"
#include "fields.h"
#include "lend.h"
#include "url.h"
#include "wait.h"

static wasi_http_types_method_t method_of(const char *name) {
  wasi_http_types_method_t method = {.tag = WASI_HTTP_TYPES_METHOD_OTHER};
  for (uint8_t tag = 0; tag < WASI_HTTP_TYPES_METHOD_OTHER; tag++) {
    if (strcmp(name, METHOD_NAMES[tag]) == 0) {
      method.tag = tag;
    }
  }
  method.val.other = (application_string_t){(uint8_t *)name, strlen(name)};
  return method;
}

static application_string_t string_of(struct url_part part) {
  return (application_string_t){(uint8_t *)part.data, part.size};
}

static wasi_http_types_scheme_t scheme_of(struct url_part part) {
  wasi_http_types_scheme_t scheme = {.tag = WASI_HTTP_TYPES_SCHEME_OTHER};
  if (part.size == 4 && memcmp(part.data, "http", 4) == 0) {
    scheme.tag = WASI_HTTP_TYPES_SCHEME_HTTP;
  } else if (part.size == 5 && memcmp(part.data, "https", 5) == 0) {
    scheme.tag = WASI_HTTP_TYPES_SCHEME_HTTPS;
  }
  scheme.val.other = string_of(part);
  return scheme;
}

/* What the request is sent to, with the "/" that a URL may leave out. */
static application_string_t target_of(struct arena *arena, struct url_part target) {
  if (target.size > 0 && target.data[0] == '/') {
    return string_of(target);
  }
  char *text = arena_allocate(arena, target.size + 1, 1);
  text[0] = '/';
  memcpy(text + 1, target.data, target.size);
  return (application_string_t){(uint8_t *)text, target.size + 1};
}

/* Fills in where the request goes and how. */
static isospin_error address(isospin_fetch *fetch,
                             wasi_http_types_borrow_outgoing_request_t request) {
  struct url url;
  if (!url_parse(fetch->url, &url)) {
    return ISOSPIN_ERROR_HTTP_REQUEST_URI_INVALID;
  }
  wasi_http_types_method_t method = method_of(fetch->method);
  if (!wasi_http_types_method_outgoing_request_set_method(request, &method)) {
    return ISOSPIN_ERROR_HTTP_REQUEST_METHOD_INVALID;
  }
  wasi_http_types_scheme_t scheme = scheme_of(url.scheme);
  application_string_t authority = string_of(url.authority);
  application_string_t target = target_of(&fetch->writer.request->arena, url.target);
  bool valid = wasi_http_types_method_outgoing_request_set_scheme(request, &scheme) &&
               wasi_http_types_method_outgoing_request_set_authority(request, &authority) &&
               wasi_http_types_method_outgoing_request_set_path_with_query(request, &target);
  return valid ? ISOSPIN_OK : ISOSPIN_ERROR_HTTP_REQUEST_URI_INVALID;
}

static wasi_http_types_own_request_options_t options_of(const isospin_fetch *fetch) {
  wasi_http_types_own_request_options_t options = {0};
  const uint64_t *limits = fetch->timeouts;
  if (limits[0] == 0 && limits[1] == 0 && limits[2] == 0) {
    return options;
  }
  options = wasi_http_types_constructor_request_options();
  wasi_http_types_borrow_request_options_t borrowed = wasi_http_types_borrow_request_options(options);
  uint64_t limit = limits[0];
  wasi_http_types_method_request_options_set_connect_timeout(borrowed, limit ? &limit : NULL);
  limit = limits[1];
  wasi_http_types_method_request_options_set_first_byte_timeout(borrowed, limit ? &limit : NULL);
  limit = limits[2];
  wasi_http_types_method_request_options_set_between_bytes_timeout(borrowed, limit ? &limit : NULL);
  return options;
}

/* Gives the request to the host, which sends it. */
static isospin_error dispatch(isospin_fetch *fetch, wasi_http_types_own_outgoing_request_t request) {
  wasi_http_types_own_request_options_t options = options_of(fetch);
  wasi_http_types_error_code_t code;
  lend_arena(&fetch->writer.request->arena);
  if (!wasi_http_outgoing_handler_handle(request, options.__handle != 0 ? &options : NULL,
                                         &fetch->future, &code)) {
    return error_from_code(&code);
  }
  return ISOSPIN_OK;
}

/* Sends the request's head. `writer` is the fetch's. */
static isospin_error send_head(isospin_writer *writer, bool whole) {
  isospin_fetch *fetch = (isospin_fetch *)writer;
  if (whole && fetch->has_body && writer->trailers.__handle == 0 &&
      !fields_has(writer->headers, "content-length")) {
    fields_set_length(&writer->headers, writer->filled);
  }
  if (writer->headers.__handle == 0) {
    writer->headers = wasi_http_types_constructor_fields();
  }
  wasi_http_types_own_outgoing_request_t request =
      wasi_http_types_constructor_outgoing_request(writer->headers);
  writer->headers.__handle = 0;
  wasi_http_types_borrow_outgoing_request_t borrowed =
      wasi_http_types_borrow_outgoing_request(request);
  fetch->error = address(fetch, borrowed);
  if (fetch->error != ISOSPIN_OK) {
    wasi_http_types_outgoing_request_drop_own(request);
    return fetch->error;
  }
  if (fetch->has_body) {
    wasi_http_types_method_outgoing_request_body(borrowed, &writer->body);
    writer_take_stream(writer);
  }
  writer->ended = !fetch->has_body;
  fetch->error = dispatch(fetch, request);
  return fetch->error;
}

isospin_fetch *isospin_fetch_new(isospin_request *request, const char *method, const char *url) {
  isospin_fetch *fetch = isospin_allocate(request, sizeof *fetch);
  writer_open(&fetch->writer, request, send_head);
  fetch->method = isospin_copy_bytes(request, method, strlen(method));
  fetch->url = isospin_copy_bytes(request, url, strlen(url));
  fetch->next = request->fetches;
  request->fetches = fetch;
  request->close_fetch = isospin_fetch_close;
  request->wait = wait_one;
  return fetch;
}

isospin_error isospin_fetch_set_header(isospin_fetch *fetch, const char *name, const char *value) {
  return fetch->writer.started ? ISOSPIN_ERROR_TOO_LATE
                               : fields_write(&fetch->writer.headers, name, value, true);
}

isospin_error isospin_fetch_add_header(isospin_fetch *fetch, const char *name, const char *value) {
  return fetch->writer.started ? ISOSPIN_ERROR_TOO_LATE
                               : fields_write(&fetch->writer.headers, name, value, false);
}

void isospin_fetch_set_timeouts(isospin_fetch *fetch, uint64_t connect, uint64_t first_byte,
                                uint64_t between_bytes) {
  fetch->timeouts[0] = connect;
  fetch->timeouts[1] = first_byte;
  fetch->timeouts[2] = between_bytes;
}

isospin_writer *isospin_fetch_body(isospin_fetch *fetch) {
  if (!fetch->writer.started) {
    fetch->has_body = true;
  }
  return &fetch->writer;
}

isospin_error isospin_fetch_send(isospin_fetch *fetch) {
  isospin_error error = writer_start(&fetch->writer, !fetch->has_body);
  if (error == ISOSPIN_OK && fetch->has_body) {
    writer_push(&fetch->writer);
  }
  return fetch->error;
}

void fetch_take_response(isospin_fetch *fetch, bool *known) {
  *known = true;
  if (fetch->future.__handle == 0 || fetch->response.__handle != 0 || fetch->error != ISOSPIN_OK) {
    return;
  }
  wasi_http_types_result_result_own_incoming_response_error_code_void_t result;
  lend_arena(&fetch->writer.request->arena);
  if (!wasi_http_types_method_future_incoming_response_get(
          wasi_http_types_borrow_future_incoming_response(fetch->future), &result)) {
    *known = false;
  } else if (result.is_err) {
    fetch->error = ISOSPIN_ERROR_TOO_LATE;
  } else if (result.val.ok.is_err) {
    fetch->error = error_from_code(&result.val.ok.val.err);
  } else {
    fetch->response = result.val.ok.val.ok;
    fetch->status = wasi_http_types_method_incoming_response_status(
        wasi_http_types_borrow_incoming_response(fetch->response));
  }
}

wasi_io_poll_borrow_pollable_t fetch_pollable(isospin_fetch *fetch) {
  if (fetch->pollable.__handle == 0) {
    fetch->pollable = wasi_http_types_method_future_incoming_response_subscribe(
        wasi_http_types_borrow_future_incoming_response(fetch->future));
  }
  return wasi_io_poll_borrow_pollable(fetch->pollable);
}

isospin_error isospin_fetch_wait(isospin_fetch *fetch) {
  /* A server may answer before it has taken the whole body; what it then
   * refuses to take is no error of the response. */
  isospin_end(&fetch->writer);
  bool known = false;
  fetch_take_response(fetch, &known);
  while (!known) {
    wait_one(fetch->writer.request, fetch_pollable(fetch));
    fetch_take_response(fetch, &known);
  }
  return fetch->error;
}

int isospin_fetch_status(isospin_fetch *fetch) { return fetch->status; }

isospin_error isospin_fetch_error(isospin_fetch *fetch) { return fetch->error; }

isospin_fields isospin_fetch_headers(isospin_fetch *fetch) {
  if (!fetch->headers_known && fetch->response.__handle != 0) {
    fetch->headers_known = true;
    wasi_http_types_own_fields_t headers = wasi_http_types_method_incoming_response_headers(
        wasi_http_types_borrow_incoming_response(fetch->response));
    fetch->headers = fields_read(&fetch->writer.request->arena, headers);
    wasi_http_types_fields_drop_own(headers);
  }
  return fetch->headers;
}

const char *isospin_fetch_header(isospin_fetch *fetch, const char *name) {
  const isospin_field *field = isospin_find(isospin_fetch_headers(fetch), name, NULL);
  return field == NULL ? NULL : field->value;
}

isospin_reader *isospin_fetch_reader(isospin_fetch *fetch) {
  if (fetch->response.__handle == 0) {
    return NULL;
  }
  if (fetch->reader.request == NULL) {
    wasi_http_types_own_incoming_body_t body;
    wasi_http_types_method_incoming_response_consume(
        wasi_http_types_borrow_incoming_response(fetch->response), &body);
    reader_open(&fetch->reader, fetch->writer.request, body);
  }
  return &fetch->reader;
}

/* Takes the fetch and its writer out of the request's lists. */
static void unlink_fetch(isospin_fetch *fetch) {
  isospin_request *request = fetch->writer.request;
  isospin_fetch **fetches = &request->fetches;
  while (*fetches != fetch) {
    fetches = &(*fetches)->next;
  }
  *fetches = fetch->next;
  isospin_writer **writers = &request->writers;
  while (*writers != &fetch->writer) {
    writers = &(*writers)->next;
  }
  *writers = fetch->writer.next;
}

void isospin_fetch_close(isospin_fetch *fetch) {
  unlink_fetch(fetch);
  writer_close(&fetch->writer);
  if (fetch->reader.request != NULL) {
    reader_close(&fetch->reader);
  }
  if (fetch->response.__handle != 0) {
    wasi_http_types_incoming_response_drop_own(fetch->response);
  }
  if (fetch->pollable.__handle != 0) {
    wasi_io_poll_pollable_drop_own(fetch->pollable);
  }
  if (fetch->future.__handle != 0) {
    wasi_http_types_future_incoming_response_drop_own(fetch->future);
  }
}

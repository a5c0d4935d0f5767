/* What a request holds. */
#include "routes.h"

/* Writes the bytes with all but visible ASCII percent-encoded. */
static void write_escaped(isospin_writer *body, const char *bytes, size_t size) {
  for (size_t i = 0; i < size; i++) {
    unsigned char byte = (unsigned char)bytes[i];
    if (byte < 0x21 || byte > 0x7e || byte == '%') {
      isospin_printf(body, "%%%02X", byte);
    } else {
      isospin_write(body, &bytes[i], 1);
    }
  }
}

void route_reflect(const struct call *call) {
  set_content_type(call, "text/plain; charset=utf-8");
  isospin_writer *body = isospin_response_body(call->response);
  isospin_printf(body, "method %s\n", isospin_request_method(call->request));
  isospin_printf(body, "path %s\n", isospin_request_path(call->request));
  const char *query = isospin_request_query(call->request);
  if (query != NULL) {
    isospin_printf(body, "query %s\n", query);
  }
  isospin_fields headers = isospin_request_headers(call->request);
  for (size_t i = 0; i < headers.count; i++) {
    isospin_printf(body, "header %s ", headers.items[i].name);
    write_escaped(body, headers.items[i].value, headers.items[i].value_size);
    isospin_print(body, "\n");
  }
}

/* RFC 1950's checksum of bytes that come in pieces; begins with 1. */
static uint32_t adler32(uint32_t sum, const unsigned char *bytes, size_t size) {
  enum { PRIME = 65521 };
  uint32_t low = sum & 0xffff, high = sum >> 16;
  for (size_t i = 0; i < size; i++) {
    low = (low + bytes[i]) % PRIME;
    high = (high + low) % PRIME;
  }
  return high << 16 | low;
}

void route_collect(const struct call *call) {
  isospin_bytes whole;
  isospin_error error = isospin_read_all(isospin_request_body(call->request), SIZE_MAX, &whole);
  if (error != ISOSPIN_OK) {
    isospin_fail(call->response, "the body: %s", isospin_error_name(error));
    return;
  }
  uint32_t sum = adler32(1, (const unsigned char *)whole.data, whole.size);
  isospin_respond_text(call->response, 200,
                       isospin_format(call->request, "length %zu\nadler32 %08x\n", whole.size,
                                      (unsigned)sum));
}

/* Sends the request's body and trailers back. */
static void send_back(const struct call *call) {
  isospin_reader *from = isospin_request_body(call->request);
  isospin_writer *to = isospin_response_body(call->response);
  isospin_fields trailers = {0};
  isospin_error error = isospin_copy(from, to);
  if (error == ISOSPIN_OK) {
    error = isospin_trailers(from, &trailers);
  }
  for (size_t i = 0; i < trailers.count; i++) {
    isospin_add_trailer(to, trailers.items[i].name, trailers.items[i].value);
  }
  if (error != ISOSPIN_OK) {
    isospin_fail(call->response, "echo: %s", isospin_error_name(error));
  }
}

static void set_echo_headers(const struct call *call) {
  const char *type = isospin_request_header(call->request, "content-type");
  set_content_type(call, type != NULL ? type : "application/octet-stream");
  isospin_fields headers = isospin_request_headers(call->request);
  const isospin_field *announced = NULL;
  while ((announced = isospin_find(headers, "trailer", announced)) != NULL) {
    isospin_response_add_header(call->response, "trailer", announced->value);
  }
}

void route_echo(const struct call *call) {
  set_echo_headers(call);
  send_back(call);
}

void route_duplex(const struct call *call) {
  set_echo_headers(call);
  isospin_print(isospin_response_body(call->response), "ready\n");
  isospin_flush(isospin_response_body(call->response));
  send_back(call);
}

void route_early(const struct call *call) { isospin_respond_text(call->response, 403, "early\n"); }

void route_watch(const struct call *call) {
  isospin_reader *from = isospin_request_body(call->request);
  isospin_writer *to = isospin_response_body(call->response);
  char piece[4096];
  size_t length = 0;
  ptrdiff_t got;
  set_content_type(call, "text/plain; charset=utf-8");
  isospin_print(to, "begun\n");
  isospin_flush(to);
  while ((got = isospin_read(from, piece, sizeof piece)) > 0) {
    length += (size_t)got;
  }
  isospin_printf(to, "%s %zu\n", got == 0 ? "whole" : "cut", length);
}

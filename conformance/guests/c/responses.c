/* The shapes of a response. */
#include "routes.h"

#include <stdlib.h>

void route_status(const struct call *call) {
  int status = (int)call_number(call);
  if (status == 204 || status == 304) {
    isospin_response_set_status(call->response, status);
    return;
  }
  isospin_respond_text(call->response, status,
                       isospin_format(call->request, "status %d\n", status));
}

void route_headers(const struct call *call) {
  isospin_fields pairs = isospin_request_query_pairs(call->request);
  for (size_t i = 0; i < pairs.count; i++) {
    isospin_response_add_header(call->response, pairs.items[i].name, pairs.items[i].value);
  }
  isospin_print(isospin_response_body(call->response), "ok\n");
}

/* The bytes of the pattern from `start` on. */
static void fill(unsigned char *bytes, size_t size, size_t start) {
  for (size_t i = 0; i < size; i++) {
    bytes[i] = (unsigned char)((start + i) % 251);
  }
}

void route_bytes(const struct call *call) {
  size_t size = call_number(call);
  unsigned char *whole = isospin_allocate(call->request, size);
  fill(whole, size, 0);
  isospin_respond(call->response, 200, "application/octet-stream", whole, size);
}

void route_stream(const struct call *call) {
  enum { PIECE = 32 * 1024 };
  unsigned char piece[PIECE];
  size_t size = call_number(call);
  set_content_type(call, "application/octet-stream");
  for (size_t sent = 0; sent < size;) {
    size_t part = size - sent < PIECE ? size - sent : PIECE;
    fill(piece, part, sent);
    if (isospin_write(isospin_response_body(call->response), piece, part) != ISOSPIN_OK) {
      return;
    }
    sent += part;
  }
}

void route_ticks(const struct call *call) {
  const char *pause = isospin_request_query_value(call->request, "ms");
  uint64_t milliseconds = pause != NULL ? strtoull(pause, NULL, 10) : 0;
  isospin_writer *body = isospin_response_body(call->response);
  set_content_type(call, "text/plain; charset=utf-8");
  for (unsigned long tick = 1; tick <= call_number(call); tick++) {
    if (tick > 1) {
      isospin_sleep(call->request, milliseconds * ISOSPIN_MILLISECOND);
    }
    isospin_printf(body, "tick %lu\n", tick);
    if (isospin_flush(body) != ISOSPIN_OK) {
      return;
    }
  }
}

void route_trailers(const struct call *call) {
  isospin_writer *body = isospin_response_body(call->response);
  set_content_type(call, "text/plain; charset=utf-8");
  isospin_response_set_header(call->response, "trailer", "x-checksum, x-second");
  isospin_print(body, "body\n");
  isospin_add_trailer(body, "x-checksum", "abc");
  isospin_add_trailer(body, "x-second", "two");
}

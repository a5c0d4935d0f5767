/* What can go wrong. */
#include "routes.h"

#include <stdlib.h>
#include <string.h>

void route_error(const struct call *call) { isospin_fail(call->response, "deliberate error"); }

void route_panic(const struct call *call) {
  (void)call;
  isospin_log("deliberate panic");
  abort();
}

void route_error_after_start(const struct call *call) {
  isospin_writer *body = isospin_response_body(call->response);
  set_content_type(call, "text/plain; charset=utf-8");
  isospin_print(body, "begun\n");
  isospin_flush(body);
  isospin_fail(call->response, "deliberate error");
}

/* Volatile, so that the compiler keeps what never ends. */
static volatile unsigned turns;

void route_loop(const struct call *call) {
  (void)call;
  for (;;) {
    turns++;
  }
}

void route_allocate(const struct call *call) {
  enum { PIECE = 1024 * 1024 };
  (void)call;
  for (;;) {
    char *piece = malloc(PIECE);
    if (piece == NULL) {
      isospin_log("there is no memory left");
      abort();
    }
    memset(piece, (int)turns++, PIECE);
    __asm__ volatile("" : : "r"(piece) : "memory");
  }
}

#pragma clang diagnostic ignored "-Winfinite-recursion"
__attribute__((noinline)) static unsigned recurse(volatile unsigned *depth) {
  volatile unsigned deeper = *depth + 1;
  return recurse(&deeper) + *depth;
}

void route_recurse(const struct call *call) {
  volatile unsigned depth = turns;
  isospin_respond_text(call->response, 200,
                       isospin_format(call->request, "%u\n", recurse(&depth)));
}

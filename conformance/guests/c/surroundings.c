/* State, clocks, randomness and the log. */
#include "routes.h"

/* Of the instance: it counts requests one after the other. */
static unsigned long asked;

void route_counter(const struct call *call) {
  asked++;
  isospin_respond_text(call->response, 200, isospin_format(call->request, "%lu\n", asked));
}

void route_clock(const struct call *call) {
  unsigned long long wall = isospin_wall_clock() / ISOSPIN_MILLISECOND;
  unsigned long long monotonic = isospin_monotonic_clock();
  isospin_respond_text(
      call->response, 200,
      isospin_format(call->request, "wall %llu\nmonotonic %llu\n", wall, monotonic));
}

void route_random(const struct call *call) {
  unsigned char bytes[16];
  isospin_random(bytes, sizeof bytes);
  isospin_writer *body = isospin_response_body(call->response);
  set_content_type(call, "text/plain; charset=utf-8");
  isospin_print(body, "secure ");
  for (size_t i = 0; i < sizeof bytes; i++) {
    isospin_printf(body, "%02x", bytes[i]);
  }
  isospin_print(body, "\n");
}

void route_log(const struct call *call) {
  const char *message = isospin_request_query_value(call->request, "message");
  isospin_log("%s", message != NULL ? message : "");
  isospin_respond_text(call->response, 200, "logged\n");
}

/* The guest of the conformance suite in C: the table of its routes. */
#include "routes.h"

#include <stdlib.h>
#include <string.h>

static const struct {
  const char *name;
  void (*answer)(const struct call *call);
} ROUTES[] = {
    {"reflect", route_reflect},
    {"collect", route_collect},
    {"echo", route_echo},
    {"duplex", route_duplex},
    {"early", route_early},
    {"watch", route_watch},
    {"status", route_status},
    {"headers", route_headers},
    {"bytes", route_bytes},
    {"stream", route_stream},
    {"ticks", route_ticks},
    {"trailers", route_trailers},
    {"error", route_error},
    {"panic", route_panic},
    {"error-after-start", route_error_after_start},
    {"loop", route_loop},
    {"allocate", route_allocate},
    {"recurse", route_recurse},
    {"counter", route_counter},
    {"clock", route_clock},
    {"random", route_random},
    {"log", route_log},
    {"fetch", route_fetch},
    {"gather", route_gather},
};

unsigned long call_number(const struct call *call) { return strtoul(call->argument, NULL, 10); }

void set_content_type(const struct call *call, const char *type) {
  isospin_response_set_header(call->response, "content-type", type);
}

void isospin_handle(isospin_request *request, isospin_response *response) {
  const char *name = isospin_request_path(request);
  name += *name == '/';
  size_t length = strcspn(name, "/");
  struct call call = {request, response, name + length + (name[length] == '/')};
  for (size_t i = 0; i < sizeof ROUTES / sizeof *ROUTES; i++) {
    if (strlen(ROUTES[i].name) == length && memcmp(ROUTES[i].name, name, length) == 0) {
      ROUTES[i].answer(&call);
      return;
    }
  }
  isospin_respond_text(response, 404, "no such route\n");
}

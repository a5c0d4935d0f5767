/* What the files of the guest share. GUEST.md of the conformance suite says what
 * each route must do. */
#ifndef ROUTES_H
#define ROUTES_H

#include <isospin.h>

/* One request, and what its path says. */
struct call {
  isospin_request *request;
  isospin_response *response;
  const char *argument; /* the path's second segment; "" if there is none */
};

/* The argument as a number; 0 if it is none. */
unsigned long call_number(const struct call *call);

void set_content_type(const struct call *call, const char *type);

/* seen.c: what a request holds */
void route_reflect(const struct call *call);
void route_collect(const struct call *call);
void route_echo(const struct call *call);
void route_duplex(const struct call *call);
void route_early(const struct call *call);
void route_watch(const struct call *call);

/* responses.c: the shapes of a response */
void route_status(const struct call *call);
void route_headers(const struct call *call);
void route_bytes(const struct call *call);
void route_stream(const struct call *call);
void route_ticks(const struct call *call);
void route_trailers(const struct call *call);

/* failures.c: what can go wrong */
void route_error(const struct call *call);
void route_panic(const struct call *call);
void route_error_after_start(const struct call *call);
void route_loop(const struct call *call);
void route_allocate(const struct call *call);
void route_recurse(const struct call *call);

/* surroundings.c: state, clocks, randomness, log */
void route_counter(const struct call *call);
void route_clock(const struct call *call);
void route_random(const struct call *call);
void route_log(const struct call *call);

/* outbound.c: requests to other servers */
void route_fetch(const struct call *call);
void route_gather(const struct call *call);

#endif

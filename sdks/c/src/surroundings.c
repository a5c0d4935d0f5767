/* Clocks and randomness. */
#include "application.h"
#include "isospin.h"
#include "lend.h"

uint64_t isospin_wall_clock(void) {
  wasi_clocks_wall_clock_datetime_t now;
  wasi_clocks_wall_clock_now(&now);
  return now.seconds * ISOSPIN_SECOND + now.nanoseconds;
}

uint64_t isospin_monotonic_clock(void) { return wasi_clocks_monotonic_clock_now(); }

void isospin_random(void *buffer, size_t size) {
  if (size > 0) {
    application_list_u8_t bytes;
    lend_buffer(buffer, size);
    wasi_random_random_get_random_bytes(size, &bytes);
  }
}

#include <isospin.h>
#include <stdlib.h>
#include <string.h>

static inline __attribute__((always_inline)) int divide(int all, int by) {
  return all / by; /* crashes: /divide */
}

static __attribute__((noinline)) int average(int all, int by) {
  return 1 + divide(all, by); /* calls: divide */
}

static __attribute__((noinline)) int recurse(volatile int *depth) {
  if (*depth < 0) return 0;
  volatile int next = *depth + 1;
  return recurse(&next) + next; /* crashes: /recurse */
}

static __attribute__((noinline)) void endless(volatile unsigned *turns) {
  for (;;) *turns += 1; /* crashes: /endless */
}

static __attribute__((noinline)) void allocate(void) {
  for (;;) {
    volatile char *mine = malloc(1 << 20);
    if (mine == NULL) abort(); /* crashes: /allocate */
    mine[0] = 1;
  }
}

void isospin_handle(isospin_request *request, isospin_response *response) {
  const char *path = isospin_request_path(request);
  volatile int number = 0;
  if (strstr(path, "divide")) number = average((int)strlen(path), number);
  if (strstr(path, "recurse")) number = recurse(&number);
  if (strstr(path, "endless")) endless((volatile unsigned *)&number);
  if (strstr(path, "allocate")) allocate();
  isospin_respond_text(response, 200, "well\n");
}

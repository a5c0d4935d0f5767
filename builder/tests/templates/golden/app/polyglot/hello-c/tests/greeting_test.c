#undef NDEBUG
#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "greeting.h"

int main(void) {
  char text[64];
  greeting(text, sizeof text, "/there");
  assert(strcmp(text, "Hello from C! You asked for /there\n") == 0);
  greeting(text, 6, "/there");
  assert(strcmp(text, "Hello") == 0);
  puts("all is well");
  return 0;
}

#undef NDEBUG
#include <assert.h>
#include <stdio.h>

#include "forwarding.h"

int main(void) {
  assert(is_of_connection("host"));
  assert(!is_of_connection("x-kind"));
  assert(server_size("http://there") == 12);
  assert(server_size("http://there/") == 12);
  puts("all is well");
  return 0;
}

#include "forwarding.h"

#include <string.h>

bool is_of_connection(const char *name) {
  static const char *const NAMES[] = {
      "connection",
      "host",
      "keep-alive",
      "proxy-authenticate",
      "proxy-authorization",
      "te",
      "trailer",
      "transfer-encoding",
      "upgrade",
  };
  for (size_t i = 0; i < sizeof NAMES / sizeof *NAMES; i++) {
    if (strcmp(name, NAMES[i]) == 0) {
      return true;
    }
  }
  return false;
}

size_t server_size(const char *upstream) {
  size_t size = strlen(upstream);
  return size > 0 && upstream[size - 1] == '/' ? size - 1 : size;
}

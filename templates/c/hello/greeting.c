#include "greeting.h"

#include <stdio.h>

void greeting(char *text, size_t size, const char *path) {
  snprintf(text, size, "Hello from C! You asked for %s\n", path);
}

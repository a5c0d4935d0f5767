/* `assert` writes to the log like everything else: the C library's own way
 * would bring in its whole standard output. */
#include "log.h"

_Noreturn void __assert_fail(const char *expression, const char *file, int line,
                             const char *function) {
  char digits[12];
  char *number = digits + sizeof digits - 1;
  *number = '\0';
  do {
    *--number = (char)('0' + line % 10);
    line /= 10;
  } while (line > 0);
  log_line(file, ":", number, ": ", function, ": assertion failed: ", expression, NULL);
  __builtin_trap();
}

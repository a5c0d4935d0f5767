/* The log, for the SDK's own lines: no formatting, so that a handler which
 * logs nothing does not carry the formatter. */
#ifndef ISOSPIN_LOG_H
#define ISOSPIN_LOG_H

#include <stddef.h>

/* Writes bytes as they are. */
void log_bytes(const char *data, size_t size);

/* Writes the strings, of which the last is followed by NULL, and a line feed. */
void log_line(const char *first, ...) __attribute__((sentinel));

#endif

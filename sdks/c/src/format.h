/*
 * Formatting as printf does it, without the C library's streams. It needs
 * nothing of the world, so that it can be tested on any machine.
 */
#ifndef ISOSPIN_FORMAT_H
#define ISOSPIN_FORMAT_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>

/* Takes a piece of the text. */
typedef void format_sink(void *context, const char *data, size_t size);

/* Formats; what is no known conversion ends it and is given out as it stands. */
void format_text(format_sink *sink, void *context, const char *format, va_list arguments);

/* Formats into the log, as one line. */
void format_log(const char *format, va_list arguments);

enum {
  FLOAT_PRECISION = 1100, /* more digits than that are zeros */
  FLOAT_SIZE = FLOAT_PRECISION + 330
};

/* Writes a finite number that is not negative in the way of the conversion,
 * one of "eEfFgG". Returns the size, at most FLOAT_SIZE. */
size_t format_float(char *text, double value, char conversion, int precision, bool alternate);

#endif

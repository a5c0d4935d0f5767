#include "format.h"

#include <stdint.h>
#include <string.h>

/* One conversion, such as "%-08.3lld". */
struct conversion {
  bool left, plus, space, alternate, zero;
  int width;
  int precision; /* -1 if there is none */
  int length;    /* -2 hh, -1 h, 0 none, 1 l z t, 2 ll j */
  char letter;
};

struct output {
  format_sink *sink;
  void *context;
};

static void put(struct output *output, const char *data, size_t size) {
  if (size > 0) {
    output->sink(output->context, data, size);
  }
}

static void put_repeated(struct output *output, char byte, int count) {
  char piece[32];
  memset(piece, byte, sizeof piece);
  for (; count > 0; count -= (int)sizeof piece) {
    put(output, piece, count < (int)sizeof piece ? (size_t)count : sizeof piece);
  }
}

/* Puts sign or prefix, then zeros, then the digits, padded to the width. */
static void put_padded(struct output *output, const struct conversion *how, const char *prefix,
                       int zeros, const char *text, size_t size) {
  int used = (int)strlen(prefix) + zeros + (int)size;
  int padding = how->width > used ? how->width - used : 0;
  if (!how->left && !how->zero) {
    put_repeated(output, ' ', padding);
  }
  put(output, prefix, strlen(prefix));
  if (!how->left && how->zero) {
    put_repeated(output, '0', padding);
  }
  put_repeated(output, '0', zeros);
  put(output, text, size);
  if (how->left) {
    put_repeated(output, ' ', padding);
  }
}

static const char *sign_of(const struct conversion *how, bool negative) {
  return negative ? "-" : how->plus ? "+" : how->space ? " " : "";
}

static void put_integer(struct output *output, struct conversion *how, uint64_t value,
                        const char *prefix) {
  char letter = how->letter;
  unsigned base = letter == 'o' ? 8 : (letter | 0x20) == 'x' || letter == 'p' ? 16 : 10;
  const char *digits = letter == 'X' ? "0123456789ABCDEF" : "0123456789abcdef";
  char text[24];
  char *start = text + sizeof text;
  for (; value > 0; value /= base) {
    *--start = digits[value % base];
  }
  int size = (int)(text + sizeof text - start);
  int least = how->precision < 0 ? 1 : how->precision;
  if (letter == 'o' && how->alternate && least <= size) {
    least = size + 1;
  }
  if (how->precision >= 0) {
    how->zero = false;
  }
  put_padded(output, how, prefix, least > size ? least - size : 0, start, (size_t)size);
}

static int64_t take_signed(const struct conversion *how, va_list *arguments) {
  switch (how->length) {
    case 2: return va_arg(*arguments, long long);
    case 1: return va_arg(*arguments, long);
    case -1: return (short)va_arg(*arguments, int);
    case -2: return (signed char)va_arg(*arguments, int);
    default: return va_arg(*arguments, int);
  }
}

static uint64_t take_unsigned(const struct conversion *how, va_list *arguments) {
  switch (how->length) {
    case 2: return va_arg(*arguments, unsigned long long);
    case 1: return va_arg(*arguments, unsigned long);
    case -1: return (unsigned short)va_arg(*arguments, unsigned);
    case -2: return (unsigned char)va_arg(*arguments, unsigned);
    default: return va_arg(*arguments, unsigned);
  }
}

static void put_float(struct output *output, struct conversion *how, double value) {
  char text[FLOAT_SIZE];
  bool upper = how->letter < 'a';
  const char *sign = sign_of(how, __builtin_signbit(value) != 0);
  if (__builtin_isnan(value) || __builtin_isinf(value)) {
    how->zero = false;
    const char *name = __builtin_isnan(value) ? (upper ? "NAN" : "nan") : (upper ? "INF" : "inf");
    put_padded(output, how, sign, 0, name, 3);
    return;
  }
  int precision = how->precision < 0 ? 6 : how->precision;
  size_t size = format_float(text, __builtin_fabs(value), how->letter, precision, how->alternate);
  put_padded(output, how, sign, 0, text, size);
}

static void put_string(struct output *output, struct conversion *how, const char *text) {
  how->zero = false;
  text = text == NULL ? "(null)" : text;
  size_t size = 0;
  while ((how->precision < 0 || size < (size_t)how->precision) && text[size] != '\0') {
    size++;
  }
  put_padded(output, how, "", 0, text, size);
}

/* Does one conversion; false if there is none of that letter. */
static bool convert(struct output *output, struct conversion *how, va_list *arguments) {
  char byte;
  switch (how->letter) {
    case 'd':
    case 'i': {
      int64_t value = take_signed(how, arguments);
      uint64_t size = value < 0 ? -(uint64_t)value : (uint64_t)value;
      put_integer(output, how, size, sign_of(how, value < 0));
      return true;
    }
    case 'x':
    case 'X': {
      uint64_t value = take_unsigned(how, arguments);
      const char *prefix = how->letter == 'x' ? "0x" : "0X";
      put_integer(output, how, value, how->alternate && value != 0 ? prefix : "");
      return true;
    }
    case 'u':
    case 'o':
      put_integer(output, how, take_unsigned(how, arguments), "");
      return true;
    case 'p':
      put_integer(output, how, (uintptr_t)va_arg(*arguments, void *), "0x");
      return true;
    case 'c':
      byte = (char)va_arg(*arguments, int);
      how->zero = false;
      put_padded(output, how, "", 0, &byte, 1);
      return true;
    case 's':
      put_string(output, how, va_arg(*arguments, const char *));
      return true;
    case 'f':
    case 'F':
    case 'e':
    case 'E':
    case 'g':
    case 'G':
      put_float(output, how, va_arg(*arguments, double));
      return true;
    case '%':
      put(output, "%", 1);
      return true;
    default:
      return false;
  }
}

static const char *read_flags(const char *text, struct conversion *how) {
  for (;; text++) {
    switch (*text) {
      case '-': how->left = true; break;
      case '+': how->plus = true; break;
      case ' ': how->space = true; break;
      case '#': how->alternate = true; break;
      case '0': how->zero = true; break;
      default: return text;
    }
  }
}

/* A number in the format, or one of the arguments for "*". */
static const char *read_number(const char *text, int *number, va_list *arguments) {
  if (*text == '*') {
    *number = va_arg(*arguments, int);
    return text + 1;
  }
  *number = 0;
  for (; *text >= '0' && *text <= '9'; text++) {
    *number = *number < 100000 ? *number * 10 + (*text - '0') : *number;
  }
  return text;
}

static const char *read_length(const char *text, int *length) {
  if (text[0] == text[1] && (*text == 'l' || *text == 'h')) {
    *length = *text == 'l' ? 2 : -2;
    return text + 2;
  }
  switch (*text) {
    case 'h': *length = -1; return text + 1;
    case 'l':
    case 'z':
    case 't': *length = 1; return text + 1;
    case 'j': *length = 2; return text + 1;
    default: return text;
  }
}

/* Reads what follows a "%". */
static const char *read_conversion(const char *text, struct conversion *how, va_list *arguments) {
  memset(how, 0, sizeof *how);
  how->precision = -1;
  text = read_flags(text, how);
  text = read_number(text, &how->width, arguments);
  if (how->width < 0) {
    how->left = true;
    how->width = how->width < -100000 ? 0 : -how->width;
  }
  if (*text == '.') {
    text = read_number(text + 1, &how->precision, arguments);
  }
  text = read_length(text, &how->length);
  how->letter = *text;
  return text;
}

void format_text(format_sink *sink, void *context, const char *format, va_list arguments) {
  struct output output = {sink, context};
  va_list rest;
  va_copy(rest, arguments);
  while (*format != '\0') {
    size_t plain = strcspn(format, "%");
    put(&output, format, plain);
    format += plain;
    if (*format == '%') {
      struct conversion how;
      const char *end = read_conversion(format + 1, &how, &rest);
      if (!convert(&output, &how, &rest)) {
        put(&output, format, strlen(format));
        break;
      }
      format = end + 1;
    }
  }
  va_end(rest);
}

/* The C library's formatting, as far as the engine uses it: whole numbers, text
   and characters. The library's own brings decimal fractions of 128 bits. The
   builder gives all C sources these functions under the names of the library's. */
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "engine.h"

struct output {
    char *start;
    size_t room, length; /* length: of all that there is to write */
};

static void put(struct output *output, char c) {
    if (output->length < output->room)
        output->start[output->length] = c;
    output->length++;
}

static void pad(struct output *output, char c, int count) {
    while (count-- > 0)
        put(output, c);
}

struct conversion {
    bool left, plus, zero;
    int width, precision; /* precision: -1 if there is none */
    int longs;            /* of `l`; sizes are long */
};

static void put_field(struct output *output, const struct conversion *conversion, const char *sign, const char *digits,
                      size_t length) {
    int fill = conversion->width - (int)(strlen(sign) + length);
    bool zeros = conversion->zero && !conversion->left;
    if (!conversion->left && !zeros)
        pad(output, ' ', fill);
    while (*sign)
        put(output, *sign++);
    if (zeros)
        pad(output, '0', fill);
    for (size_t i = 0; i < length; i++)
        put(output, digits[i]);
    if (conversion->left)
        pad(output, ' ', fill);
}

static void put_number(struct output *output, struct conversion conversion, const char *sign, uint64_t number,
                       unsigned base, bool capitals) {
    char digits[64];
    size_t at = sizeof digits, least = conversion.precision < 0 ? 1 : conversion.precision;
    while (number || (sizeof digits - at < least && at > 0)) {
        digits[--at] = (capitals ? "0123456789ABCDEF" : "0123456789abcdef")[number % base];
        number /= base;
    }
    conversion.zero &= conversion.precision < 0;
    put_field(output, &conversion, sign, digits + at, sizeof digits - at);
}

static int read_number(const char **format, va_list *arguments) {
    int number = 0;
    if (**format == '*') {
        ++*format;
        return va_arg(*arguments, int);
    }
    while (**format >= '0' && **format <= '9')
        number = number * 10 + (*(*format)++ - '0');
    return number;
}

static struct conversion read_conversion(const char **format, va_list *arguments) {
    struct conversion conversion = {.precision = -1};
    for (;; ++*format) {
        if (**format == '-')
            conversion.left = true;
        else if (**format == '+')
            conversion.plus = true;
        else if (**format == '0')
            conversion.zero = true;
        else
            break;
    }
    conversion.width = read_number(format, arguments);
    if (**format == '.') {
        ++*format;
        conversion.precision = read_number(format, arguments);
    }
    for (; **format == 'l' || **format == 'z'; ++*format)
        conversion.longs++;
    return conversion;
}

static void put_signed(struct output *output, const struct conversion *conversion, va_list *arguments) {
    int64_t number = conversion->longs > 1 ? va_arg(*arguments, long long) : va_arg(*arguments, int);
    const char *sign = number < 0 ? "-" : conversion->plus ? "+" : "";
    put_number(output, *conversion, sign, number < 0 ? -(uint64_t)number : (uint64_t)number, 10, false);
}

static void put_text(struct output *output, const struct conversion *conversion, const char *text) {
    size_t most = conversion->precision < 0 ? SIZE_MAX : (size_t)conversion->precision;
    text = text ? text : "(null)";
    put_field(output, conversion, "", text, strnlen(text, most));
}

static void put_converted(struct output *output, const struct conversion *conversion, char kind, va_list *arguments) {
    char character;
    switch (kind) {
    case 'd':
    case 'i':
        put_signed(output, conversion, arguments);
        break;
    case 'u':
    case 'x':
    case 'X':
        put_number(output, *conversion, "",
                   conversion->longs > 1 ? va_arg(*arguments, unsigned long long) : va_arg(*arguments, unsigned),
                   kind == 'u' ? 10 : 16, kind == 'X');
        break;
    case 'p':
        put_number(output, *conversion, "0x", (uintptr_t)va_arg(*arguments, void *), 16, false);
        break;
    case 's':
        put_text(output, conversion, va_arg(*arguments, const char *));
        break;
    case 'c':
        character = (char)va_arg(*arguments, int);
        put_field(output, conversion, "", &character, 1);
        break;
    default: /* `%%`, and what is not known stays as it is */
        if (kind != '%')
            put(output, '%');
        put(output, kind);
    }
}

int vsnprintf(char *restrict start, size_t room, const char *restrict format, va_list given) {
    struct output output = {start, room, 0};
    va_list arguments;
    va_copy(arguments, given);
    while (*format) {
        if (*format != '%') {
            put(&output, *format++);
            continue;
        }
        format++;
        struct conversion conversion = read_conversion(&format, &arguments);
        if (*format)
            put_converted(&output, &conversion, *format++, &arguments);
    }
    va_end(arguments);
    if (room)
        start[output.length < room ? output.length : room - 1] = '\0';
    return (int)output.length;
}

int snprintf(char *restrict start, size_t room, const char *restrict format, ...) {
    va_list arguments;
    va_start(arguments, format);
    int length = vsnprintf(start, room, format, arguments);
    va_end(arguments);
    return length;
}

/* What is printed is for the log; longer lines than this end early. */
enum { LONGEST_LINE = 512 };
int printf(const char *restrict format, ...) {
    char line[LONGEST_LINE];
    va_list arguments;
    va_start(arguments, format);
    int length = vsnprintf(line, sizeof line, format, arguments);
    va_end(arguments);
    engine_log(line, length < LONGEST_LINE ? (size_t)length : LONGEST_LINE - 1);
    return length;
}

/* Formatted text in the log and in the arena. */
#include <string.h>

#include "format.h"
#include "isospin.h"
#include "log.h"
#include "state.h"

/* A line as it grows; what does not fit goes out in pieces. */
struct line {
  char data[1024];
  size_t size;
};

static void add_to_line(void *context, const char *data, size_t size) {
  struct line *line = context;
  while (size > 0) {
    if (line->size == sizeof line->data) {
      log_bytes(line->data, line->size);
      line->size = 0;
    }
    size_t room = sizeof line->data - line->size;
    size_t part = size < room ? size : room;
    memcpy(line->data + line->size, data, part);
    line->size += part;
    data += part;
    size -= part;
  }
}

void format_log(const char *format, va_list arguments) {
  struct line line = {.size = 0};
  format_text(add_to_line, &line, format, arguments);
  add_to_line(&line, "\n", 1);
  log_bytes(line.data, line.size);
}

void isospin_log(const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  format_log(format, arguments);
  va_end(arguments);
}

static void count_bytes(void *context, const char *data, size_t size) {
  (void)data;
  *(size_t *)context += size;
}

static void append_bytes(void *context, const char *data, size_t size) {
  char **end = context;
  memcpy(*end, data, size);
  *end += size;
}

char *isospin_format(isospin_request *request, const char *format, ...) {
  va_list arguments;
  size_t size = 0;
  va_start(arguments, format);
  format_text(count_bytes, &size, format, arguments);
  char *text = arena_allocate(&request->arena, size + 1, 1);
  char *end = text;
  format_text(append_bytes, &end, format, arguments);
  va_end(arguments);
  *end = '\0';
  return text;
}

#include "log.h"

#include <stdarg.h>
#include <string.h>

#include "application.h"

/* `blocking-write-and-flush` takes no more at once. */
enum { PIECE = 4096 };

void log_bytes(const char *data, size_t size) {
  wasi_cli_stderr_own_output_stream_t stream = wasi_cli_stderr_get_stderr();
  bool written = true;
  while (size > 0 && written) {
    application_list_u8_t piece = {(uint8_t *)data, size < PIECE ? size : PIECE};
    wasi_io_streams_stream_error_t error;
    written = wasi_io_streams_method_output_stream_blocking_write_and_flush(
        wasi_io_streams_borrow_output_stream(stream), &piece, &error);
    if (!written && error.tag == WASI_IO_STREAMS_STREAM_ERROR_LAST_OPERATION_FAILED) {
      wasi_io_error_error_drop_own(error.val.last_operation_failed);
    }
    data += piece.len;
    size -= piece.len;
  }
  wasi_io_streams_output_stream_drop_own(stream);
}

void log_line(const char *first, ...) {
  char line[512];
  size_t size = 0;
  va_list rest;
  va_start(rest, first);
  for (const char *part = first; part != NULL; part = va_arg(rest, const char *)) {
    size_t length = strlen(part);
    if (length > sizeof line - 1 - size) {
      length = sizeof line - 1 - size;
    }
    memcpy(line + size, part, length);
    size += length;
  }
  va_end(rest);
  line[size++] = '\n';
  log_bytes(line, size);
}

#include "error.h"

#include "error_codes.h"
#include "lean.h"
#include "log.h"

/* In the order of the enumeration, which is that of wasi:http. */
static const char *const NAMES[] = {
    "ok",
    WASI_HTTP_ERROR_CODES
    "closed",
    "invalid-field",
    "forbidden-field",
    "too-late",
};

_Static_assert(sizeof NAMES / sizeof *NAMES == ISOSPIN_ERROR_TOO_LATE + 1, "one name for each");
_Static_assert(ISOSPIN_ERROR_INTERNAL_ERROR == WASI_HTTP_TYPES_ERROR_CODE_INTERNAL_ERROR + 1,
               "the world's codes, moved by one");

const char *isospin_error_name(ptrdiff_t error) {
  size_t index = error < 0 ? -(size_t)error : (size_t)error;
  return index < sizeof NAMES / sizeof *NAMES ? NAMES[index] : "internal-error";
}

isospin_error error_from_code(const wasi_http_types_error_code_t *code) {
  if (code->tag == WASI_HTTP_TYPES_ERROR_CODE_INTERNAL_ERROR && code->val.internal_error.is_some) {
    log_line("isospin: internal-error: ", (const char *)code->val.internal_error.val.ptr, NULL);
  }
  return (isospin_error)(code->tag + 1);
}

isospin_error error_from_stream(struct arena *arena, wasi_io_streams_stream_error_t *error) {
  if (error->tag == WASI_IO_STREAMS_STREAM_ERROR_CLOSED) {
    return ISOSPIN_ERROR_CLOSED;
  }
  wasi_io_error_own_error_t cause = error->val.last_operation_failed;
  isospin_error result = lean_http_error(arena, cause);
  wasi_io_error_error_drop_own(cause);
  return result;
}

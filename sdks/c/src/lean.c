#include "lean.h"

#include "error.h"
#include "lend.h"

/* As the canonical ABI of the component model lays them out. The linker tells if
 * the version is not that of the bindings. */
#define IMPORT(name) \
  __attribute__((import_module("wasi:http/types@0.2.12"), import_name(name))) extern void

IMPORT("[static]response-outparam.set")
__wasm_import_wasi_http_types_static_response_outparam_set(int32_t, int32_t, int32_t, int32_t,
                                                           int64_t, uint8_t *, uint8_t *, size_t,
                                                           int32_t);
IMPORT("[static]outgoing-body.finish")
__wasm_import_wasi_http_types_static_outgoing_body_finish(int32_t, int32_t, int32_t, uint8_t *);
IMPORT("http-error-code")
__wasm_import_wasi_http_types_http_error_code(int32_t, uint8_t *);

/* `option<error-code>` and `result<_, error-code>`: a flag and what follows it. */
struct flagged_code {
  uint8_t flag;
  _Alignas(8) uint8_t code;
  _Alignas(8) uint8_t has_text; /* the payload of internal-error */
  application_string_t text;
  _Alignas(8) uint8_t rest[16];
};

static isospin_error read_code(const struct flagged_code *area) {
  wasi_http_types_error_code_t code = {.tag = area->code};
  code.val.internal_error.is_some = area->has_text;
  code.val.internal_error.val = area->text;
  return error_from_code(&code);
}

void lean_set_response(wasi_http_types_own_response_outparam_t out,
                       wasi_http_types_own_outgoing_response_t response) {
  __wasm_import_wasi_http_types_static_response_outparam_set(out.__handle, 0, response.__handle, 0,
                                                             0, NULL, NULL, 0, 0);
}

isospin_error lean_finish_body(struct arena *arena, wasi_http_types_own_outgoing_body_t body,
                               wasi_http_types_own_fields_t trailers) {
  struct flagged_code area;
  lend_arena(arena);
  __wasm_import_wasi_http_types_static_outgoing_body_finish(
      body.__handle, trailers.__handle != 0, trailers.__handle, (uint8_t *)&area);
  return area.flag != 0 ? read_code(&area) : ISOSPIN_OK;
}

isospin_error lean_http_error(struct arena *arena, wasi_io_error_own_error_t cause) {
  struct flagged_code area;
  lend_arena(arena);
  __wasm_import_wasi_http_types_http_error_code(cause.__handle, (uint8_t *)&area);
  return area.flag != 0 ? read_code(&area) : ISOSPIN_ERROR_INTERNAL_ERROR;
}

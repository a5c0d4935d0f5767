/* The component's one export, which calls the handler. */
#include "request.h"

void exports_wasi_http_incoming_handler_handle(
    exports_wasi_http_incoming_handler_own_incoming_request_t handle,
    exports_wasi_http_incoming_handler_own_response_outparam_t out) {
  /* Enough for an ordinary request: most never ask for memory. */
  _Alignas(16) char memory[12 * 1024];
  isospin_request request;
  isospin_response response;
  request_start(&request, handle, memory, sizeof memory);
  response_start(&response, &request, out);
  isospin_handle(&request, &response);
  response_end(&response);
  request_end(&request);
}

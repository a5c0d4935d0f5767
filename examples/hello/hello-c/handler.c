#include <isospin.h>

void isospin_handle(isospin_request *request, isospin_response *response) {
  (void)request;
  isospin_respond_text(response, 200, "Hello from C!\n");
}

#include <isospin.h>

#include "greeting.h"

void isospin_handle(isospin_request *request, isospin_response *response) {
  char text[1024];
  greeting(text, sizeof text, isospin_request_path(request));
  isospin_respond_text(response, 200, text);
}

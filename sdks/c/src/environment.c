/* Variables. The component imports them only if a function of this file is
 * called, and the builder refuses that import unless the manifest asks for it. */
#include <string.h>

#include "application.h"
#include "lend.h"
#include "state.h"

_Static_assert(sizeof(isospin_field) == sizeof(application_tuple2_string_string_t), "one layout");

isospin_fields isospin_environment_all(isospin_request *request) {
  application_list_tuple2_string_string_t list;
  lend_arena(&request->arena);
  wasi_cli_environment_get_environment(&list);
  for (size_t i = 0; i < list.len; i++) {
    /* An empty string has no memory of its own, hence no NUL. */
    if (list.ptr[i].f0.len == 0) {
      list.ptr[i].f0.ptr = (uint8_t *)"";
    }
    if (list.ptr[i].f1.len == 0) {
      list.ptr[i].f1.ptr = (uint8_t *)"";
    }
  }
  return (isospin_fields){(const isospin_field *)list.ptr, list.len};
}

const char *isospin_environment(isospin_request *request, const char *name) {
  isospin_fields variables = isospin_environment_all(request);
  for (size_t i = 0; i < variables.count; i++) {
    if (strcmp(variables.items[i].name, name) == 0) {
      return variables.items[i].value;
    }
  }
  return NULL;
}

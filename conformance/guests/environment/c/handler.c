/* Answers with the variables that the component was given. */
#include <isospin.h>
#include <stdlib.h>
#include <string.h>

static int compare_names(const void *one, const void *other) {
  return strcmp(((const isospin_field *)one)->name, ((const isospin_field *)other)->name);
}

void isospin_handle(isospin_request *request, isospin_response *response) {
  isospin_fields variables = isospin_environment_all(request);
  size_t size = variables.count * sizeof *variables.items;
  isospin_field *sorted = isospin_allocate(request, size);
  memcpy(sorted, variables.items, size);
  qsort(sorted, variables.count, sizeof *sorted, compare_names);
  isospin_response_set_header(response, "content-type", "text/plain; charset=utf-8");
  isospin_writer *body = isospin_response_body(response);
  for (size_t i = 0; i < variables.count; i++) {
    isospin_printf(body, "%s=%s\n", sorted[i].name, sorted[i].value);
  }
}

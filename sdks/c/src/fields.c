#include "fields.h"

#include <string.h>

#include "lend.h"
#include "log.h"

/* The host writes its list of pairs in the layout that users see. */
_Static_assert(sizeof(isospin_field) == sizeof(wasi_http_types_tuple2_field_name_field_value_t),
               "one layout");
_Static_assert(offsetof(isospin_field, value) ==
                   offsetof(wasi_http_types_tuple2_field_name_field_value_t, f1),
               "one layout");

static application_string_t string_of(const char *text) {
  return (application_string_t){(uint8_t *)text, strlen(text)};
}

static char lower(char byte) { return byte >= 'A' && byte <= 'Z' ? (char)(byte | 0x20) : byte; }

isospin_fields fields_read(struct arena *arena, wasi_http_types_own_fields_t fields) {
  wasi_http_types_list_tuple2_field_name_field_value_t list;
  lend_arena(arena);
  wasi_http_types_method_fields_entries(wasi_http_types_borrow_fields(fields), &list);
  for (size_t i = 0; i < list.len; i++) {
    /* An empty list has no memory of its own, hence no NUL. */
    if (list.ptr[i].f1.len == 0) {
      list.ptr[i].f1.ptr = (uint8_t *)"";
    }
    for (size_t j = 0; j < list.ptr[i].f0.len; j++) {
      list.ptr[i].f0.ptr[j] = (uint8_t)lower((char)list.ptr[i].f0.ptr[j]);
    }
  }
  return (isospin_fields){(const isospin_field *)list.ptr, list.len};
}

isospin_error fields_write(wasi_http_types_own_fields_t *fields, const char *name,
                           const char *value, bool replace) {
  if (fields->__handle == 0) {
    *fields = wasi_http_types_constructor_fields();
  }
  wasi_http_types_borrow_fields_t borrowed = wasi_http_types_borrow_fields(*fields);
  application_string_t key = string_of(name);
  wasi_http_types_field_value_t bytes = {(uint8_t *)value, strlen(value)};
  wasi_http_types_header_error_t failure;
  bool written;
  if (replace) {
    wasi_http_types_list_field_value_t values = {&bytes, 1};
    written = wasi_http_types_method_fields_set(borrowed, &key, &values, &failure);
  } else {
    written = wasi_http_types_method_fields_append(borrowed, &key, &bytes, &failure);
  }
  if (written) {
    return ISOSPIN_OK;
  }
  bool forbidden = failure.tag == WASI_HTTP_TYPES_HEADER_ERROR_FORBIDDEN;
  log_line("isospin: the field `", name, "` was not set: ",
           forbidden ? "only the host may" : "name or value is not valid", NULL);
  return forbidden ? ISOSPIN_ERROR_FORBIDDEN_FIELD : ISOSPIN_ERROR_INVALID_FIELD;
}

bool fields_has(wasi_http_types_own_fields_t fields, const char *name) {
  application_string_t key = string_of(name);
  return fields.__handle != 0 &&
         wasi_http_types_method_fields_has(wasi_http_types_borrow_fields(fields), &key);
}

void fields_set_length(wasi_http_types_own_fields_t *fields, size_t length) {
  char digits[24];
  char *number = digits + sizeof digits - 1;
  *number = '\0';
  do {
    *--number = (char)('0' + length % 10);
    length /= 10;
  } while (length > 0);
  fields_write(fields, "content-length", number, true);
}

bool fields_same_name(const char *one, const char *other) {
  while (*one != '\0' && lower(*one) == lower(*other)) {
    one++;
    other++;
  }
  return lower(*one) == lower(*other);
}

const isospin_field *isospin_find(isospin_fields fields, const char *name,
                                  const isospin_field *after) {
  const isospin_field *end = fields.items + fields.count;
  for (const isospin_field *field = after == NULL ? fields.items : after + 1; field < end; field++) {
    if (fields_same_name(field->name, name)) {
      return field;
    }
  }
  return NULL;
}

#include <string.h>

#include "state.h"

static int digit_of(char byte) {
  if (byte >= '0' && byte <= '9') {
    return byte - '0';
  }
  byte |= 0x20;
  return byte >= 'a' && byte <= 'f' ? byte - 'a' + 10 : -1;
}

isospin_bytes isospin_percent_decode(isospin_request *request, const char *text, size_t size) {
  char *decoded = arena_allocate(&request->arena, size + 1, 1);
  size_t length = 0;
  for (size_t i = 0; i < size; i++) {
    char byte = text[i];
    if (byte == '%' && i + 2 < size && digit_of(text[i + 1]) >= 0 && digit_of(text[i + 2]) >= 0) {
      byte = (char)(digit_of(text[i + 1]) * 16 + digit_of(text[i + 2]));
      i += 2;
    }
    decoded[length++] = byte;
  }
  decoded[length] = '\0';
  return (isospin_bytes){decoded, length};
}

/* The pair between `text` and `end`. */
static isospin_field decode_pair(isospin_request *request, const char *text, const char *end) {
  const char *equals = memchr(text, '=', (size_t)(end - text));
  const char *name_end = equals == NULL ? end : equals;
  const char *value = equals == NULL ? end : equals + 1;
  isospin_bytes name = isospin_percent_decode(request, text, (size_t)(name_end - text));
  isospin_bytes decoded = isospin_percent_decode(request, value, (size_t)(end - value));
  return (isospin_field){name.data, name.size, decoded.data, decoded.size};
}

static isospin_fields decode_query(isospin_request *request, const char *query) {
  size_t room = 1;
  for (const char *byte = query; *byte != '\0'; byte++) {
    room += *byte == '&';
  }
  isospin_field *pairs =
      arena_allocate(&request->arena, room * sizeof *pairs, _Alignof(isospin_field));
  size_t count = 0;
  for (const char *text = query;;) {
    const char *end = text + strcspn(text, "&");
    if (end > text) {
      pairs[count++] = decode_pair(request, text, end);
    }
    if (*end == '\0') {
      return (isospin_fields){pairs, count};
    }
    text = end + 1;
  }
}

isospin_fields isospin_request_query_pairs(isospin_request *request) {
  const char *query = isospin_request_query(request);
  if (!request->query_pairs_known && query != NULL) {
    request->query_pairs_known = true;
    request->query_pairs = decode_query(request, query);
  }
  return request->query_pairs;
}

const char *isospin_request_query_value(isospin_request *request, const char *name) {
  isospin_fields pairs = isospin_request_query_pairs(request);
  for (size_t i = 0; i < pairs.count; i++) {
    if (strcmp(pairs.items[i].name, name) == 0) {
      return pairs.items[i].value;
    }
  }
  return NULL;
}

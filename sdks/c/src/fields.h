/* Headers and trailers as the world has them. */
#ifndef ISOSPIN_FIELDS_H
#define ISOSPIN_FIELDS_H

#include "state.h"

/* All of them, copied into the arena, names in lower case. */
isospin_fields fields_read(struct arena *arena, wasi_http_types_own_fields_t fields);

/* Sets or adds one; `*fields` is made if it is none. */
isospin_error fields_write(wasi_http_types_own_fields_t *fields, const char *name,
                           const char *value, bool replace);

bool fields_has(wasi_http_types_own_fields_t fields, const char *name);

/* Adds a content-length. */
void fields_set_length(wasi_http_types_own_fields_t *fields, size_t length);

/* Whether two names are the same but for the case of ASCII letters. */
bool fields_same_name(const char *one, const char *other);

#endif

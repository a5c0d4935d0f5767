/* As much JSON as a small API needs: objects of strings and numbers are read,
 * strings are written. */
#ifndef JSON_H
#define JSON_H

#include <stdbool.h>
#include <stddef.h>

enum json_kind { JSON_STRING, JSON_NUMBER };

/* A field that is wanted. */
struct json_field {
  const char *name;
  enum json_kind kind;
  char *text;    /* room for a string, as large as the whole JSON */
  double number; /* set by `json_read` */
  bool found;    /* set by `json_read` */
};

enum json_result {
  JSON_OK,
  JSON_SYNTAX, /* no JSON */
  JSON_TYPE,   /* JSON, but not an object of these fields */
};

/* Reads an object. Fields that are not wanted may hold strings and numbers. */
enum json_result json_read(const char *text, struct json_field *fields, size_t count);

/* How many bytes a text of this size may need when it is escaped. */
size_t json_room(size_t size);

/* Writes `text` as it stands between the quotes of a JSON string. */
void json_escape(char *escaped, const char *text);

#endif

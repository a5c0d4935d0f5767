#include "json.h"

#include <stdlib.h>
#include <string.h>

static const char *skip_space(const char *at) { return at + strspn(at, " \t\r\n"); }

static int digit(char c) {
  static const char DIGITS[] = "0123456789abcdef";
  const char *found = c == '\0' ? NULL : strchr(DIGITS, c | 0x20);
  return found == NULL ? -1 : (int)(found - DIGITS);
}

/* The four digits after `\u`; -1 if they are none. */
static long code_unit(const char *at) {
  long unit = 0;
  for (int i = 0; i < 4; i++) {
    int value = digit(at[i]);
    if (value < 0) {
      return -1;
    }
    unit = unit * 16 + value;
  }
  return unit;
}

static char *put_utf8(char *to, long code) {
  if (code < 0x80) {
    *to++ = (char)code;
    return to;
  }
  int more = code < 0x800 ? 1 : code < 0x10000 ? 2 : 3;
  static const int FIRST[] = {0, 0xc0, 0xe0, 0xf0};
  *to++ = (char)(FIRST[more] | code >> (6 * more));
  while (more-- > 0) {
    *to++ = (char)(0x80 | (code >> (6 * more) & 0x3f));
  }
  return to;
}

/* Reads `\u....` and the second half that may belong to it; NULL if it is wrong.
 * A zero would end the C string: it is refused too. */
static const char *read_unicode(const char *at, char **to) {
  long code = code_unit(at);
  if (code <= 0) {
    return NULL;
  }
  at += 4;
  if (code >= 0xd800 && code <= 0xdfff) {
    long low = at[0] == '\\' && at[1] == 'u' ? code_unit(at + 2) : -1;
    if (code >= 0xdc00 || low < 0xdc00 || low > 0xdfff) {
      return NULL;
    }
    code = 0x10000 + ((code - 0xd800) << 10) + (low - 0xdc00);
    at += 6;
  }
  *to = put_utf8(*to, code);
  return at;
}

/* Reads a string from its opening quote into `to`, which may be NULL. Returns
 * what follows it, or NULL if it is none. */
static const char *read_string(const char *at, char *to) {
  static const char MARKS[] = "\"\\/bfnrt";
  static const char MEANT[] = "\"\\/\b\f\n\r\t";
  if (*at++ != '"') {
    return NULL;
  }
  char ignored[4];
  while (*at != '"') {
    char *next = to != NULL ? to : ignored;
    if ((unsigned char)*at < 0x20) {
      return NULL;
    }
    if (*at != '\\') {
      *next++ = *at++;
    } else if (at[1] == 'u') {
      at = read_unicode(at + 2, &next);
      if (at == NULL) {
        return NULL;
      }
    } else {
      const char *mark = at[1] == '\0' ? NULL : strchr(MARKS, at[1]);
      if (mark == NULL) {
        return NULL;
      }
      *next++ = MEANT[mark - MARKS];
      at += 2;
    }
    to = to != NULL ? next : NULL;
  }
  if (to != NULL) {
    *to = '\0';
  }
  return at + 1;
}

static const char *skip_digits(const char *at) {
  size_t count = strspn(at, "0123456789");
  return count > 0 ? at + count : NULL;
}

/* As JSON writes numbers: `strtod` alone takes more than that. */
static const char *read_number(const char *at, double *number) {
  const char *start = at;
  at += *at == '-';
  const char *end = *at == '0' ? at + 1 : skip_digits(at);
  if (end != NULL && *end == '.') {
    end = skip_digits(end + 1);
  }
  if (end != NULL && (*end == 'e' || *end == 'E')) {
    end += end[1] == '+' || end[1] == '-' ? 2 : 1;
    end = skip_digits(end);
  }
  if (end != NULL) {
    *number = strtod(start, NULL);
  }
  return end;
}

static struct json_field *find(struct json_field *fields, size_t count, const char *key,
                               size_t size) {
  for (size_t i = 0; i < count; i++) {
    if (strlen(fields[i].name) == size && memcmp(fields[i].name, key, size) == 0) {
      return &fields[i];
    }
  }
  return NULL;
}

/* Reads the value of a field; sets `fits` to whether it is of the wanted kind. */
static const char *read_value(const char *at, struct json_field *field, bool *fits) {
  enum json_kind kind = *at == '"' ? JSON_STRING : JSON_NUMBER;
  *fits = field == NULL || field->kind == kind;
  if (kind == JSON_STRING) {
    at = read_string(at, field != NULL && *fits ? field->text : NULL);
  } else {
    double ignored;
    at = read_number(at, field != NULL && *fits ? &field->number : &ignored);
  }
  if (field != NULL) {
    field->found = at != NULL && *fits;
  }
  return at;
}

enum json_result json_read(const char *text, struct json_field *fields, size_t count) {
  const char *at = skip_space(text);
  if (*at != '{') {
    return JSON_SYNTAX;
  }
  at = skip_space(at + 1);
  enum json_result result = JSON_OK;
  for (bool first = true; *at != '}'; first = false) {
    if (!first && *at++ != ',') {
      return JSON_SYNTAX;
    }
    const char *key = skip_space(at);
    const char *end = read_string(key, NULL);
    at = end == NULL ? NULL : skip_space(end);
    if (at == NULL || *at != ':') {
      return JSON_SYNTAX;
    }
    bool fits;
    struct json_field *field = find(fields, count, key + 1, (size_t)(end - key) - 2);
    at = read_value(skip_space(at + 1), field, &fits);
    if (at == NULL) {
      return JSON_SYNTAX;
    }
    result = fits ? result : JSON_TYPE;
    at = skip_space(at);
  }
  return *skip_space(at + 1) == '\0' ? result : JSON_SYNTAX;
}

size_t json_room(size_t size) { return 6 * size + 1; }

void json_escape(char *escaped, const char *text) {
  static const char DIGITS[] = "0123456789abcdef";
  for (; *text != '\0'; text++) {
    unsigned char c = (unsigned char)*text;
    if (c < 0x20) {
      memcpy(escaped, "\\u00", 4);
      escaped[4] = DIGITS[c >> 4];
      escaped[5] = DIGITS[c & 15];
      escaped += 6;
    } else {
      if (c == '"' || c == '\\') {
        *escaped++ = '\\';
      }
      *escaped++ = (char)c;
    }
  }
  *escaped = '\0';
}

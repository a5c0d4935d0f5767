#include "greetings.h"

#include <stddef.h>
#include <string.h>

#include "json.h"

enum { MOST = 10 };

static struct refusal refused(int status, const char *message) {
  return (struct refusal){.status = status, .message = message};
}

struct refusal wish_read(struct wish *wish, char *name, const char *text) {
  struct json_field fields[] = {
      {.name = "name", .kind = JSON_STRING, .text = name},
      {.name = "times", .kind = JSON_NUMBER},
  };
  switch (json_read(text, fields, 2)) {
  case JSON_OK:
    break;
  case JSON_SYNTAX:
    return refused(400, "the body is not JSON");
  case JSON_TYPE:
    return refused(422, "a name and a number of times are wanted");
  }
  if (!fields[0].found || name[0] == '\0') {
    return refused(422, "name: must not be empty");
  }
  double times = fields[1].number;
  if (!fields[1].found || times < 1 || times > MOST || times != (int)times) {
    return refused(422, "times: must be from 1 to 10");
  }
  *wish = (struct wish){.name = name, .times = (int)times};
  return refused(0, NULL);
}

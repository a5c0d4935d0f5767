#undef NDEBUG
#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "greetings.h"
#include "json.h"

static int status_of(const char *text) {
  struct wish wish;
  char name[256];
  return wish_read(&wish, name, text).status;
}

static void test_wishes(void) {
  struct wish wish;
  char name[64];
  assert(wish_read(&wish, name, " {\"times\": 2, \"name\": \"A\\u00e9\\n\"} ").status == 0);
  assert(wish.times == 2);
  assert(strcmp(wish.name, "A\xc3\xa9\n") == 0);
  assert(status_of("{\"name\":\"Ada\",\"times\":10,\"more\":\"\\ud83d\\ude00\"}") == 0);
}

static void test_what_is_wrong(void) {
  static const char *const NO_JSON[] = {
      "",
      "{",
      "[]",
      "{\"name\":\"Ada\",}",
      "{\"name\":\"Ada",
      "{\"name\" \"Ada\"}",
      "{\"name\":\"\\x\"}",
      "{\"name\":\"\\ud83d\"}",
      "{\"times\":0x10}",
      "{\"times\":1} 2",
  };
  for (size_t i = 0; i < sizeof NO_JSON / sizeof *NO_JSON; i++) {
    assert(status_of(NO_JSON[i]) == 400);
  }
  assert(status_of("{}") == 422);
  assert(status_of("{\"name\":\"\",\"times\":1}") == 422);
  assert(status_of("{\"name\":\"Ada\",\"times\":11}") == 422);
  assert(status_of("{\"name\":\"Ada\",\"times\":1.5}") == 422);
  assert(status_of("{\"name\":\"Ada\",\"times\":\"2\"}") == 422);
}

static void test_escapes(void) {
  char escaped[64];
  json_escape(escaped, "a\"b\\c\n");
  assert(strcmp(escaped, "a\\\"b\\\\c\\u000a") == 0);
}

int main(void) {
  test_wishes();
  test_what_is_wrong();
  test_escapes();
  puts("all is well");
  return 0;
}

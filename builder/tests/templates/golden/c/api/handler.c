/* A JSON API: routes and errors. */
#include <isospin.h>
#include <string.h>

#include "greetings.h"
#include "json.h"

/* Before every path that the component answers. */
#define BASE ""

enum { LARGEST_BODY = 64 * 1024 };

static void answer(isospin_response *response, int status) {
  isospin_response_set_status(response, status);
  isospin_response_set_header(response, "content-type", "application/json");
}

static void fail(isospin_response *response, int status, const char *message) {
  answer(response, status);
  isospin_printf(isospin_response_body(response), "{\"error\":\"%s\"}\n", message);
}

/* Writes "Hello, NAME!" as JSON. */
static void print_greeting(isospin_request *request, isospin_writer *body, const char *name) {
  char *quoted = isospin_allocate(request, json_room(strlen(name)));
  json_escape(quoted, name);
  isospin_printf(body, "\"Hello, %s!\"", quoted);
}

static void greet(isospin_request *request, isospin_response *response, const char *encoded) {
  isospin_bytes name = isospin_percent_decode(request, encoded, strlen(encoded));
  answer(response, 200);
  isospin_writer *body = isospin_response_body(response);
  isospin_print(body, "{\"greeting\":");
  print_greeting(request, body, name.data);
  isospin_print(body, "}\n");
}

static void greet_often(isospin_request *request, isospin_response *response) {
  isospin_bytes text;
  isospin_error error = isospin_read_all(isospin_request_body(request), LARGEST_BODY, &text);
  if (error != ISOSPIN_OK) {
    isospin_fail(response, "the body: %s", isospin_error_name(error));
    return;
  }
  struct wish wish;
  char *name = isospin_allocate(request, text.size + 1);
  struct refusal refusal = wish_read(&wish, name, text.data);
  if (refusal.status != 0) {
    fail(response, refusal.status, refusal.message);
    return;
  }
  answer(response, 200);
  isospin_writer *body = isospin_response_body(response);
  isospin_print(body, "{\"greetings\":[");
  for (int i = 0; i < wish.times; i++) {
    isospin_print(body, i > 0 ? "," : "");
    print_greeting(request, body, wish.name);
  }
  isospin_print(body, "]}\n");
}

void isospin_handle(isospin_request *request, isospin_response *response) {
  static const char ALL[] = BASE "/greetings";
  static const char ONE[] = BASE "/greetings/";
  const char *method = isospin_request_method(request);
  const char *path = isospin_request_path(request);
  bool is_one = strncmp(path, ONE, strlen(ONE)) == 0 && path[strlen(ONE)] != '\0';
  const char *allowed = is_one ? "GET" : "POST";
  if (!is_one && strcmp(path, ALL) != 0) {
    fail(response, 404, "not found");
  } else if (strcmp(method, allowed) != 0) {
    isospin_response_set_header(response, "allow", allowed);
    fail(response, 405, "method not allowed");
  } else if (is_one) {
    greet(request, response, path + strlen(ONE));
  } else {
    greet_often(request, response);
  }
}

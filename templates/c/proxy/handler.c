/* A proxy: every request goes to the upstream, both bodies are streamed. */
#include <isospin.h>
#include <string.h>

#include "forwarding.h"

static void send_headers(isospin_request *request, isospin_fetch *fetch) {
  isospin_fields headers = isospin_request_headers(request);
  for (size_t i = 0; i < headers.count; i++) {
    if (!is_of_connection(headers.items[i].name)) {
      isospin_fetch_add_header(fetch, headers.items[i].name, headers.items[i].value);
    }
  }
}

/* Sends the body, if there may be one, and waits for the response's head. */
static isospin_error ask(isospin_request *request, isospin_fetch *fetch) {
  const char *method = isospin_request_method(request);
  if (strcmp(method, "GET") != 0 && strcmp(method, "HEAD") != 0) {
    isospin_error error = isospin_copy(isospin_request_body(request), isospin_fetch_body(fetch));
    /* An upstream may answer without taking the whole body. */
    if (error != ISOSPIN_OK && error != ISOSPIN_ERROR_CLOSED) {
      return error;
    }
  }
  return isospin_fetch_wait(fetch);
}

static void answer_head(isospin_fetch *fetch, isospin_response *response) {
  isospin_response_set_status(response, isospin_fetch_status(fetch));
  isospin_fields headers = isospin_fetch_headers(fetch);
  for (size_t i = 0; i < headers.count; i++) {
    if (!is_of_connection(headers.items[i].name)) {
      isospin_response_add_header(response, headers.items[i].name, headers.items[i].value);
    }
  }
}

void isospin_handle(isospin_request *request, isospin_response *response) {
  const char *upstream = isospin_environment(request, "UPSTREAM");
  if (upstream == NULL) {
    isospin_fail(response, "UPSTREAM is not set in isospin.toml");
    return;
  }
  const char *query = isospin_request_query(request);
  const char *url = isospin_format(request, "%.*s%s%s%s", (int)server_size(upstream), upstream,
                                   isospin_request_path(request), query == NULL ? "" : "?",
                                   query == NULL ? "" : query);
  isospin_fetch *fetch = isospin_fetch_new(request, isospin_request_method(request), url);
  send_headers(request, fetch);
  isospin_error error = ask(request, fetch);
  if (error != ISOSPIN_OK) {
    isospin_log("%s: %s", upstream, isospin_error_name(error));
    isospin_respond_text(response, 502, "the upstream does not answer\n");
    return;
  }
  answer_head(fetch, response);
  error = isospin_copy(isospin_fetch_reader(fetch), isospin_response_body(response));
  if (error != ISOSPIN_OK) {
    isospin_fail(response, "%s: %s", url, isospin_error_name(error));
  }
}

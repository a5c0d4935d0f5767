/* The most frequent words of a text, which is sent or fetched. */
#include <stdlib.h>
#include <string.h>

#include "words.h"

enum { TOP = 20 };

static void answer_counts(isospin_response *response, const struct words *words) {
  struct word top[TOP];
  size_t count = words_top(words, top, TOP);
  isospin_response_set_header(response, "content-type", "application/json");
  isospin_writer *body = isospin_response_body(response);
  isospin_printf(body, "{\"words\":%lu,\"distinct\":%zu,\"top\":[", words->total, words->distinct);
  for (size_t i = 0; i < count; i++) {
    isospin_printf(body, "%s[\"%.*s\",%lu]", i > 0 ? "," : "", (int)top[i].size, top[i].text,
                   top[i].count);
  }
  isospin_print(body, "]}\n");
}

/* Reads the text to its end; `valid` says whether it is UTF-8. */
static isospin_error count(isospin_reader *text, struct words *words, bool *valid) {
  unsigned char piece[16 * 1024];
  struct utf8 state = {0};
  *valid = true;
  for (;;) {
    ptrdiff_t got = isospin_read(text, piece, sizeof piece);
    if (got <= 0) {
      words_finish(words);
      *valid = *valid && state.missing == 0;
      return (isospin_error)-got;
    }
    *valid = *valid && utf8_add(&state, piece, (size_t)got);
    if (!*valid) {
      return ISOSPIN_OK;
    }
    words_add(words, piece, (size_t)got);
  }
}

/* Answers with the counts of the text, or with why there are none. */
static isospin_error answer(isospin_request *request, isospin_response *response,
                            isospin_reader *text) {
  struct words words;
  bool valid;
  words_start(&words, request);
  isospin_error error = count(text, &words, &valid);
  if (error == ISOSPIN_OK && valid) {
    answer_counts(response, &words);
  } else if (error == ISOSPIN_OK) {
    isospin_respond_text(response, 400, "the text is not UTF-8\n");
  }
  free(words.slots);
  return error;
}

static void answer_fetched(isospin_request *request, isospin_response *response, const char *url) {
  isospin_fetch *fetch = isospin_fetch_new(request, "GET", url);
  isospin_error error = isospin_fetch_wait(fetch);
  if (error == ISOSPIN_OK && isospin_fetch_status(fetch) == 200) {
    error = answer(request, response, isospin_fetch_reader(fetch));
  } else if (error == ISOSPIN_OK) {
    error = ISOSPIN_ERROR_DESTINATION_NOT_FOUND;
  }
  if (error != ISOSPIN_OK) {
    isospin_log("%s: %s", url, isospin_error_name(error));
    isospin_respond_text(response, 502, "the text could not be fetched\n");
  }
}

void isospin_handle(isospin_request *request, isospin_response *response) {
  const char *method = isospin_request_method(request);
  const char *from = isospin_request_query_value(request, "from");
  if (strcmp(method, "POST") == 0) {
    isospin_error error = answer(request, response, isospin_request_body(request));
    if (error != ISOSPIN_OK) {
      isospin_fail(response, "the text: %s", isospin_error_name(error));
    }
  } else if (strcmp(method, "GET") != 0) {
    isospin_response_set_header(response, "allow", "GET, POST");
    isospin_respond_text(response, 405, "method not allowed\n");
  } else if (from != NULL && from[0] != '\0') {
    answer_fetched(request, response, from);
  } else {
    isospin_respond_text(response, 200, "Hello from Isospin!\n");
  }
}

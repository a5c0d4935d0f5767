/* Requests to other servers. */
#include "routes.h"

#include <stdlib.h>
#include <string.h>

static void answer_error(const struct call *call, isospin_error error) {
  isospin_respond_text(call->response, 502,
                       isospin_format(call->request, "%s\n", isospin_error_name(error)));
}

/* When to give up if no response has begun. */
static uint64_t deadline(const struct call *call) {
  const char *limit = isospin_request_query_value(call->request, "ms");
  return limit == NULL ? ISOSPIN_FOREVER
                       : isospin_monotonic_clock() + strtoull(limit, NULL, 10) * ISOSPIN_MILLISECOND;
}

static uint64_t remaining(uint64_t end) {
  uint64_t now = end == ISOSPIN_FOREVER ? 0 : isospin_monotonic_clock();
  return end > now ? end - now : 0;
}

/* A body on its way from one side to the other. */
struct transfer {
  isospin_reader *from;
  isospin_writer *to;
  char piece[16 * 1024];
  size_t size, sent; /* of the piece in hand */
  bool done;
};

/* What the transfer waits for. */
static isospin_poll_item wanted(struct transfer *transfer) {
  isospin_poll_item item = {0};
  if (!transfer->done && transfer->from != NULL) {
    if (transfer->sent < transfer->size) {
      item.writer = transfer->to;
    } else {
      item.reader = transfer->from;
    }
  }
  return item;
}

/* Goes on without waiting; an error is told once and ends the transfer. */
static isospin_error step(struct transfer *transfer, const isospin_poll_item *item) {
  if (!item->ready) {
    return ISOSPIN_OK;
  }
  ptrdiff_t moved;
  if (item->writer != NULL) {
    moved = isospin_write_some(transfer->to, transfer->piece + transfer->sent,
                               transfer->size - transfer->sent);
    transfer->sent += moved > 0 ? (size_t)moved : 0;
  } else {
    moved = isospin_read(transfer->from, transfer->piece, sizeof transfer->piece);
    transfer->size = moved > 0 ? (size_t)moved : 0;
    transfer->sent = 0;
    transfer->done = moved <= 0;
  }
  transfer->done |= moved < 0;
  return moved < 0 ? (isospin_error)-moved : ISOSPIN_OK;
}

static bool is_copied_up(const char *name) {
  return strcmp(name, "content-type") == 0 || strncmp(name, "x-", 2) == 0;
}

static bool is_copied_down(const char *name) {
  static const char *const KEPT_BACK[] = {"connection", "keep-alive", "transfer-encoding",
                                          "content-length", "date"};
  for (size_t i = 0; i < sizeof KEPT_BACK / sizeof *KEPT_BACK; i++) {
    if (strcmp(name, KEPT_BACK[i]) == 0) {
      return false;
    }
  }
  return true;
}

/* Takes over the head of the other server's response. */
static void copy_head(const struct call *call, isospin_fetch *fetch) {
  isospin_response_set_status(call->response, isospin_fetch_status(fetch));
  isospin_fields headers = isospin_fetch_headers(fetch);
  for (size_t i = 0; i < headers.count; i++) {
    if (is_copied_down(headers.items[i].name)) {
      isospin_response_add_header(call->response, headers.items[i].name, headers.items[i].value);
    }
  }
  isospin_flush(isospin_response_body(call->response));
}

/* Moves both bodies, each as it comes, until the response's is through. */
static void relay(const struct call *call, isospin_fetch *fetch, bool uploads) {
  uint64_t end = deadline(call);
  struct transfer up = {.done = !uploads}, down = {.to = isospin_response_body(call->response)};
  if (uploads) {
    up.from = isospin_request_body(call->request);
    up.to = isospin_fetch_body(fetch);
  }
  isospin_error unsent = isospin_fetch_send(fetch);
  if (unsent != ISOSPIN_OK) {
    answer_error(call, unsent);
    return;
  }
  while (!down.done) {
    isospin_poll_item items[3] = {wanted(&up), wanted(&down), {0}};
    bool waiting = down.from == NULL;
    items[2].fetch = waiting ? fetch : NULL;
    if (isospin_poll(call->request, items, 3, waiting ? remaining(end) : ISOSPIN_FOREVER) == 0) {
      isospin_respond_text(call->response, 504, "timed out\n");
      return;
    }
    if (items[2].ready) {
      if (isospin_fetch_error(fetch) != ISOSPIN_OK) {
        answer_error(call, isospin_fetch_error(fetch));
        return;
      }
      copy_head(call, fetch);
      down.from = isospin_fetch_reader(fetch);
    }
    bool uploading = !up.done, reading = items[0].reader != NULL;
    isospin_error broken = step(&up, &items[0]);
    if (reading && broken != ISOSPIN_OK) {
      /* What came of the body must not look whole to the other server. */
      isospin_fail(call->response, "fetch: %s", isospin_error_name(broken));
      return;
    }
    /* A server may answer without taking the whole body. */
    if (uploading && up.done) {
      isospin_end(up.to);
    }
    isospin_error error = step(&down, &items[1]);
    if (error != ISOSPIN_OK) {
      isospin_fail(call->response, "fetch: %s", isospin_error_name(error));
    }
  }
}

/* Whether a body is to be sent on: what has none must not look as if it had one.
 * A body without a length cannot be told from none but by the method. */
static bool has_body(isospin_request *request) {
  const char *method = isospin_request_method(request);
  return isospin_request_header(request, "content-length") != NULL ||
         (strcmp(method, "GET") != 0 && strcmp(method, "HEAD") != 0);
}

void route_fetch(const struct call *call) {
  const char *url = isospin_request_query_value(call->request, "url");
  isospin_fetch *fetch = isospin_fetch_new(call->request, isospin_request_method(call->request),
                                           url != NULL ? url : "");
  isospin_fields headers = isospin_request_headers(call->request);
  for (size_t i = 0; i < headers.count; i++) {
    if (is_copied_up(headers.items[i].name)) {
      isospin_fetch_add_header(fetch, headers.items[i].name, headers.items[i].value);
    }
  }
  relay(call, fetch, has_body(call->request));
}

/* One of several requests in flight. */
struct question {
  isospin_fetch *fetch;
  size_t length;
  bool done;
  isospin_error error;
};

/* Takes what is there of the answer. */
static void listen(struct question *question) {
  char piece[16 * 1024];
  question->error = isospin_fetch_error(question->fetch);
  if (question->error == ISOSPIN_OK) {
    ptrdiff_t got = isospin_read(isospin_fetch_reader(question->fetch), piece, sizeof piece);
    question->length += got > 0 ? (size_t)got : 0;
    question->error = got < 0 ? (isospin_error)-got : ISOSPIN_OK;
    question->done = got <= 0;
  }
  question->done |= question->error != ISOSPIN_OK;
}

void route_gather(const struct call *call) {
  isospin_fields pairs = isospin_request_query_pairs(call->request);
  struct question *questions = isospin_allocate(call->request, pairs.count * sizeof *questions);
  isospin_poll_item *items = isospin_allocate(call->request, pairs.count * sizeof *items);
  size_t count = 0, open = 0;
  for (size_t i = 0; i < pairs.count; i++) {
    if (strcmp(pairs.items[i].name, "url") == 0) {
      questions[count].fetch = isospin_fetch_new(call->request, "GET", pairs.items[i].value);
      isospin_fetch_send(questions[count++].fetch);
    }
  }
  for (open = count; open > 0;) {
    for (size_t i = 0; i < count; i++) {
      isospin_reader *reader = isospin_fetch_reader(questions[i].fetch);
      items[i] = (isospin_poll_item){0};
      if (!questions[i].done && reader != NULL) {
        items[i].reader = reader;
      } else if (!questions[i].done) {
        items[i].fetch = questions[i].fetch;
      }
    }
    isospin_poll(call->request, items, count, ISOSPIN_FOREVER);
    for (size_t i = 0; i < count; i++) {
      bool failed = isospin_fetch_error(questions[i].fetch) != ISOSPIN_OK;
      if (items[i].ready && (items[i].reader != NULL || failed)) {
        listen(&questions[i]);
        open -= questions[i].done;
      }
    }
  }
  set_content_type(call, "text/plain; charset=utf-8");
  isospin_writer *body = isospin_response_body(call->response);
  for (size_t i = 0; i < count; i++) {
    if (questions[i].error != ISOSPIN_OK) {
      isospin_printf(body, "%s\n", isospin_error_name(questions[i].error));
    } else {
      isospin_printf(body, "%d %zu\n", isospin_fetch_status(questions[i].fetch),
                     questions[i].length);
    }
  }
}

/*
 * What belongs to one request: everything hangs on `isospin_request`, nothing
 * is global. A handle of 0 is none (the component model never gives 0 out).
 */
#ifndef ISOSPIN_STATE_H
#define ISOSPIN_STATE_H

#include "application.h"
#include "arena.h"
#include "isospin.h"

/* A body that arrives. */
struct isospin_reader {
  isospin_request *request;
  wasi_http_types_own_incoming_body_t body;
  wasi_io_streams_own_input_stream_t stream; /* a child of `body` */
  wasi_io_streams_own_pollable_t pollable;   /* a child of `stream` */
  isospin_error error;
  bool trailers_known;
  isospin_fields trailers;
};

/* A body that is sent, with the head that goes before it. */
struct isospin_writer {
  isospin_request *request;
  isospin_writer *next; /* the request's writers are a list */
  /* Sends the head and fills in `body` and `stream`. `whole` says that the body
   * is complete: it is the `filled` bytes of the buffer. */
  isospin_error (*start)(isospin_writer *writer, bool whole);
  wasi_http_types_own_fields_t headers;  /* until the head is sent */
  wasi_http_types_own_fields_t trailers; /* until the end is sent */
  wasi_http_types_own_outgoing_body_t body;
  wasi_io_streams_own_output_stream_t stream; /* a child of `body` */
  wasi_io_streams_own_pollable_t pollable;    /* a child of `stream` */
  char *buffer;
  size_t filled;
  bool started;
  bool unflushed; /* the host has bytes that it was not told to send on */
  bool ended;
  isospin_error error;
};

struct isospin_fetch {
  isospin_writer writer;
  isospin_reader reader;
  isospin_fetch *next; /* the request's fetches are a list */
  const char *method;
  const char *url;
  uint64_t timeouts[3];
  bool has_body;
  wasi_http_types_own_future_incoming_response_t future;
  wasi_io_poll_own_pollable_t pollable; /* a child of `future` */
  wasi_http_types_own_incoming_response_t response;
  int status;
  isospin_error error;
  bool headers_known;
  isospin_fields headers;
};

struct isospin_response {
  isospin_writer writer;
  wasi_http_types_own_response_outparam_t out; /* until the head is sent */
  int status;
  bool failed;
};

struct isospin_request {
  struct arena arena;
  wasi_http_types_own_incoming_request_t handle;
  const char *method;
  const char *path;
  const char *query;
  const char *scheme;
  const char *authority;
  isospin_fields headers;
  isospin_fields query_pairs;
  bool path_known, headers_known, query_pairs_known;
  bool body_taken;
  isospin_reader body;
  isospin_writer *writers;
  isospin_fetch *fetches;
  /* Set by what needs them, so that a handler which reads no body and makes no
   * fetches does not carry their code and imports. */
  void (*close_body)(isospin_reader *reader);
  void (*close_fetch)(isospin_fetch *fetch);
  void (*wait)(isospin_request *request, wasi_io_poll_borrow_pollable_t pollable);
};

/* The methods that the world has by number, in its order. */
extern const char *const METHOD_NAMES[];

#endif

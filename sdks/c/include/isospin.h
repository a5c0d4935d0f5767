/*
 * isospin.h: HTTP handlers in C and C++.
 *
 * A component is one function:
 *
 *     #include <isospin.h>
 *
 *     void isospin_handle(isospin_request *request, isospin_response *response) {
 *       isospin_respond_text(response, 200, "Hello from Isospin!\n");
 *     }
 *
 * Memory. Whatever a function here returns belongs to the request that it was
 * called for and is freed when `isospin_handle` returns. `isospin_allocate`
 * gives memory of the same kind. A handler that uses nothing else frees
 * nothing. Memory that shall outlive the request comes from `malloc`.
 *
 * Strings. Each `const char *` and each name and value of a field ends in a NUL
 * that its size does not count, so that it is a C string. A header's value may
 * hold any other byte; it need not be UTF-8.
 *
 * Errors. Functions that can fail return an `isospin_error`, which is 0 where
 * all went well. `isospin_read` returns a count or, negative, an error.
 *
 * Waiting. A call that must wait first sends what was written to any body of
 * the same request, so that nobody waits for bytes that lie in a buffer here.
 * One instance may handle several requests after each other, and on some hosts
 * several at once: keep what belongs to a request in its arena, not in globals.
 */
#ifndef ISOSPIN_H
#define ISOSPIN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#if defined(__GNUC__)
#define ISOSPIN_FORMAT(format, first) __attribute__((__format__(__printf__, format, first)))
#else
#define ISOSPIN_FORMAT(format, first)
#endif

/* ---- Types ---------------------------------------------------------------- */

/* The request that is being handled. Opaque. */
typedef struct isospin_request isospin_request;
/* Its response. Opaque. */
typedef struct isospin_response isospin_response;
/* A body that arrives: of the request, or of the response to a fetch. Opaque. */
typedef struct isospin_reader isospin_reader;
/* A body that is sent: of the response, or of a fetch. Opaque. */
typedef struct isospin_writer isospin_writer;
/* A request to another server, and the response to it. Opaque. */
typedef struct isospin_fetch isospin_fetch;

/* One header, trailer, query pair or variable. */
typedef struct isospin_field {
  const char *name;
  size_t name_size;
  const char *value;
  size_t value_size;
} isospin_field;

/* A list of them, in their order, repeats kept. */
typedef struct isospin_fields {
  const isospin_field *items;
  size_t count;
} isospin_fields;

/* Some bytes; `data[size]` is NUL. */
typedef struct isospin_bytes {
  const char *data;
  size_t size;
} isospin_bytes;

/* What can go wrong. The names are those of the error codes of wasi:http. */
typedef enum isospin_error {
  ISOSPIN_OK = 0,
  ISOSPIN_ERROR_DNS_TIMEOUT,
  ISOSPIN_ERROR_DNS_ERROR,
  ISOSPIN_ERROR_DESTINATION_NOT_FOUND,
  ISOSPIN_ERROR_DESTINATION_UNAVAILABLE,
  ISOSPIN_ERROR_DESTINATION_IP_PROHIBITED,
  ISOSPIN_ERROR_DESTINATION_IP_UNROUTABLE,
  ISOSPIN_ERROR_CONNECTION_REFUSED,
  ISOSPIN_ERROR_CONNECTION_TERMINATED,
  ISOSPIN_ERROR_CONNECTION_TIMEOUT,
  ISOSPIN_ERROR_CONNECTION_READ_TIMEOUT,
  ISOSPIN_ERROR_CONNECTION_WRITE_TIMEOUT,
  ISOSPIN_ERROR_CONNECTION_LIMIT_REACHED,
  ISOSPIN_ERROR_TLS_PROTOCOL_ERROR,
  ISOSPIN_ERROR_TLS_CERTIFICATE_ERROR,
  ISOSPIN_ERROR_TLS_ALERT_RECEIVED,
  ISOSPIN_ERROR_HTTP_REQUEST_DENIED,
  ISOSPIN_ERROR_HTTP_REQUEST_LENGTH_REQUIRED,
  ISOSPIN_ERROR_HTTP_REQUEST_BODY_SIZE,
  ISOSPIN_ERROR_HTTP_REQUEST_METHOD_INVALID,
  ISOSPIN_ERROR_HTTP_REQUEST_URI_INVALID,
  ISOSPIN_ERROR_HTTP_REQUEST_URI_TOO_LONG,
  ISOSPIN_ERROR_HTTP_REQUEST_HEADER_SECTION_SIZE,
  ISOSPIN_ERROR_HTTP_REQUEST_HEADER_SIZE,
  ISOSPIN_ERROR_HTTP_REQUEST_TRAILER_SECTION_SIZE,
  ISOSPIN_ERROR_HTTP_REQUEST_TRAILER_SIZE,
  ISOSPIN_ERROR_HTTP_RESPONSE_INCOMPLETE,
  ISOSPIN_ERROR_HTTP_RESPONSE_HEADER_SECTION_SIZE,
  ISOSPIN_ERROR_HTTP_RESPONSE_HEADER_SIZE,
  ISOSPIN_ERROR_HTTP_RESPONSE_BODY_SIZE,
  ISOSPIN_ERROR_HTTP_RESPONSE_TRAILER_SECTION_SIZE,
  ISOSPIN_ERROR_HTTP_RESPONSE_TRAILER_SIZE,
  ISOSPIN_ERROR_HTTP_RESPONSE_TRANSFER_CODING,
  ISOSPIN_ERROR_HTTP_RESPONSE_CONTENT_CODING,
  ISOSPIN_ERROR_HTTP_RESPONSE_TIMEOUT,
  ISOSPIN_ERROR_HTTP_UPGRADE_FAILED,
  ISOSPIN_ERROR_HTTP_PROTOCOL_ERROR,
  ISOSPIN_ERROR_LOOP_DETECTED,
  ISOSPIN_ERROR_CONFIGURATION_ERROR,
  ISOSPIN_ERROR_INTERNAL_ERROR,
  /* Not of wasi:http: */
  ISOSPIN_ERROR_CLOSED,           /* the other side takes no more of this body */
  ISOSPIN_ERROR_INVALID_FIELD,    /* no valid name, value, status or method */
  ISOSPIN_ERROR_FORBIDDEN_FIELD,  /* a header that only the host may set */
  ISOSPIN_ERROR_TOO_LATE          /* the head or the end was sent already */
} isospin_error;

/* The error's name in kebab-case, such as "connection-refused"; "ok" for 0.
 * Takes what `isospin_read` returned as well (its sign does not matter). */
const char *isospin_error_name(ptrdiff_t error);

/* ---- The handler ---------------------------------------------------------- */

/* Written by you: called once for each request. The response's end is sent
 * when it returns. A handler that writes nothing answers 200 with no body. */
void isospin_handle(isospin_request *request, isospin_response *response);

/* ---- Request -------------------------------------------------------------- */

/* The method as it was sent: "GET", or any other token. */
const char *isospin_request_method(isospin_request *request);

/* The path as it was sent, percent-encoding and all: "/a%2Fb". */
const char *isospin_request_path(isospin_request *request);

/* What follows the first "?", undecoded; NULL if there was none. */
const char *isospin_request_query(isospin_request *request);

/* "http" or "https", and the host with its port; NULL if the host does not say. */
const char *isospin_request_scheme(isospin_request *request);
const char *isospin_request_authority(isospin_request *request);

/* All headers; names in lower case. */
isospin_fields isospin_request_headers(isospin_request *request);

/* The first header of that name in any case; NULL if there is none. */
const char *isospin_request_header(isospin_request *request, const char *name);

/* The pairs of the query, percent-decoded ("+" stays "+"), in their order. A
 * pair without "=" has an empty value. */
isospin_fields isospin_request_query_pairs(isospin_request *request);

/* The decoded value of the first pair of that name; NULL if there is none. */
const char *isospin_request_query_value(isospin_request *request, const char *name);

/* The body. The same reader each time. */
isospin_reader *isospin_request_body(isospin_request *request);

/* ---- Response ------------------------------------------------------------- */

/* The whole response at once: status, content type (NULL for none) and body. */
isospin_error isospin_respond(isospin_response *response, int status, const char *content_type,
                              const void *body, size_t size);

/* The same for a C string of UTF-8 text, as text/plain. */
isospin_error isospin_respond_text(isospin_response *response, int status, const char *text);

/* The status; 200 unless set. */
isospin_error isospin_response_set_status(isospin_response *response, int status);

/* Sets a header, replacing those of that name; or adds one, keeping them. */
isospin_error isospin_response_set_header(isospin_response *response, const char *name,
                                          const char *value);
isospin_error isospin_response_add_header(isospin_response *response, const char *name,
                                          const char *value);

/* The body. Status and headers are sent with the first bytes that leave (when
 * about 4 KiB were gathered, at a flush, or when something waits); if the
 * handler returns before that, with a content-length as well. */
isospin_writer *isospin_response_body(isospin_response *response);

/* The request failed: writes the message as a line to the log. If nothing was
 * sent, the client gets an empty 500; else the response is cut, so that the
 * client knows that it is not complete. Return from the handler after it. */
void isospin_fail(isospin_response *response, const char *format, ...) ISOSPIN_FORMAT(2, 3);

/* ---- Reading a body ------------------------------------------------------- */

/* Waits for at least one byte and reads up to `size`. Returns how many, 0 at
 * the body's end, or -(isospin_error). */
ptrdiff_t isospin_read(isospin_reader *reader, void *buffer, size_t size);

/* Reads the rest of the body, at most `limit` bytes: more is an error,
 * ISOSPIN_ERROR_HTTP_REQUEST_BODY_SIZE. */
isospin_error isospin_read_all(isospin_reader *reader, size_t limit, isospin_bytes *body);

/* Sends what is left of one body as another, in constant memory. The writer is
 * not ended and trailers are not copied. */
isospin_error isospin_copy(isospin_reader *reader, isospin_writer *writer);

/* The trailers. Call it when the body was read to its end. */
isospin_error isospin_trailers(isospin_reader *reader, isospin_fields *trailers);

/* ---- Writing a body ------------------------------------------------------- */

/* Writes all of it; waits while the other side does not take more. */
isospin_error isospin_write(isospin_writer *writer, const void *data, size_t size);

/* Writes a C string. */
isospin_error isospin_print(isospin_writer *writer, const char *text);

/* Writes formatted text; for the formats see `isospin_format`. */
isospin_error isospin_printf(isospin_writer *writer, const char *format, ...) ISOSPIN_FORMAT(2, 3);

/* Sends what was written so far. Not needed before a call that waits. */
isospin_error isospin_flush(isospin_writer *writer);

/* Writes what can be written without waiting. Returns how many bytes (0 if
 * none now: see `isospin_poll`), or -(isospin_error). */
ptrdiff_t isospin_write_some(isospin_writer *writer, const void *data, size_t size);

/* Adds a trailer, to be sent after the body. */
isospin_error isospin_add_trailer(isospin_writer *writer, const char *name, const char *value);

/* Ends the body. Not needed for a response, whose end is the handler's, nor
 * before `isospin_fetch_wait`. */
isospin_error isospin_end(isospin_writer *writer);

/* ---- Requests to other servers -------------------------------------------- */

/* A request to be sent; several may be in flight at once. A `url` that is none
 * is reported by the first call that sends. Redirects are not followed. */
isospin_fetch *isospin_fetch_new(isospin_request *request, const char *method, const char *url);

isospin_error isospin_fetch_set_header(isospin_fetch *fetch, const char *name, const char *value);
isospin_error isospin_fetch_add_header(isospin_fetch *fetch, const char *name, const char *value);

/* Limits in nanoseconds, 0 for the host's own: to connect, to the response's
 * first byte, and from then on between any two. */
void isospin_fetch_set_timeouts(isospin_fetch *fetch, uint64_t connect, uint64_t first_byte,
                                uint64_t between_bytes);

/* The request's body. Without this call the request has none. */
isospin_writer *isospin_fetch_body(isospin_fetch *fetch);

/* Sends the request's head and what was written of its body; does not wait. */
isospin_error isospin_fetch_send(isospin_fetch *fetch);

/* Sends what is left of the request, ends its body and waits until the
 * response's status and headers are there. */
isospin_error isospin_fetch_wait(isospin_fetch *fetch);

/* The response; status 0 and no headers before it is there. */
int isospin_fetch_status(isospin_fetch *fetch);
isospin_fields isospin_fetch_headers(isospin_fetch *fetch);
const char *isospin_fetch_header(isospin_fetch *fetch, const char *name);

/* Why there is no response; ISOSPIN_OK while none is known. */
isospin_error isospin_fetch_error(isospin_fetch *fetch);

/* The response's body; NULL before the response is there. */
isospin_reader *isospin_fetch_reader(isospin_fetch *fetch);

/* Lets go of the request and its response before the handler's end. Not needed,
 * but where a handler makes many. `fetch` and what came from it are gone. */
void isospin_fetch_close(isospin_fetch *fetch);

/* ---- Waiting for several things ------------------------------------------- */

/* Something to wait for: set one of the first three. */
typedef struct isospin_poll_item {
  isospin_reader *reader; /* ready when `isospin_read` would not wait */
  isospin_writer *writer; /* ready when `isospin_write_some` would take a byte */
  isospin_fetch *fetch;   /* ready when the response is there, or an error */
  bool ready;             /* set by `isospin_poll` */
} isospin_poll_item;

#define ISOSPIN_MICROSECOND UINT64_C(1000)
#define ISOSPIN_MILLISECOND UINT64_C(1000000)
#define ISOSPIN_SECOND UINT64_C(1000000000)
#define ISOSPIN_FOREVER UINT64_MAX

/* Waits until an item is ready, at most `timeout` nanoseconds. Items with none
 * of the three set are never ready. Returns how many are. */
size_t isospin_poll(isospin_request *request, isospin_poll_item *items, size_t count,
                    uint64_t timeout);

/* Waits `duration` nanoseconds. */
void isospin_sleep(isospin_request *request, uint64_t duration);

/* ---- Memory and text ------------------------------------------------------ */

/* Memory for anything, zeroed, until the request ends. Never NULL: where there
 * is none left, the request ends with 500. */
void *isospin_allocate(isospin_request *request, size_t size);

/* A copy of `size` bytes with a NUL after them. */
char *isospin_copy_bytes(isospin_request *request, const void *data, size_t size);

/* Text as `sprintf` makes it: flags, width, precision, the sizes hh h l ll z j t
 * and the conversions d i u x X o c s p f F e E g G %. No locale, no `%n`. */
char *isospin_format(isospin_request *request, const char *format, ...) ISOSPIN_FORMAT(2, 3);

/* Percent-decoding; what is no valid escape stays as it is. */
isospin_bytes isospin_percent_decode(isospin_request *request, const char *text, size_t size);

/* The first field of that name in any case after `after`, or from the start if
 * `after` is NULL; NULL if there is none. */
const isospin_field *isospin_find(isospin_fields fields, const char *name,
                                  const isospin_field *after);

/* ---- Surroundings --------------------------------------------------------- */

/* Writes a line to the log; the line feed is added. Formats as `isospin_format`. */
void isospin_log(const char *format, ...) ISOSPIN_FORMAT(1, 2);

/* Nanoseconds since 1970, and of a clock that never goes back. */
uint64_t isospin_wall_clock(void);
uint64_t isospin_monotonic_clock(void);

/* Fills the buffer with bytes from the host's secure source. */
void isospin_random(void *buffer, size_t size);

/* A variable, NULL if it is not set; and all of them. A component that calls
 * one of these must ask for it in isospin.toml: environment = { NAME = "value" } */
const char *isospin_environment(isospin_request *request, const char *name);
isospin_fields isospin_environment_all(isospin_request *request);

#ifdef __cplusplus
}
#endif

#endif

#include <string.h>

#include "body.h"
#include "fields.h"
#include "lend.h"
#include "request.h"

const char *const METHOD_NAMES[] = {"GET",     "HEAD",    "POST",  "PUT",  "DELETE",
                                    "CONNECT", "OPTIONS", "TRACE", "PATCH"};

/* A string that the host put into the arena, which ends it with a NUL unless
 * it is empty. */
static char *text_of(application_string_t string) {
  return string.len == 0 ? "" : (char *)string.ptr;
}

void request_start(isospin_request *request, wasi_http_types_own_incoming_request_t handle,
                   void *memory, size_t size) {
  memset(request, 0, sizeof *request);
  request->handle = handle;
  arena_start(&request->arena, memory, size);
}

void request_end(isospin_request *request) {
  while (request->fetches != NULL) {
    request->close_fetch(request->fetches);
  }
  if (request->body_taken) {
    request->close_body(&request->body);
  }
  wasi_http_types_incoming_request_drop_own(request->handle);
  arena_end(&request->arena);
}

static wasi_http_types_borrow_incoming_request_t borrow(isospin_request *request) {
  lend_arena(&request->arena);
  return wasi_http_types_borrow_incoming_request(request->handle);
}

const char *isospin_request_method(isospin_request *request) {
  if (request->method == NULL) {
    wasi_http_types_method_t method;
    wasi_http_types_method_incoming_request_method(borrow(request), &method);
    request->method = method.tag < WASI_HTTP_TYPES_METHOD_OTHER ? METHOD_NAMES[method.tag]
                                                                : text_of(method.val.other);
  }
  return request->method;
}

static void load_path(isospin_request *request) {
  if (request->path_known) {
    return;
  }
  request->path_known = true;
  request->path = "/";
  application_string_t target;
  if (wasi_http_types_method_incoming_request_path_with_query(borrow(request), &target) &&
      target.len > 0) {
    char *path = text_of(target);
    char *mark = strchr(path, '?');
    if (mark != NULL) {
      *mark = '\0';
      request->query = mark + 1;
    }
    request->path = path;
  }
}

const char *isospin_request_path(isospin_request *request) {
  load_path(request);
  return request->path;
}

const char *isospin_request_query(isospin_request *request) {
  load_path(request);
  return request->query;
}

const char *isospin_request_scheme(isospin_request *request) {
  wasi_http_types_scheme_t scheme;
  if (request->scheme == NULL &&
      wasi_http_types_method_incoming_request_scheme(borrow(request), &scheme)) {
    request->scheme = scheme.tag == WASI_HTTP_TYPES_SCHEME_HTTP    ? "http"
                      : scheme.tag == WASI_HTTP_TYPES_SCHEME_HTTPS ? "https"
                                                                   : text_of(scheme.val.other);
  }
  return request->scheme;
}

const char *isospin_request_authority(isospin_request *request) {
  application_string_t authority;
  if (request->authority == NULL &&
      wasi_http_types_method_incoming_request_authority(borrow(request), &authority)) {
    request->authority = text_of(authority);
  }
  return request->authority;
}

isospin_fields isospin_request_headers(isospin_request *request) {
  if (!request->headers_known) {
    request->headers_known = true;
    wasi_http_types_own_fields_t headers =
        wasi_http_types_method_incoming_request_headers(borrow(request));
    request->headers = fields_read(&request->arena, headers);
    wasi_http_types_fields_drop_own(headers);
  }
  return request->headers;
}

const char *isospin_request_header(isospin_request *request, const char *name) {
  const isospin_field *field = isospin_find(isospin_request_headers(request), name, NULL);
  return field == NULL ? NULL : field->value;
}

isospin_reader *isospin_request_body(isospin_request *request) {
  if (!request->body_taken) {
    request->body_taken = true;
    request->close_body = reader_close;
    wasi_http_types_own_incoming_body_t body;
    wasi_http_types_method_incoming_request_consume(borrow(request), &body);
    reader_open(&request->body, request, body);
  }
  return &request->body;
}

void *isospin_allocate(isospin_request *request, size_t size) {
  return memset(arena_allocate(&request->arena, size, 16), 0, size);
}

char *isospin_copy_bytes(isospin_request *request, const void *data, size_t size) {
  char *copy = arena_allocate(&request->arena, size + 1, 1);
  memcpy(copy, data, size);
  copy[size] = '\0';
  return copy;
}

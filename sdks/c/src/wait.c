#include "wait.h"

#include <string.h>

#include "body.h"
#include "lend.h"

static bool is_unsent(const isospin_writer *writer) {
  return !writer->ended && writer->error == ISOSPIN_OK &&
         (writer->filled > 0 || writer->unflushed);
}

bool wait_has_unsent(const isospin_request *request) {
  for (const isospin_writer *writer = request->writers; writer != NULL; writer = writer->next) {
    if (is_unsent(writer)) {
      return true;
    }
  }
  return false;
}

/* Sends what goes out without waiting and adds the pollables of the writers
 * that hold more to `list`, which has room for all. */
static size_t push_all(isospin_request *request, wasi_io_poll_borrow_pollable_t *list) {
  size_t count = 0;
  for (isospin_writer *writer = request->writers; writer != NULL; writer = writer->next) {
    if (is_unsent(writer) && writer_push(writer)) {
      list[count++] = writer_pollable(writer);
    }
  }
  return count;
}

static size_t count_writers(const isospin_request *request) {
  size_t count = 0;
  for (const isospin_writer *writer = request->writers; writer != NULL; writer = writer->next) {
    count++;
  }
  return count;
}

void wait_any(isospin_request *request, const wasi_io_poll_borrow_pollable_t *pollables,
              size_t count, bool *ready) {
  size_t room = count + count_writers(request);
  /* Not in the arena: a handler may wait any number of times. */
  wasi_io_poll_borrow_pollable_t few[16];
  uint32_t few_indices[16];
  wasi_io_poll_borrow_pollable_t *all = few;
  uint32_t *indices = few_indices;
  struct arena many;
  arena_start(&many, NULL, 0);
  if (room > sizeof few / sizeof *few) {
    all = arena_allocate(&many, room * sizeof *all, _Alignof(wasi_io_poll_borrow_pollable_t));
    indices = arena_allocate(&many, room * sizeof *indices + 1, _Alignof(uint32_t));
  }
  memset(ready, 0, count * sizeof *ready);
  bool found = false;
  while (!found) {
    if (count > 0) {
      memcpy(all, pollables, count * sizeof *all);
    }
    size_t holding = push_all(request, all + count);
    wasi_io_poll_list_borrow_pollable_t list = {all, count + holding};
    application_list_u32_t answer;
    lend_buffer(indices, room * sizeof *indices);
    wasi_io_poll_poll(&list, &answer);
    for (size_t i = 0; i < answer.len; i++) {
      if (answer.ptr[i] < count) {
        ready[answer.ptr[i]] = true;
        found = true;
      }
    }
  }
  arena_end(&many);
}

void wait_one(isospin_request *request, wasi_io_poll_borrow_pollable_t pollable) {
  if (!wait_has_unsent(request)) {
    wasi_io_poll_method_pollable_block(pollable);
    return;
  }
  bool ready;
  wait_any(request, &pollable, 1, &ready);
}

void isospin_sleep(isospin_request *request, uint64_t duration) {
  wasi_clocks_monotonic_clock_own_pollable_t timer =
      wasi_clocks_monotonic_clock_subscribe_duration(duration);
  wait_one(request, wasi_io_poll_borrow_pollable(timer));
  wasi_io_poll_pollable_drop_own(timer);
}

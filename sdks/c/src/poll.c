/* The poll set: waiting for several bodies and responses at once. */
#include <string.h>

#include "body.h"
#include "fetch.h"
#include "wait.h"

/* What the item waits for; a handle of 0 if it is ready as it stands. */
static wasi_io_poll_borrow_pollable_t pollable_of(isospin_poll_item *item) {
  wasi_io_poll_borrow_pollable_t none = {0};
  if (item->reader != NULL) {
    return reader_pollable(item->reader);
  }
  if (item->writer != NULL) {
    if (writer_start(item->writer, false) != ISOSPIN_OK || item->writer->ended) {
      return none;
    }
    return writer_pollable(item->writer);
  }
  bool known = false;
  isospin_fetch_send(item->fetch);
  fetch_take_response(item->fetch, &known);
  return known ? none : fetch_pollable(item->fetch);
}

static bool is_used(const isospin_poll_item *item) {
  return item->reader != NULL || item->writer != NULL || item->fetch != NULL;
}

/* Takes over what the host said: a fetch is ready with its response in hand. */
static size_t mark_ready(isospin_poll_item *items, const size_t *which, const bool *ready,
                         size_t count) {
  size_t found = 0;
  for (size_t i = 0; i < count; i++) {
    isospin_poll_item *item = &items[which[i]];
    if (ready[i]) {
      item->ready = true;
      if (item->reader == NULL && item->writer == NULL) {
        fetch_take_response(item->fetch, &item->ready);
      }
      found += item->ready;
    }
  }
  return found;
}

/* What the items wait for. */
struct poll_set {
  struct arena arena;
  wasi_io_poll_borrow_pollable_t *pollables;
  size_t *which; /* the item of each pollable */
  bool *ready;
  size_t count;
};

/* Fills the set; returns how many items are ready without waiting. */
static size_t gather(struct poll_set *set, isospin_poll_item *items, size_t count) {
  set->pollables = arena_allocate(&set->arena, (count + 1) * sizeof *set->pollables, 4);
  set->which = arena_allocate(&set->arena, (count + 1) * sizeof *set->which, 4);
  set->ready = arena_allocate(&set->arena, count + 1, 1);
  set->count = 0;
  size_t found = 0;
  for (size_t i = 0; i < count; i++) {
    items[i].ready = false;
    if (!is_used(&items[i])) {
      continue;
    }
    wasi_io_poll_borrow_pollable_t pollable = pollable_of(&items[i]);
    if (pollable.__handle == 0) {
      items[i].ready = true;
      found++;
    } else {
      set->which[set->count] = i;
      set->pollables[set->count++] = pollable;
    }
  }
  return found;
}

size_t isospin_poll(isospin_request *request, isospin_poll_item *items, size_t count,
                    uint64_t timeout) {
  char memory[1024];
  struct poll_set set;
  arena_start(&set.arena, memory, sizeof memory);
  size_t found = gather(&set, items, count);
  wasi_io_poll_own_pollable_t timer = {0};
  if (found > 0) {
    timeout = 0; /* what else is ready now is reported too */
  }
  size_t waiting = set.count;
  if (timeout != ISOSPIN_FOREVER) {
    timer = wasi_clocks_monotonic_clock_subscribe_duration(timeout);
    set.pollables[waiting++] = wasi_io_poll_borrow_pollable(timer);
  }
  bool timed_out = false;
  size_t later = 0;
  while (waiting > 0 && later == 0 && !timed_out) {
    wait_any(request, set.pollables, waiting, set.ready);
    later = mark_ready(items, set.which, set.ready, set.count);
    timed_out = waiting > set.count && set.ready[set.count];
  }
  if (timer.__handle != 0) {
    wasi_io_poll_pollable_drop_own(timer);
  }
  arena_end(&set.arena);
  return found + later;
}

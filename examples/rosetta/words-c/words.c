#include "words.h"

#include <stdlib.h>
#include <string.h>

enum { FIRST_ROOM = 1024, FIRST_WORD = 64 };

/* A table that is not in the arena, which keeps what was outgrown. */
static struct word *new_slots(size_t room) {
  struct word *slots = calloc(room, sizeof *slots);
  if (slots == NULL) {
    isospin_log("there is no memory for %zu words", room);
    abort();
  }
  return slots;
}

void words_start(struct words *words, isospin_request *request) {
  memset(words, 0, sizeof *words);
  words->request = request;
  words->room = FIRST_ROOM;
  words->slots = new_slots(FIRST_ROOM);
  words->open_room = FIRST_WORD;
  words->open = isospin_allocate(request, FIRST_WORD);
}

/* The slot of a word, or the free one where it belongs. */
static struct word *find(struct word *slots, size_t room, const char *text, size_t size) {
  uint32_t hash = 2166136261u;
  for (size_t i = 0; i < size; i++) {
    hash = (hash ^ (unsigned char)text[i]) * 16777619u;
  }
  for (size_t at = hash & (room - 1);; at = (at + 1) & (room - 1)) {
    struct word *slot = &slots[at];
    if (slot->count == 0 || (slot->size == size && memcmp(slot->text, text, size) == 0)) {
      return slot;
    }
  }
}

/* Doubles the table. */
static void grow(struct words *words) {
  size_t room = words->room * 2;
  struct word *slots = new_slots(room);
  for (size_t i = 0; i < words->room; i++) {
    const struct word *word = &words->slots[i];
    if (word->count > 0) {
      *find(slots, room, word->text, word->size) = *word;
    }
  }
  free(words->slots);
  words->slots = slots;
  words->room = room;
}

/* Counts the open word, if there is one. */
static void close_word(struct words *words) {
  if (words->open_size == 0) {
    return;
  }
  struct word *word = find(words->slots, words->room, words->open, words->open_size);
  if (word->count++ == 0) {
    word->text = isospin_copy_bytes(words->request, words->open, words->open_size);
    word->size = words->open_size;
    words->distinct++;
  }
  words->total++;
  words->open_size = 0;
  if (words->distinct * 4 > words->room * 3) {
    grow(words);
  }
}

static void extend_word(struct words *words, char byte) {
  if (words->open_size == words->open_room) {
    char *longer = isospin_allocate(words->request, words->open_room * 2);
    memcpy(longer, words->open, words->open_size);
    words->open = longer;
    words->open_room *= 2;
  }
  words->open[words->open_size++] = byte;
}

void words_add(struct words *words, const unsigned char *bytes, size_t size) {
  for (size_t i = 0; i < size; i++) {
    unsigned char byte = bytes[i];
    if (byte >= 'A' && byte <= 'Z') {
      byte |= 0x20;
    }
    if ((byte >= 'a' && byte <= 'z') || byte == '\'' || byte >= 0x80) {
      extend_word(words, (char)byte);
    } else {
      close_word(words);
    }
  }
}

void words_finish(struct words *words) { close_word(words); }

/* Whether `one` comes before `other`: by count, then by bytes. */
static bool is_before(const struct word *one, const struct word *other) {
  if (one->count != other->count) {
    return one->count > other->count;
  }
  size_t shorter = one->size < other->size ? one->size : other->size;
  int order = memcmp(one->text, other->text, shorter);
  return order != 0 ? order < 0 : one->size < other->size;
}

size_t words_top(const struct words *words, struct word *top, size_t limit) {
  size_t count = 0;
  for (size_t i = 0; i < words->room; i++) {
    const struct word *word = &words->slots[i];
    if (word->count == 0 || (count == limit && !is_before(word, &top[count - 1]))) {
      continue;
    }
    size_t at = count < limit ? count++ : count - 1;
    for (; at > 0 && is_before(word, &top[at - 1]); at--) {
      top[at] = top[at - 1];
    }
    top[at] = *word;
  }
  return count;
}

/* Counting words, and checking that text is UTF-8, both in pieces. */
#ifndef WORDS_H
#define WORDS_H

#include <isospin.h>

struct word {
  char *text; /* not NUL-terminated */
  size_t size;
  unsigned long count;
};

struct words {
  isospin_request *request; /* owns the memory */
  struct word *slots;       /* a hash table: free slots have a count of 0 */
  size_t room;              /* a power of two */
  size_t distinct;
  unsigned long total;
  char *open; /* the word that a piece ended in */
  size_t open_size, open_room;
};

void words_start(struct words *words, isospin_request *request);

/* Counts the words of the next piece. */
void words_add(struct words *words, const unsigned char *bytes, size_t size);

/* Counts the word that the text ended in. */
void words_finish(struct words *words);

/* The most frequent words, at most `limit`, in their order. Returns how many. */
size_t words_top(const struct words *words, struct word *top, size_t limit);

/* What is known of the character that a piece ended in. */
struct utf8 {
  int missing;            /* continuation bytes */
  unsigned char low, high; /* the range of the next one */
};

/* Whether the text may still be UTF-8 with the next piece. Starts from zeros. */
bool utf8_add(struct utf8 *state, const unsigned char *bytes, size_t size);

#endif

/*
 * An arena: memory that is freed all at once. It needs nothing of the world,
 * so that it can be tested on any machine.
 */
#ifndef ISOSPIN_ARENA_H
#define ISOSPIN_ARENA_H

#include <stddef.h>

struct arena_block;

struct arena {
  struct arena_block *blocks; /* what `malloc` gave, newest first */
  char *next;                 /* the free part of the block in use */
  char *end;
};

/* An arena that uses `first` before it asks for more. */
void arena_start(struct arena *arena, void *first, size_t size);

/* Memory whose content is not defined; `align` is a power of two up to 16. Ends the
 * instance with a line in the log if there is none left. */
void *arena_allocate(struct arena *arena, size_t size, size_t align);

/* Moves what was allocated last or stands in a block of its own to a bigger
 * place (or leaves it there, grown) and frees the old one where it can. */
void *arena_grow(struct arena *arena, void *old, size_t old_size, size_t size);

void arena_end(struct arena *arena);

#endif

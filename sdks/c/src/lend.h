/*
 * Where the host puts what an import returns.
 *
 * The host asks `cabi_realloc` for memory while an import runs, and only then.
 * So each import that returns a list or a string is called after one of these:
 * nothing is left to free, and a body's bytes arrive where they are wanted.
 */
#ifndef ISOSPIN_LEND_H
#define ISOSPIN_LEND_H

#include <stddef.h>

#include "arena.h"

/* The import's lists and strings go into the arena, each with a NUL after it. */
void lend_arena(struct arena *arena);

/* The import's one list of bytes goes into the buffer; it must fit. */
void lend_buffer(void *buffer, size_t size);

#endif

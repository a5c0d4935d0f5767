#include "arena.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "log.h"

/* With malloc's own bookkeeping a block stays under one page of WebAssembly. */
enum { BLOCK_SIZE = 32 * 1024 - 64, OWN_BLOCK_SIZE = 8 * 1024 };

struct arena_block {
  struct arena_block *older;
  size_t size;
  _Alignas(16) char data[];
};

void arena_start(struct arena *arena, void *first, size_t size) {
  arena->blocks = NULL;
  arena->next = first;
  arena->end = (char *)first + size;
}

static struct arena_block *block_new(struct arena *arena, size_t size) {
  struct arena_block *block = NULL;
  if (size <= SIZE_MAX / 2) {
    block = malloc(sizeof(struct arena_block) + size);
  }
  if (block == NULL) {
    log_line("isospin: out of memory", NULL);
    __builtin_trap();
  }
  block->older = arena->blocks;
  block->size = size;
  arena->blocks = block;
  return block;
}

void *arena_allocate(struct arena *arena, size_t size, size_t align) {
  char *start = (char *)(((uintptr_t)arena->next + align - 1) & ~(uintptr_t)(align - 1));
  if (start <= arena->end && size <= (size_t)(arena->end - start)) {
    arena->next = start + size;
    return start;
  }
  if (size >= OWN_BLOCK_SIZE) {
    return block_new(arena, size)->data;
  }
  struct arena_block *block = block_new(arena, BLOCK_SIZE);
  arena->next = block->data + size;
  arena->end = block->data + BLOCK_SIZE;
  return block->data;
}

/* Frees the block that holds nothing but `data`, if there is one. */
static void free_own_block(struct arena *arena, void *data) {
  for (struct arena_block **link = &arena->blocks; *link != NULL; link = &(*link)->older) {
    struct arena_block *block = *link;
    if (block->data == data && block->size >= OWN_BLOCK_SIZE && block->size != BLOCK_SIZE) {
      *link = block->older;
      free(block);
      return;
    }
  }
}

void *arena_grow(struct arena *arena, void *old, size_t old_size, size_t size) {
  char *start = old;
  if (start != NULL && start + old_size == arena->next && size <= (size_t)(arena->end - start)) {
    arena->next = start + size;
    return old;
  }
  void *grown = arena_allocate(arena, size, 16);
  if (old_size > 0) {
    memcpy(grown, old, old_size);
    free_own_block(arena, old);
  }
  return grown;
}

void arena_end(struct arena *arena) {
  while (arena->blocks != NULL) {
    struct arena_block *block = arena->blocks;
    arena->blocks = block->older;
    free(block);
  }
  arena->next = arena->end = NULL;
}

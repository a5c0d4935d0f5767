#include "lend.h"

#include <stdint.h>

/* Nothing of a request is kept here: these are set right before an import
 * that runs to its end before anything else does. */
static struct arena *lent_arena;
static char *lent_buffer;
static size_t lent_size;

void lend_arena(struct arena *arena) {
  lent_arena = arena;
  lent_buffer = NULL;
}

void lend_buffer(void *buffer, size_t size) {
  lent_arena = NULL;
  lent_buffer = buffer;
  lent_size = size;
}

__attribute__((export_name("cabi_realloc"))) void *cabi_realloc(void *old, size_t old_size,
                                                                size_t align, size_t size) {
  if (old != NULL && size <= old_size) {
    return old;
  }
  if (size == 0) {
    return (void *)align;
  }
  if (lent_buffer != NULL && old == NULL && size <= lent_size) {
    void *start = lent_buffer;
    lent_buffer = NULL;
    return start;
  }
  if (lent_arena == NULL) {
    __builtin_trap();
  }
  char *start = arena_allocate(lent_arena, size + 1, align);
  if (old != NULL) {
    __builtin_memcpy(start, old, old_size);
  }
  start[size] = '\0';
  return start;
}

/* The preview1 adapter (which is there if the handler uses `printf`, files or
 * the like) keeps its state in memory that it asks for here, for good. */
__attribute__((export_name("cabi_realloc_adapter"))) void *cabi_realloc_adapter(
    void *old, size_t old_size, size_t align, size_t size) {
  (void)old_size;
  (void)align;
  enum { PAGE = 65536 };
  size_t page = __builtin_wasm_memory_grow(0, (size + PAGE - 1) / PAGE);
  if (old != NULL || page == SIZE_MAX) {
    __builtin_trap();
  }
  return (void *)(page * PAGE);
}

/* The bindings refer to an object file with the component's type. The builder
 * embeds the type itself. */
void __component_type_object_force_link_application(void) {}

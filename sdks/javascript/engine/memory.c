/* Memory for the engine. What is freed before the snapshot is zeroed, because
   zeros are not stored in a component and garbage is. */
#include <malloc.h>
#include <stdlib.h>
#include <string.h>

#include "engine.h"

void engine_scrub(void *memory, size_t size) {
    memset(memory, 0, size);
    /* Keeps the compiler from dropping the writes to memory that is freed next. */
    __asm__ volatile("" : : "r"(memory) : "memory");
}

/* Zeroes the part of the C stack that is not in use. The linker puts the stack
   at the start of memory and the data behind it. */
__attribute__((noinline)) void engine_scrub_stack(void) {
    extern char __stack_low;
    char *low = &__stack_low;
    char *here = __builtin_frame_address(0);
    if (here > low + 512)
        engine_scrub(low, (size_t)(here - low) - 512);
}

/* Room for an ordinary request, and the largest hole that is filled. */
enum { REQUEST_ROOM = 128 << 10, LARGEST_HOLE = 4096, SMALLEST_HOLE = 8 };

/* Makes what a request allocates lie together: in the holes that start-up left
   all over memory each allocation would make the host copy another page. Fills
   the holes for good, and leaves room behind them, so that memory need not grow. */
void engine_gather_room(void) {
    char *room = malloc(REQUEST_ROOM);
    for (size_t size = LARGEST_HOLE; room && size >= SMALLEST_HOLE; size /= 2) {
        char *hole;
        while ((hole = malloc(size)) && hole < room)
            continue;
        free(hole);
    }
    free(room);
}

static void *allocate_zeroed(void *opaque, size_t count, size_t size) {
    return calloc(count, size);
}

static void *allocate(void *opaque, size_t size) {
    return malloc(size);
}

static void release(void *opaque, void *memory) {
    if (memory && engine_initializing)
        engine_scrub(memory, malloc_usable_size(memory));
    free(memory);
}

static void *resize(void *opaque, void *memory, size_t size) {
    if (!memory || !engine_initializing)
        return realloc(memory, size);
    size_t old = malloc_usable_size(memory);
    if (size <= old && size >= old / 2)
        return memory;
    void *moved = malloc(size);
    if (!moved)
        return NULL;
    memcpy(moved, memory, old < size ? old : size);
    engine_scrub(memory, old);
    free(memory);
    return moved;
}

static size_t usable_size(const void *memory) {
    return malloc_usable_size((void *)memory);
}

const JSMallocFunctions engine_memory = {
    allocate_zeroed, allocate, release, resize, usable_size,
};

/* malloc and its family, in the place of the C library's, whose blocks are powers
   of two: each size of them has memory of its own, and a request that needs a few
   of many sizes would write to a page for each. Here small blocks of all sizes lie
   side by side in chunks, and large ones are runs of pages, the lowest that fit.

   Until the snapshot is taken, what is freed is zeroed: zeros are not stored in a
   component. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "engine.h"

/* Before each block. */
struct header {
    size_t size; /* of a small block: what may be used; of a run: all of it */
    size_t is_run;
};

enum {
    WASM_PAGE = 64 << 10,
    RUN_STEP = 4 << 10,  /* runs are multiples of it */
    CHUNK = 64 << 10,    /* of small blocks */
    REQUEST_ROOM = 128 << 10,
    LARGEST_SMALL = 32 << 10,
    SMALL_SIZES = 40,
};

struct free_block {
    struct free_block *next;
};
static struct free_block *free_blocks[SMALL_SIZES];
static char *chunk_next, *chunk_end;

/* Free runs, by address; neighbours are one. */
struct run {
    size_t size;
    struct run *next;
};
static struct run *free_runs;
static char *heap_end;

/* Sizes are multiples of 16 up to 128, and then four for each doubling. */
static size_t small_size(size_t size, size_t *index) {
    if (size <= 128) {
        size = size ? (size + 15) & ~(size_t)15 : 16;
        *index = size / 16 - 1;
        return size;
    }
    unsigned top = 31 - (unsigned)__builtin_clz((unsigned)size - 1);
    size_t step = (size_t)1 << (top - 2);
    size = (size + step - 1) & ~(step - 1);
    *index = 8 + (top - 7) * 4 + (size >> (top - 2)) - 5;
    return size;
}

static void give_run(void *start, size_t size) {
    struct run **place = &free_runs, *before = NULL;
    while (*place && (char *)*place < (char *)start) {
        before = *place;
        place = &before->next;
    }
    struct run *run = start, *after = *place;
    *run = (struct run){size, after};
    *place = run;
    if (after && (char *)run + run->size == (char *)after) {
        run->size += after->size;
        run->next = after->next;
        *after = (struct run){0, NULL};
    }
    if (before && (char *)before + before->size == (char *)run) {
        before->size += run->size;
        before->next = run->next;
        *run = (struct run){0, NULL};
    }
}

/* Adds so much to the end of the heap, or what fills up a page. */
static bool grow(size_t size) {
    if (!heap_end) {
        extern char __heap_base;
        heap_end = (char *)(__builtin_wasm_memory_size(0) * WASM_PAGE);
        char *start = (char *)(((size_t)&__heap_base + RUN_STEP - 1) & ~(size_t)(RUN_STEP - 1));
        if (start < heap_end)
            give_run(start, (size_t)(heap_end - start));
    }
    size_t pages = (size + WASM_PAGE - 1) / WASM_PAGE;
    if (__builtin_wasm_memory_grow(0, pages) == (size_t)-1)
        return false;
    give_run(heap_end, pages * WASM_PAGE);
    heap_end += pages * WASM_PAGE;
    return true;
}

/* Takes the start of a free run. */
static void take(struct run **place, size_t size) {
    struct run *run = *place;
    if (run->size > size) {
        struct run *rest = (struct run *)((char *)run + size);
        *rest = (struct run){run->size - size, run->next};
        *place = rest;
    } else {
        *place = run->next;
    }
    *run = (struct run){0, NULL};
}

static void *take_run(size_t size) {
    for (;;) {
        struct run **place = &free_runs, *last = NULL;
        while (*place && (*place)->size < size) {
            last = *place;
            place = &last->next;
        }
        if (*place) {
            void *taken = *place;
            take(place, size);
            return taken;
        }
        size_t at_end = last && (char *)last + last->size == heap_end ? last->size : 0;
        if (!grow(size - at_end))
            return NULL;
    }
}

/* Makes a run longer where it is. */
static bool extend_run(struct header *header, size_t size) {
    char *end = (char *)header + header->size;
    struct run **place = &free_runs;
    while (*place && (char *)*place < end)
        place = &(*place)->next;
    size_t wanted = size - header->size;
    bool is_next = *place && (char *)*place == end;
    size_t there = is_next ? (*place)->size : 0;
    if (there < wanted) {
        if (end + there != heap_end || !grow(wanted - there))
            return false;
        return extend_run(header, size);
    }
    take(place, wanted);
    header->size = size;
    return true;
}

static size_t run_size(size_t size) {
    return (size + sizeof(struct header) + RUN_STEP - 1) & ~(size_t)(RUN_STEP - 1);
}

static void *allocate_run(size_t size) {
    if (size > (size_t)1 << 31)
        return NULL;
    size = run_size(size);
    struct header *header = take_run(size);
    if (!header)
        return NULL;
    *header = (struct header){size, true};
    return header + 1;
}

static void *allocate_small(size_t size) {
    size_t index;
    size = small_size(size, &index);
    struct free_block *block = free_blocks[index];
    if (block) {
        free_blocks[index] = block->next;
        return block;
    }
    if ((size_t)(chunk_end - chunk_next) < size + sizeof(struct header)) {
        char *chunk = take_run(CHUNK);
        if (!chunk)
            return NULL;
        chunk_next = chunk;
        chunk_end = chunk + CHUNK;
    }
    struct header *header = (struct header *)chunk_next;
    chunk_next += sizeof *header + size;
    *header = (struct header){size, false};
    return header + 1;
}

void *malloc(size_t size) {
    void *block = size <= LARGEST_SMALL ? allocate_small(size) : allocate_run(size);
    if (!block)
        errno = ENOMEM;
    return block;
}

size_t malloc_usable_size(void *block) {
    if (!block)
        return 0;
    struct header *header = (struct header *)block - 1;
    return header->is_run ? header->size - sizeof *header : header->size;
}

void free(void *block) {
    if (!block)
        return;
    struct header *header = (struct header *)block - 1;
    if (engine_initializing)
        engine_scrub(block, malloc_usable_size(block));
    if (header->is_run) {
        give_run(header, header->size);
        return;
    }
    size_t index;
    small_size(header->size, &index);
    struct free_block *freed = block;
    freed->next = free_blocks[index];
    free_blocks[index] = freed;
}

void *calloc(size_t count, size_t size) {
    size_t all;
    if (__builtin_mul_overflow(count, size, &all)) {
        errno = ENOMEM;
        return NULL;
    }
    void *block = malloc(all);
    return block ? memset(block, 0, all) : NULL;
}

/* Whether a block can have another size where it is. */
static bool resize(void *block, size_t size) {
    struct header *header = (struct header *)block - 1;
    if (!header->is_run || size <= LARGEST_SMALL)
        return !header->is_run && size <= header->size && size >= header->size / 2;
    if (size > (size_t)1 << 31)
        return false;
    size_t old = header->size;
    size = run_size(size);
    if (size > old)
        return extend_run(header, size);
    header->size = size;
    if (size < old) {
        if (engine_initializing)
            engine_scrub((char *)header + size, old - size);
        give_run((char *)header + size, old - size);
    }
    return true;
}

void *realloc(void *block, size_t size) {
    if (!block)
        return malloc(size);
    size_t old = malloc_usable_size(block);
    if (resize(block, size)) {
        size_t now = malloc_usable_size(block);
        if (engine_initializing && size < now)
            engine_scrub((char *)block + size, now - size);
        return block;
    }
    void *moved = malloc(size);
    if (!moved)
        return NULL;
    memcpy(moved, block, old < size ? old : size);
    free(block);
    return moved;
}

/* Says of a small block that it is never given back. */
void engine_keep_block(void *block) {
    engine_scrub((struct header *)block - 1, sizeof(struct header));
}

/* Gives up the holes that start-up left all over memory, and has room for a request
   of ordinary size in one place: the host copies each page that is written to. */
void engine_gather_room(void) {
    for (size_t i = 0; i < SMALL_SIZES; i++) {
        struct free_block *block = free_blocks[i];
        free_blocks[i] = NULL;
        while (block) {
            struct free_block *next = block->next;
            engine_scrub((struct header *)block - 1, sizeof(struct header) + sizeof *block);
            block = next;
        }
    }
    char *room = take_run(REQUEST_ROOM);
    chunk_next = room;
    chunk_end = room ? room + REQUEST_ROOM : NULL;
}

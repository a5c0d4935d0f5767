/* The interpreter's memory at build time. What is freed is zeroed, because zeros are
   not stored in a component and garbage is; small blocks lie close together, because
   each page that a request touches costs time.

   After the snapshot CPython's own allocator gives new blocks, and what is freed of
   the snapshot's stays where it is: it can happen once to each block, and saves a page. */
#include <malloc.h>
#include <stdlib.h>
#include <string.h>

#include "python.h"
#include "runtime.h"

/* Blocks of one size are in pools, whose first word tells that size. */
enum { ALIGNMENT = 8, LARGEST = 512, SIZES = LARGEST / ALIGNMENT + 1, POOL = 4096, CHUNK = 1 << 18, PAGE = 1 << 16 };

struct pool { size_t block; size_t unused; };
struct block { struct block *next; };

static struct { struct block *released; char *next, *end; } sizes[SIZES];
static char *chunk, *chunk_end;
/* One bit for each page of memory that belongs to chunks. */
static uint8_t pages[1 << 13];
static PyMemAllocatorEx raw, objects;

void memory_scrub(void *memory, size_t size) {
    memset(memory, 0, size);
    /* Keeps the compiler from dropping the writes to memory that is freed next. */
    __asm__ volatile("" : : "r"(memory) : "memory");
}

/* The stack is below everything else. Its highest part is in use, and so is what this calls. */
__attribute__((noinline)) void memory_scrub_stack(void) {
    extern char __stack_low;
    enum { KEPT = 512 };
    char *low = &__stack_low;
    char *here = __builtin_frame_address(0);
    if (here > low + KEPT)
        memory_scrub(low, (size_t)(here - low) - KEPT);
}

static bool is_ours(const void *memory) {
    uintptr_t page = (uintptr_t)memory / PAGE;
    return pages[page / 8] & (1 << page % 8);
}

static char *new_pool(size_t block) {
    if (chunk == chunk_end) {
        chunk = aligned_alloc(PAGE, CHUNK);
        chunk_end = chunk ? chunk + CHUNK : NULL;
        if (!chunk)
            return NULL;
        memset(chunk, 0, CHUNK);
        for (uintptr_t page = (uintptr_t)chunk / PAGE; page < (uintptr_t)chunk_end / PAGE; page++)
            pages[page / 8] |= (uint8_t)(1 << page % 8);
    }
    char *pool = chunk;
    chunk += POOL;
    ((struct pool *)pool)->block = block;
    return pool;
}

/* Zeroed memory. */
static void *take(size_t size) {
    size_t number = size ? (size + ALIGNMENT - 1) / ALIGNMENT : 1, block = number * ALIGNMENT;
    if (sizes[number].released) {
        struct block *found = sizes[number].released;
        sizes[number].released = found->next;
        found->next = NULL;
        return found;
    }
    if (sizes[number].next + block > sizes[number].end || !sizes[number].next) {
        char *pool = new_pool(block);
        if (!pool)
            return NULL;
        sizes[number].next = pool + sizeof(struct pool);
        sizes[number].end = pool + POOL;
    }
    char *memory = sizes[number].next;
    sizes[number].next += block;
    return memory;
}

static size_t size_of(const void *memory) {
    if (!is_ours(memory))
        return malloc_usable_size((void *)memory);
    return ((const struct pool *)((uintptr_t)memory & ~(uintptr_t)(POOL - 1)))->block;
}

static void *allocate(void *context, size_t size) { return size <= LARGEST ? take(size) : malloc(size); }

static void *allocate_zeroed(void *context, size_t count, size_t size) {
    if (size && count > SIZE_MAX / size)
        return NULL;
    return count * size <= LARGEST ? take(count * size) : calloc(count, size);
}

static void release(void *context, void *memory) {
    if (!memory)
        return;
    size_t size = size_of(memory);
    memory_scrub(memory, size);
    if (!is_ours(memory)) {
        free(memory);
        return;
    }
    struct block *block = memory;
    block->next = sizes[size / ALIGNMENT].released;
    sizes[size / ALIGNMENT].released = block;
}

static void *resize(void *context, void *memory, size_t size) {
    if (!memory)
        return allocate(context, size);
    size_t old = size_of(memory);
    if (size <= old && size >= old / 2)
        return memory;
    void *moved = allocate(context, size);
    if (!moved)
        return NULL;
    memcpy(moved, memory, old < size ? old : size);
    release(context, memory);
    return moved;
}

/* After the snapshot. Null is nobody's. */
static void release_later(void *context, void *memory) {
    if (!is_ours(memory))
        objects.free(context, memory);
}

static void release_raw_later(void *context, void *memory) {
    if (!is_ours(memory))
        raw.free(context, memory);
}

static void *resize_with(PyMemAllocatorEx *allocator, void *memory, size_t size) {
    if (!is_ours(memory))
        return allocator->realloc(allocator->ctx, memory, size);
    size_t old = size_of(memory);
    if (size <= old)
        return memory;
    void *moved = allocator->malloc(allocator->ctx, size);
    return moved ? memcpy(moved, memory, old) : NULL;
}

static void *resize_later(void *context, void *memory, size_t size) { return resize_with(&objects, memory, size); }
static void *resize_raw_later(void *context, void *memory, size_t size) { return resize_with(&raw, memory, size); }

void memory_begin(void) {
    PyMem_GetAllocator(DOMAIN_RAW, &raw);
    PyMem_GetAllocator(DOMAIN_OBJECTS, &objects);
    PyMemAllocatorEx ours = {NULL, allocate, allocate_zeroed, resize, release};
    PyMem_SetAllocator(DOMAIN_RAW, &ours);
    PyMem_SetAllocator(DOMAIN_MEMORY, &ours);
    PyMem_SetAllocator(DOMAIN_OBJECTS, &ours);
}

void memory_seal(void) {
    for (size_t number = 0; number < SIZES; number++) {
        for (struct block *block = sizes[number].released, *next; block; block = next) {
            next = block->next;
            block->next = NULL;
        }
        sizes[number].released = NULL;
    }
    PyMemAllocatorEx later = {objects.ctx, objects.malloc, objects.calloc, resize_later, release_later};
    PyMem_SetAllocator(DOMAIN_MEMORY, &later);
    PyMem_SetAllocator(DOMAIN_OBJECTS, &later);
    PyMemAllocatorEx raw_later = {raw.ctx, raw.malloc, raw.calloc, resize_raw_later, release_raw_later};
    PyMem_SetAllocator(DOMAIN_RAW, &raw_later);
}

/* Counts of references that are not written, and memory that is not given back.

   QuickJS counts the references to each value beside it, so that a request that only
   looks at what start-up made writes to pages all over it, and the host copies each
   of them. Nothing of start-up needs to be freed: when it is over, what is counted of
   its values goes to one place. The eight bytes before each block of memory, where
   the count is, are then zero: zeros are not stored in a component. The builder puts
   this file into quickjs.c, in the place of QuickJS's own macro.

   A header is zero, for a value of start-up, or its count has the sign bit: for memory
   of start-up that is no value, and values that the collector still looks at. A value
   that is counted is neither, even while its count is zero. */
#ifndef ISOSPIN_COUNTS_H
#define ISOSPIN_COUNTS_H

enum {
    ENGINE_MANY = 1 << 29,
    ENGINE_PLAIN = 127, /* type of a block that the collector does not look at */
    ENGINE_SIZE_SHIFT = 24,
};
static int engine_uncounted = ENGINE_MANY;

static inline int *engine_count(const void *value) {
    JSMallocBlockHeader *header = js_rc(value);
    int64_t whole;
    memcpy(&whole, header, sizeof whole);
    return whole <= 0 ? &engine_uncounted : &header->ref_count;
}

#undef JS_REF_COUNT
#define JS_REF_COUNT(p) (*engine_count(p))

/* In the allocator, of a block `b`. What was kept has the index of its size, and
   nothing else, in its header. */
#define ENGINE_NO_VALUE     \
    b->ref_count = 0;       \
    b->mark = 0;            \
    b->gc_obj_type = ENGINE_PLAIN;
#define ENGINE_FREE       \
    if (b->ref_count < 0) \
        return;
#define ENGINE_KEPT_SIZE arena_block_sizes[b->ref_count >> ENGINE_SIZE_SHIFT & 0x7f]
#define ENGINE_USABLE_SIZE \
    if (b->ref_count < 0)  \
        return ENGINE_KEPT_SIZE - sizeof(JSMallocBlockHeader);
#define ENGINE_BLOCK_SIZE \
    if (b->ref_count < 0) \
        block_size = ENGINE_KEPT_SIZE;
#define ENGINE_MOVED       \
    if (nb->ref_count < 0) \
        ENGINE_NO_VALUE_AT(nb)
#define ENGINE_NO_VALUE_AT(block) \
    (block)->ref_count = 0, (block)->gc_obj_type = ENGINE_PLAIN;

#endif

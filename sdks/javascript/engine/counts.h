/* Counts of references that are not written.

   QuickJS counts the references to each value beside it, so that a request that only
   looks at what start-up made writes to pages all over it, and the host copies each
   of them. Nothing of start-up needs to be freed: when it is over its values get the
   sign bit, and what is counted of them goes to one place. The builder puts this file
   into quickjs.c, in the place of QuickJS's own macro. */
#ifndef ISOSPIN_COUNTS_H
#define ISOSPIN_COUNTS_H

enum { ENGINE_MANY = 1 << 29 };
static int engine_uncounted = ENGINE_MANY;

static inline int *engine_count(const void *value) {
    int *count = &js_rc(value)->ref_count;
    return *count < 0 ? &engine_uncounted : count;
}

#undef JS_REF_COUNT
#define JS_REF_COUNT(p) (*engine_count(p))

#endif

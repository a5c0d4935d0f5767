/* Zeros in the place of what start-up leaves: they are not stored in a component,
   and garbage is. */
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

/* Memory that is no longer used is zeroed before the snapshot. */
#include <string.h>

#include "runtime.h"

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

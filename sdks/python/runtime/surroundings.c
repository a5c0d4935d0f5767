/* Time and randomness: the host's, and fixed at build time, so that the same
   sources give the same component. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#include "application.h"
#include "runtime.h"

/* The clock at build time: it begins at zero and moves when it is read. */
static uint64_t started;
enum { STEP = 1000, SECOND = 1000000000 };

static uint64_t monotonic(void) {
    return runtime_starting ? started += STEP : wasi_clocks_monotonic_clock_now();
}

REPLACES int clock_gettime(clockid_t clock, struct timespec *time) {
    if (clock != CLOCK_REALTIME || runtime_starting) {
        uint64_t now = monotonic();
        *time = (struct timespec){(time_t)(now / SECOND), (long)(now % SECOND)};
        return 0;
    }
    wasi_clocks_wall_clock_datetime_t now;
    wasi_clocks_wall_clock_now(&now);
    *time = (struct timespec){(time_t)now.seconds, (long)now.nanoseconds};
    return 0;
}

REPLACES int clock_getres(clockid_t clock, struct timespec *resolution) {
    *resolution = (struct timespec){0, 1};
    return 0;
}

REPLACES time_t time(time_t *out) {
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    if (out)
        *out = now.tv_sec;
    return now.tv_sec;
}

REPLACES int gettimeofday(struct timeval *out, void *zone) {
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    *out = (struct timeval){now.tv_sec, now.tv_nsec / 1000};
    return 0;
}

static void sleep_for(uint64_t nanoseconds) {
    if (runtime_starting) {
        started += nanoseconds;
        return;
    }
    wasi_clocks_monotonic_clock_own_pollable_t timer = wasi_clocks_monotonic_clock_subscribe_duration(nanoseconds);
    wasi_io_poll_borrow_pollable_t pollable = {timer.__handle};
    wasi_io_poll_method_pollable_block(pollable);
    wasi_io_poll_pollable_drop_own(timer);
}

REPLACES int clock_nanosleep(clockid_t clock, int flags, const struct timespec *wanted, struct timespec *left) {
    uint64_t end = (uint64_t)wanted->tv_sec * SECOND + (uint64_t)wanted->tv_nsec;
    if (flags & TIMER_ABSTIME) {
        struct timespec now;
        clock_gettime(clock, &now);
        uint64_t begin = (uint64_t)now.tv_sec * SECOND + (uint64_t)now.tv_nsec;
        end = end > begin ? end - begin : 0;
    }
    sleep_for(end);
    return 0;
}

REPLACES int nanosleep(const struct timespec *wanted, struct timespec *left) {
    return clock_nanosleep(CLOCK_MONOTONIC, 0, wanted, left);
}

REPLACES unsigned sleep(unsigned seconds) {
    sleep_for((uint64_t)seconds * SECOND);
    return 0;
}

REPLACES int sched_yield(void) { return 0; }

/* Python asks for this when it starts, for what it seeds; what must not be known
   to others is refused at build time, because it would be the same in every instance. */
REPLACES int getentropy(void *target, size_t size) {
    if (runtime_starting) {
        /* No code for which Python would look for another source from then on. */
        errno = ENOTSUP;
        return -1;
    }
    application_list_u8_t random;
    wasi_random_random_get_random_bytes(size, &random);
    memcpy(target, random.ptr, random.len);
    free(random.ptr);
    return 0;
}

/* Variables are given to `os.environ` by the package, and C code sees none. */
REPLACES void __wasilibc_initialize_environ(void) {
    extern char **__wasilibc_environ;
    static char *none[] = {NULL};
    __wasilibc_environ = none;
}

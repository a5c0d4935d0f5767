/* The event loop: jobs of promises, then timers, then the world's pollables. */
#include <stdlib.h>
#include <string.h>

#include "engine.h"

struct waiter {
    wasi_io_poll_own_pollable_t pollable;
    JSValue callback;
    int32_t timer; /* its number, or 0 */
    int32_t owner; /* the number of the resource that is waited for, or 0 */
    bool is_ready;
};

static struct waiter *waiters;
static size_t waiter_count, waiter_room;
static int32_t last_timer;

static void add_waiter(JSContext *context, wasi_io_poll_own_pollable_t pollable, JSValueConst callback, int32_t timer,
                       int32_t owner) {
    if (waiter_count == waiter_room) {
        size_t room = waiter_room ? waiter_room * 2 : 8;
        struct waiter *moved = realloc(waiters, room * sizeof *waiters);
        if (!moved)
            abort();
        waiters = moved;
        waiter_room = room;
    }
    waiters[waiter_count++] = (struct waiter){pollable, JS_DupValue(context, callback), timer, owner, false};
}

void engine_wait(JSContext *context, JSValueConst id, wasi_io_poll_own_pollable_t pollable, JSValueConst callback) {
    int32_t owner = 0;
    JS_ToInt32(context, &owner, id); /* it is a number: the resource was found by it */
    add_waiter(context, pollable, callback, 0, owner);
}

/* The order of waiters is kept: timers of equal time run in the order in which they were set. */
static struct waiter take_waiter(size_t index) {
    struct waiter waiter = waiters[index];
    waiter_count--;
    memmove(&waiters[index], &waiters[index + 1], (waiter_count - index) * sizeof *waiters);
    wasi_io_poll_pollable_drop_own(waiter.pollable);
    return waiter;
}

/* Pollables are children of what they wait for, and go before it. */
void engine_forget_waiters_for(JSContext *context, int32_t owner) {
    for (size_t i = waiter_count; i > 0; i--) {
        if (waiters[i - 1].owner == owner)
            JS_FreeValue(context, take_waiter(i - 1).callback);
    }
}

void engine_forget_waiters(JSContext *context) {
    while (waiter_count > 0)
        JS_FreeValue(context, take_waiter(waiter_count - 1).callback);
}

/* Rejections that nobody has handled yet. */
struct rejection {
    JSValue promise, reason;
};
static struct rejection *rejections;
static size_t rejection_count;

static void track(JSContext *context, JSValueConst promise, JSValueConst reason, bool handled, void *opaque) {
    if (!handled) {
        struct rejection *moved = realloc(rejections, (rejection_count + 1) * sizeof *rejections);
        if (!moved)
            return;
        rejections = moved;
        rejections[rejection_count++] =
            (struct rejection){JS_DupValue(context, promise), JS_DupValue(context, reason)};
        return;
    }
    for (size_t i = 0; i < rejection_count; i++) {
        if (JS_IsStrictEqual(context, rejections[i].promise, promise)) {
            JS_FreeValue(context, rejections[i].promise);
            JS_FreeValue(context, rejections[i].reason);
            rejections[i] = rejections[--rejection_count];
            return;
        }
    }
}

void engine_track_rejections(JSRuntime *runtime) {
    JS_SetHostPromiseRejectionTracker(runtime, track, NULL);
}

bool engine_take_rejection(JSContext *context, JSValue *reason) {
    if (rejection_count == 0)
        return false;
    struct rejection rejection = rejections[--rejection_count];
    JS_FreeValue(context, rejection.promise);
    *reason = rejection.reason;
    return true;
}

static void log_rejections(JSContext *context) {
    JSValue reason;
    while (engine_take_rejection(context, &reason)) {
        engine_log("Uncaught (in promise) ", 22);
        engine_log_exception(context, reason);
        JS_FreeValue(context, reason);
    }
    free(rejections);
    rejections = NULL;
}

/* Runs jobs until there are none; whether all went well. */
bool engine_run_jobs(JSContext *context) {
    JSContext *where;
    int result;
    while ((result = JS_ExecutePendingJob(JS_GetRuntime(context), &where)) > 0)
        continue;
    if (!engine_initializing)
        log_rejections(context);
    return result == 0;
}

static void call_back(JSContext *context, struct waiter waiter) {
    JSValue result = JS_Call(context, waiter.callback, JS_UNDEFINED, 0, NULL);
    if (JS_IsException(result)) {
        JSValue exception = JS_GetException(context);
        engine_log("Uncaught ", 9);
        engine_log_exception(context, exception);
        JS_FreeValue(context, exception);
    }
    JS_FreeValue(context, result);
    JS_FreeValue(context, waiter.callback);
    engine_run_jobs(context);
}

/* Waits for at least one pollable and calls back for each that is ready. */
static void poll_once(JSContext *context) {
    size_t count = waiter_count;
    wasi_io_poll_borrow_pollable_t *borrowed = malloc(count * sizeof *borrowed);
    if (!borrowed)
        abort();
    for (size_t i = 0; i < count; i++)
        borrowed[i].__handle = waiters[i].pollable.__handle;
    wasi_io_poll_list_borrow_pollable_t list = {borrowed, count};
    application_list_u32_t ready;
    wasi_io_poll_poll(&list, &ready);
    free(borrowed);
    /* Callbacks add and remove waiters, so the ready ones are taken out first, in
       the order in which they began to wait. A host may list them in any order. */
    struct waiter *taken = malloc(count * sizeof *taken);
    if (!taken)
        abort();
    for (uint32_t i = 0; i < ready.len; i++)
        waiters[ready.ptr[i]].is_ready = true;
    size_t taken_count = 0, kept = 0;
    for (size_t i = 0; i < count; i++) {
        if (waiters[i].is_ready) {
            wasi_io_poll_pollable_drop_own(waiters[i].pollable);
            taken[taken_count++] = waiters[i];
        } else {
            waiters[kept++] = waiters[i];
        }
    }
    waiter_count = kept;
    application_list_u32_free(&ready);
    for (size_t i = 0; i < taken_count; i++)
        call_back(context, taken[i]);
    free(taken);
}

void engine_run(JSContext *context, JSValueConst promise) {
    engine_run_jobs(context);
    while (JS_PromiseState(context, promise) == JS_PROMISE_PENDING && waiter_count > 0)
        poll_once(context);
}

static JSValue native_set_timer(JSContext *context, JSValueConst this, int count, JSValueConst *arguments) {
    double milliseconds;
    if (JS_ToFloat64(context, &milliseconds, arguments[0]))
        return JS_EXCEPTION;
    if (engine_initializing)
        return JS_ThrowTypeError(context, "timers cannot be used while the module is initialised");
    uint64_t duration = milliseconds > 0 ? (uint64_t)(milliseconds * 1e6) : 0;
    add_waiter(context, wasi_clocks_monotonic_clock_subscribe_duration(duration), arguments[1], ++last_timer,
               0);
    return JS_NewInt32(context, last_timer);
}

static JSValue native_clear_timer(JSContext *context, JSValueConst this, int count, JSValueConst *arguments) {
    int32_t timer;
    if (JS_ToInt32(context, &timer, arguments[0]))
        return JS_EXCEPTION;
    for (size_t i = 0; i < waiter_count; i++) {
        if (timer != 0 && waiters[i].timer == timer) {
            JS_FreeValue(context, take_waiter(i).callback);
            break;
        }
    }
    return JS_UNDEFINED;
}

const JSCFunctionListEntry engine_loop_functions[] = {
    JS_CFUNC_DEF("setTimer", 2, native_set_timer),
    JS_CFUNC_DEF("clearTimer", 1, native_clear_timer),
};
const int engine_loop_function_count = sizeof engine_loop_functions / sizeof engine_loop_functions[0];

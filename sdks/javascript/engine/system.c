/* What the C library wants of preview1, answered over the world's own imports
   or with "not there"; and the clock, randomness and log for the prelude. */
#include <stdlib.h>
#include <string.h>

#include "engine.h"

enum { BAD_FILE = 8, CLOCK_REALTIME_ID = 0 };

static uint64_t wall_nanoseconds(void) {
    if (engine_initializing)
        return 0;
    wasi_clocks_wall_clock_datetime_t now;
    wasi_clocks_wall_clock_now(&now);
    return now.seconds * 1000000000ull + now.nanoseconds;
}

static uint64_t monotonic_nanoseconds(void) {
    return engine_initializing ? 0 : wasi_clocks_monotonic_clock_now();
}

int32_t __imported_wasi_snapshot_preview1_clock_time_get(int32_t id, int64_t precision, int32_t out) {
    uint64_t now = id == CLOCK_REALTIME_ID ? wall_nanoseconds() : monotonic_nanoseconds();
    memcpy((void *)out, &now, sizeof now);
    return 0;
}

int32_t __imported_wasi_snapshot_preview1_fd_write(int32_t file, int32_t parts, int32_t count, int32_t out) {
    uint32_t total = 0;
    const uint32_t *part = (const uint32_t *)parts;
    for (int32_t i = 0; i < count; i++, part += 2) {
        engine_log((const char *)part[0], part[1]);
        total += part[1];
    }
    memcpy((void *)out, &total, sizeof total);
    return 0;
}

int close(int file) { return -1; }
int32_t __imported_wasi_snapshot_preview1_fd_seek(int32_t file, int64_t by, int32_t from, int32_t out) { return BAD_FILE; }
int32_t __imported_wasi_snapshot_preview1_fd_fdstat_get(int32_t file, int32_t out) { return BAD_FILE; }
int32_t __imported_wasi_snapshot_preview1_fd_read(int32_t file, int32_t parts, int32_t count, int32_t out) { return BAD_FILE; }
int32_t __imported_wasi_snapshot_preview1_environ_get(int32_t list, int32_t text) { return 0; }
int32_t __imported_wasi_snapshot_preview1_environ_sizes_get(int32_t count, int32_t size) {
    memset((void *)count, 0, 4);
    memset((void *)size, 0, 4);
    return 0;
}
_Noreturn void __imported_wasi_snapshot_preview1_proc_exit(int32_t status) { __builtin_trap(); }

static JSValue native_log(JSContext *context, JSValueConst this, int count, JSValueConst *arguments) {
    size_t length;
    const char *text = JS_ToCStringLen(context, &length, arguments[0]);
    if (!text)
        return JS_EXCEPTION;
    engine_log(text, length);
    JS_FreeCString(context, text);
    return JS_UNDEFINED;
}

static JSValue native_wall(JSContext *context, JSValueConst this, int count, JSValueConst *arguments) {
    return JS_NewFloat64(context, (double)wall_nanoseconds() / 1e6);
}

static JSValue native_monotonic(JSContext *context, JSValueConst this, int count, JSValueConst *arguments) {
    return JS_NewFloat64(context, (double)monotonic_nanoseconds() / 1e6);
}

static JSValue native_random_bytes(JSContext *context, JSValueConst this, int count, JSValueConst *arguments) {
    application_list_u8_t target, random;
    if (!engine_bytes_of(context, arguments[0], &target))
        return JS_EXCEPTION;
    if (engine_initializing)
        return JS_ThrowTypeError(context, "secure random values cannot be had while the module is initialised: "
                                          "they would be the same in every instance");
    wasi_random_random_get_random_bytes(target.len, &random);
    memcpy(target.ptr, random.ptr, random.len);
    free(random.ptr);
    return JS_UNDEFINED;
}

/* SplitMix64: fixed before the snapshot, seeded by the host at its first use after it. */
static uint64_t random_state = 0x9e3779b97f4a7c15ull;
static bool random_is_seeded;

static JSValue native_random(JSContext *context, JSValueConst this, int count, JSValueConst *arguments) {
    if (!random_is_seeded && !engine_initializing) {
        random_state = wasi_random_random_get_random_u64();
        random_is_seeded = true;
    }
    uint64_t mixed = random_state += 0x9e3779b97f4a7c15ull;
    mixed = (mixed ^ (mixed >> 30)) * 0xbf58476d1ce4e5b9ull;
    mixed = (mixed ^ (mixed >> 27)) * 0x94d049bb133111ebull;
    mixed ^= mixed >> 31;
    return JS_NewFloat64(context, (double)(mixed >> 11) * 0x1p-53);
}

static JSValue native_initializing(JSContext *context, JSValueConst this, int count, JSValueConst *arguments) {
    return JS_NewBool(context, engine_initializing);
}

/* A list of name, value, name, value; empty where the world has no environment. */
static JSValue native_environment(JSContext *context, JSValueConst this, int count, JSValueConst *arguments) {
    JSValue list = JS_NewArray(context);
#ifdef ISOSPIN_ENVIRONMENT
    application_list_tuple2_string_string_t variables;
    if (engine_initializing)
        return list;
    wasi_cli_environment_get_environment(&variables);
    for (size_t i = 0; i < variables.len; i++) {
        application_string_t *name = &variables.ptr[i].f0, *value = &variables.ptr[i].f1;
        JS_SetPropertyUint32(context, list, i * 2, JS_NewStringLen(context, (char *)name->ptr, name->len));
        JS_SetPropertyUint32(context, list, i * 2 + 1, JS_NewStringLen(context, (char *)value->ptr, value->len));
    }
#endif
    return list;
}

const JSCFunctionListEntry engine_system_functions[] = {
    JS_CFUNC_DEF("log", 1, native_log),
    JS_CFUNC_DEF("wall", 0, native_wall),
    JS_CFUNC_DEF("monotonic", 0, native_monotonic),
    JS_CFUNC_DEF("randomBytes", 1, native_random_bytes),
    JS_CFUNC_DEF("random", 0, native_random),
    JS_CFUNC_DEF("initializing", 0, native_initializing),
    JS_CFUNC_DEF("environment", 0, native_environment),
};
const int engine_system_function_count = sizeof engine_system_functions / sizeof engine_system_functions[0];

/* The bindings name this to bring in an object with the world's type; the builder embeds the type itself. */
void __component_type_object_force_link_application(void) {}

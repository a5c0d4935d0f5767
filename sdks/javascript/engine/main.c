/* Start-up at build time, and the entry of each request. */
#include <stdlib.h>
#include <string.h>

#include "engine.h"

bool engine_initializing = true;
JSContext *engine_context;
static JSValue dispatch = JS_UNDEFINED;

/* The builder says how much, together with the size of the whole stack. */
enum { STACK_LIMIT = ISOSPIN_STACK_LIMIT };
/* Above what start-up leaves: a request of ordinary size is over before a collection pays. */
enum { COLLECT_AFTER = 1 << 20 };

struct entry {
    const char *name;
    const JSCFunctionListEntry *functions;
    int count;
};

static const struct entry *natives(int *count) {
    static struct entry list[8];
    list[0] = (struct entry){"system", engine_system_functions, engine_system_function_count};
    list[1] = (struct entry){"text", engine_text_functions, engine_text_function_count};
    list[2] = (struct entry){"url", engine_url_functions, engine_url_function_count};
    list[3] = (struct entry){"loop", engine_loop_functions, engine_loop_function_count};
    list[4] = (struct entry){"incoming", engine_incoming_functions, engine_incoming_function_count};
    list[5] = (struct entry){"outgoing", engine_outgoing_functions, engine_outgoing_function_count};
    list[6] = (struct entry){"crypto", engine_crypto_functions, engine_crypto_function_count};
    *count = 7;
#ifdef ISOSPIN_CRYPTOGRAPHY
    list[(*count)++] =
        (struct entry){"cryptography", engine_cryptography_functions, engine_cryptography_function_count};
#endif
    return list;
}

static JSValue native_object(JSContext *context) {
    int count;
    const struct entry *list = natives(&count);
    JSValue object = JS_NewObject(context);
    for (int i = 0; i < count; i++)
        JS_SetPropertyFunctionList(context, object, list[i].functions, list[i].count);
    return object;
}

/* As the builder reads it. */
enum { FAILED = 1, NO_HANDLER = 64 };
struct failure {
    uint32_t status;
    const char *text;
    size_t length;
};

/* Remembers the context's exception as the reason why start-up failed. */
static struct failure *fail(JSContext *context) {
    static struct failure failure = {FAILED};
    JSValue exception = JS_GetException(context);
    failure.text = engine_describe(context, exception, &failure.length);
    JS_FreeValue(context, exception);
    return &failure;
}

static struct failure *fail_with(JSContext *context, const char *message) {
    JS_ThrowTypeError(context, "%s", message);
    return fail(context);
}

static void release(void *bytes, size_t length) {
    engine_scrub(bytes, length);
    free(bytes);
}

struct unit {
    const char *name;
    const char *source;
    size_t length;
    const uint8_t *map;
    size_t map_size;
    int kind;
    /* The code, once it is compiled. */
    uint8_t *code;
    size_t code_size;
};

static bool write_code(JSContext *scratch, struct unit *unit) {
    JSValue code = JS_Eval(scratch, unit->source, unit->length, unit->name, unit->kind | JS_EVAL_FLAG_COMPILE_ONLY);
    if (JS_IsException(code) || !engine_map_positions(scratch, code, unit->map, unit->map_size))
        return false;
    engine_fold_names(scratch, code, unit->source);
    engine_drop_variables(scratch, code);
    int strip = JS_WRITE_OBJ_STRIP_SOURCE | (unit->map_size ? 0 : JS_WRITE_OBJ_STRIP_DEBUG);
    size_t size;
    uint8_t *bytes = JS_WriteObject(scratch, &size, code, JS_WRITE_OBJ_BYTECODE | strip);
    JS_FreeValue(scratch, code);
    if (!bytes)
        return false;
    unit->code = malloc(size);
    if (!unit->code) {
        JS_ThrowOutOfMemory(scratch);
        return false;
    }
    memcpy(unit->code, bytes, size);
    unit->code_size = size;
    js_free(scratch, bytes);
    return true;
}

/* Compiles in a runtime that is thrown away, and before there is the one that stays:
   memory of the compiler is neither in the snapshot nor between what is. */
static struct failure *compile(struct unit *unit) {
    JSRuntime *runtime = JS_NewRuntime();
    JSContext *scratch = JS_NewContext(runtime);
    JS_SetMaxStackSize(runtime, STACK_LIMIT);
    if (!write_code(scratch, unit))
        return fail(scratch);
    JS_FreeContext(scratch);
    JS_FreeRuntime(runtime);
    return NULL;
}

/* Reads the code of a unit into the context that stays. */
static JSValue load(JSContext *context, struct unit *unit, struct failure **failure) {
    JSValue code = JS_ReadObject(context, unit->code, unit->code_size, JS_READ_OBJ_BYTECODE);
    release(unit->code, unit->code_size);
    if (JS_IsException(code))
        *failure = fail(context);
    return code;
}

static struct failure *evaluate(JSContext *context, JSValue code, JSValue *namespace) {
    JSModuleDef *module = JS_VALUE_GET_PTR(code);
    if (JS_ResolveModule(context, code) < 0)
        return fail(context);
    JSValue promise = JS_EvalFunction(context, code);
    if (JS_IsException(promise))
        return fail(context);
    engine_run_jobs(context);
    JSPromiseStateEnum state = JS_PromiseState(context, promise);
    if (state == JS_PROMISE_PENDING)
        return fail_with(context, "a top-level `await` waits for something that never happens at build time");
    if (state == JS_PROMISE_REJECTED) {
        JS_Throw(context, JS_PromiseResult(context, promise));
        return fail(context);
    }
    JS_FreeValue(context, promise);
    JSValue reason;
    if (engine_take_rejection(context, &reason)) {
        JS_Throw(context, reason);
        return fail(context);
    }
    *namespace = JS_GetModuleNamespace(context, module);
    engine_drop_code(context, module);
    return NULL;
}

/* The prelude is one function of the natives; it installs the interfaces and
   returns (user's exports) -> dispatch. */
static struct failure *start(JSContext *context, struct unit *prelude, struct unit *handler) {
    struct failure *failure = NULL;
    JSValue code = load(context, prelude, &failure);
    if (failure)
        return failure;
    JSValue install = JS_EvalFunction(context, code);
    if (JS_IsException(install))
        return fail(context);
    JSValue native = native_object(context);
    JSValue accept = JS_Call(context, install, JS_UNDEFINED, 1, &native);
    JS_FreeValue(context, native);
    JS_FreeValue(context, install);
    if (JS_IsException(accept))
        return fail(context);
    JSValue module = load(context, handler, &failure), namespace = JS_UNDEFINED;
    if (failure)
        return failure;
    if ((failure = evaluate(context, module, &namespace)))
        return failure;
    dispatch = JS_Call(context, accept, JS_UNDEFINED, 1, &namespace);
    JS_FreeValue(context, namespace);
    JS_FreeValue(context, accept);
    if (!JS_IsException(dispatch)) {
        engine_run_jobs(context);
        return NULL;
    }
    failure = fail(context);
    failure->status = NO_HANDLER;
    return failure;
}

/* Memory for what the builder hands in; the compiler wants a zero behind a source. */
__attribute__((export_name("isospin-allocate"))) void *isospin_allocate(size_t size) {
    return calloc(1, size + 1);
}

struct given {
    void *bytes;
    size_t length;
};
enum { PRELUDE, BUNDLE, POSITIONS };

/* What is handed in is memory for the compiled code from then on. */
static struct failure *compile_all(struct unit *prelude, struct unit *handler, struct given *given, size_t count) {
    struct failure *failure = compile(prelude);
    if (!failure)
        failure = compile(handler);
    for (size_t i = 0; !failure && i < count; i++)
        release(given[i].bytes, given[i].length);
    return failure;
}

static __attribute__((noinline)) struct failure *prepare(struct given *given, size_t count) {
    struct unit prelude = {"prelude.js", given[PRELUDE].bytes, given[PRELUDE].length, .kind = JS_EVAL_TYPE_GLOBAL};
    struct unit handler = {"bundle.js", given[BUNDLE].bytes, given[BUNDLE].length, given[POSITIONS].bytes,
                           given[POSITIONS].length, JS_EVAL_TYPE_MODULE};
    struct failure *failure = compile_all(&prelude, &handler, given, count);
    if (failure)
        return failure;
    JSRuntime *runtime = JS_NewRuntime();
    JS_SetMaxStackSize(runtime, STACK_LIMIT);
    engine_context = JS_NewContext(runtime);
    engine_track_rejections(runtime);
    engine_make_builtins(engine_context);
    failure = start(engine_context, &prelude, &handler);
    if (failure)
        return failure;
    JS_RunGC(runtime);
    JSMemoryUsage usage;
    JS_ComputeMemoryUsage(runtime, &usage);
    JS_SetGCThreshold(runtime, (size_t)usage.malloc_size + COLLECT_AFTER);
    engine_keep_all(runtime);
    engine_keep_atoms(runtime);
    return NULL;
}

/* Runs start-up before the snapshot; returns null, or why it failed. */
__attribute__((export_name("isospin-prepare"))) struct failure *isospin_prepare(struct given *given, size_t count) {
    struct failure *failure = prepare(given, count);
    if (failure)
        return failure;
    release(given, count * sizeof *given);
    engine_gather_room();
    engine_initializing = false;
    engine_end_compiling(engine_context);
    engine_scrub_calls();
    engine_scrub_stack();
    return NULL;
}

void exports_wasi_http_incoming_handler_handle(exports_wasi_http_incoming_handler_own_incoming_request_t request,
                                               exports_wasi_http_incoming_handler_own_response_outparam_t outparam) {
    JSContext *context = engine_context;
    JS_UpdateStackTop(JS_GetRuntime(context));
    JSValue outparam_number = JS_NewInt32(context, engine_resource_add(RESOURCE_OUTPARAM, outparam.__handle));
    JSValue request_number = JS_NewInt32(context, engine_resource_add(RESOURCE_REQUEST, request.__handle));
    JSValue arguments[] = {request_number, outparam_number};
    JSValue promise = JS_Call(context, dispatch, JS_UNDEFINED, 2, arguments);
    if (JS_IsException(promise)) {
        JSValue exception = JS_GetException(context);
        engine_log_exception(context, exception);
        JS_FreeValue(context, exception);
    } else {
        engine_run(context, promise);
        if (JS_PromiseState(context, promise) == JS_PROMISE_PENDING) {
            static const char stuck[] = "the handler waits for something that never happens\n";
            engine_log(stuck, sizeof stuck - 1);
        }
    }
    JS_FreeValue(context, promise);
    engine_forget_waiters(context);
    engine_end_without_response(context, outparam_number);
    engine_resources_close_all();
}

/* Calls between plain functions without recursion in C.

   QuickJS runs each function of JavaScript in a C function of its own, and a
   host gives those half a megabyte of native stack: a few hundred calls. Here a
   plain function (no generator, nothing async) that is called by a function of
   JavaScript runs in the same C function: its frame is in memory of ours, and
   what the caller needs again is kept beside it. The builder puts the macros
   into quickjs.c, which this file is included in. */
#ifndef ISOSPIN_CALLS_H
#define ISOSPIN_CALLS_H

void engine_scrub(void *memory, size_t size);
static JSValue js_create_from_ctor(JSContext *ctx, JSValueConst ctor, int class_id);

struct engine_call {
    JSStackFrame frame; /* of the function that was called; first, so that it is found by it */
    /* of its caller */
    JSValue func_obj, this_obj, new_target;
    JSValueConst *argv;
    JSContext *caller_ctx;
    JSValue *local_buf, *sp;
    int argc;
    uint8_t opcode;
    /* of the function that was called */
    bool is_made_here; /* `this_obj` is an object of this `new` */
    int dropped;       /* of the caller's stack, when it returns */
};

/* Frames lie in chunks, each twice as large as the one before it. */
struct engine_chunk {
    struct engine_chunk *previous;
    char *end, *next; /* next: of the chunk before it, when it was full */
    size_t size;
};
enum { CALLS_AT_FIRST = 8 << 10, CALLS_AT_MOST = 4 << 20 };
static char first_calls[CALLS_AT_FIRST] __attribute__((aligned(8)));
static struct engine_chunk *last_chunk;
static char *calls_next = first_calls, *calls_end = first_calls + sizeof first_calls;
static size_t calls_size = sizeof first_calls;

static no_inline void *engine_push_chunk(JSRuntime *runtime, size_t size) {
    size_t wanted = calls_size > size + sizeof(struct engine_chunk) ? calls_size : size + sizeof(struct engine_chunk);
    struct engine_chunk *chunk = calls_size + wanted > CALLS_AT_MOST ? NULL : js_malloc_rt(runtime, wanted);
    if (!chunk)
        return NULL;
    *chunk = (struct engine_chunk){last_chunk, calls_end, calls_next, wanted};
    last_chunk = chunk;
    calls_size += wanted;
    calls_next = (char *)(chunk + 1) + size;
    calls_end = (char *)chunk + wanted;
    return chunk + 1;
}

static no_inline void engine_pop_chunk(JSRuntime *runtime) {
    struct engine_chunk *chunk = last_chunk;
    last_chunk = chunk->previous;
    calls_next = chunk->next;
    calls_end = chunk->end;
    calls_size -= chunk->size;
    js_free_rt(runtime, chunk);
}

static inline void *engine_push_call(JSRuntime *runtime, size_t size) {
    if (unlikely(size > (size_t)(calls_end - calls_next)))
        return engine_push_chunk(runtime, size);
    void *call = calls_next;
    calls_next += size;
    return call;
}

static inline void engine_pop_call(JSRuntime *runtime, struct engine_call *call) {
    calls_next = (char *)call;
    if (unlikely(last_chunk && calls_next == (char *)(last_chunk + 1)))
        engine_pop_chunk(runtime);
}

/* Frames that start-up used and left would be in the snapshot. */
void engine_scrub_calls(void) {
    engine_scrub(calls_next, (size_t)(calls_end - calls_next));
}

static inline bool engine_is_plain(JSValueConst function) {
    return JS_VALUE_GET_TAG(function) == JS_TAG_OBJECT &&
           JS_VALUE_GET_OBJ(function)->class_id == JS_CLASS_BYTECODE_FUNCTION;
}

/* The object of a `new` whose constructor is plain; undefined where the
   constructor above it makes the object. */
static no_inline JSValue engine_object_of_new(JSContext *context, JSValueConst function, JSValueConst new_target) {
    if (JS_VALUE_GET_OBJ(function)->u.func.function_bytecode->is_derived_class_constructor)
        return JS_UNDEFINED;
    return js_create_from_ctor(context, new_target, JS_CLASS_OBJECT);
}

/* The frame, and all of the interpreter's variables, for a call of `p`. */
static inline struct engine_call *engine_begin_call(JSContext *ctx, JSObject *p, JSValueConst function, int argc,
                                                    JSValue *argv, bool is_new) {
    JSFunctionBytecode *b = p->u.func.function_bytecode;
    int copied = argc < b->arg_count ? b->arg_count : 0;
    size_t values = (size_t)copied + b->var_count + b->stack_size;
    size_t size = sizeof(struct engine_call) + sizeof(JSValue) * values + sizeof(JSVarRef *) * b->var_ref_count;
    struct engine_call *call = engine_push_call(ctx->rt, (size + 7) & ~(size_t)7);
    if (unlikely(!call))
        return NULL;
    JSValue *locals = (JSValue *)(call + 1), *variables = locals + copied;
    int i;
    for (i = 0; i < argc && i < copied; i++)
        locals[i] = js_dup(argv[i]);
    for (; i < copied; i++)
        locals[i] = JS_UNDEFINED;
    for (i = 0; i < b->var_count; i++)
        variables[i] = JS_UNDEFINED;
    JSVarRef **references = (JSVarRef **)(variables + b->var_count + b->stack_size);
    for (i = 0; i < b->var_ref_count; i++)
        references[i] = NULL;
    call->frame = (JSStackFrame){
        .prev_frame = ctx->rt->current_stack_frame,
        .cur_func = unsafe_unconst(function),
        .arg_buf = copied ? locals : argv,
        .var_buf = variables,
        .var_refs = references,
        .var_ref_count = b->var_ref_count,
        .arg_count = copied ? copied : argc,
        .is_strict_mode = b->is_strict_mode,
        .is_constructor = is_new,
    };
    ctx->rt->current_stack_frame = &call->frame;
    return call;
}

#define ENGINE_CALL_VARIABLES                                                                                          \
    unsigned engine_depth = 0;                                                                                         \
    int engine_dropped;                                                                                                \
    JSValue engine_this, engine_new_target;

/* In the place where a function is called; the arguments are the topmost values. */
#define ENGINE_CALL(this_value, below)                                                                                 \
    if (likely(engine_is_plain(sp[-call_argc - 1]))) {                                                                 \
        engine_this = this_value;                                                                                      \
        engine_new_target = JS_UNDEFINED;                                                                              \
        engine_dropped = call_argc + below;                                                                            \
        goto engine_enter;                                                                                             \
    }

#define ENGINE_NEW                                                                                                     \
    if (engine_is_plain(call_argv[-2]) && JS_VALUE_GET_OBJ(call_argv[-2])->is_constructor) {                           \
        engine_this = engine_object_of_new(ctx, call_argv[-2], call_argv[-1]);                                         \
        if (JS_IsException(engine_this))                                                                               \
            goto exception;                                                                                            \
        engine_new_target = call_argv[-1];                                                                             \
        engine_dropped = call_argc + 2;                                                                                \
        goto engine_enter;                                                                                             \
    }

#define ENGINE_ENTER                                                                                                   \
    engine_enter : {                                                                                                   \
        struct engine_call *call;                                                                                      \
        bool is_new = !JS_IsUndefined(engine_new_target);                                                              \
        call_argv = sp - call_argc;                                                                                    \
        sf->cur_pc = pc;                                                                                               \
        JSValueConst called = sp[-engine_dropped + (opcode == OP_call_method || opcode == OP_tail_call_method)];       \
        if (unlikely(js_poll_interrupts(ctx)))                                                                         \
            call = NULL;                                                                                               \
        else if (!(call = engine_begin_call(ctx, JS_VALUE_GET_OBJ(called), called, call_argc, call_argv, is_new)))     \
            JS_ThrowStackOverflow(ctx);                                                                                \
        if (unlikely(!call)) {                                                                                         \
            if (is_new)                                                                                                \
                JS_FreeValue(ctx, engine_this);                                                                        \
            goto exception;                                                                                            \
        }                                                                                                              \
        call->func_obj = func_obj;                                                                                     \
        call->this_obj = this_obj;                                                                                     \
        call->new_target = new_target;                                                                                 \
        call->argv = argv;                                                                                             \
        call->argc = argc;                                                                                             \
        call->caller_ctx = caller_ctx;                                                                                 \
        call->local_buf = local_buf;                                                                                   \
        call->sp = sp;                                                                                                 \
        call->opcode = opcode;                                                                                         \
        call->is_made_here = is_new && !JS_IsUndefined(engine_this);                                                   \
        call->dropped = engine_dropped;                                                                                \
        engine_depth++;                                                                                                \
        func_obj = called;                                                                                             \
        this_obj = engine_this;                                                                                        \
        new_target = engine_new_target;                                                                                \
        argv = vc(call_argv);                                                                                          \
        argc = call_argc;                                                                                              \
        caller_ctx = ctx;                                                                                              \
        sf = &call->frame;                                                                                             \
        p = JS_VALUE_GET_OBJ(func_obj);                                                                                \
        b = p->u.func.function_bytecode;                                                                               \
        ctx = b->realm;                                                                                                \
        var_refs = p->u.func.var_refs;                                                                                 \
        local_buf = (JSValue *)(call + 1);                                                                             \
        arg_buf = sf->arg_buf;                                                                                         \
        var_buf = sf->var_buf;                                                                                         \
        sp = stack_buf = var_buf + b->var_count;                                                                       \
        pc = b->byte_code_buf;                                                                                         \
        goto restart;                                                                                                  \
    }

/* In the place where a function has returned or thrown, with its result in `ret_val`. */
#define ENGINE_LEAVE                                                                                                   \
    if (engine_depth > 0) {                                                                                            \
        struct engine_call *call = (struct engine_call *)sf;                                                           \
        for (pval = local_buf; pval < sp; pval++)                                                                      \
            JS_FreeValue(ctx, *pval);                                                                                  \
        if (call->is_made_here) {                                                                                      \
            if (JS_IsException(ret_val) || JS_IsObject(ret_val)) {                                                     \
                JS_FreeValue(ctx, this_obj);                                                                           \
            } else {                                                                                                   \
                JS_FreeValue(ctx, ret_val);                                                                            \
                ret_val = unsafe_unconst(this_obj);                                                                    \
            }                                                                                                          \
        }                                                                                                              \
        rt->current_stack_frame = sf = sf->prev_frame;                                                                 \
        func_obj = call->func_obj;                                                                                     \
        this_obj = call->this_obj;                                                                                     \
        new_target = call->new_target;                                                                                 \
        argv = call->argv;                                                                                             \
        argc = call->argc;                                                                                             \
        caller_ctx = call->caller_ctx;                                                                                 \
        local_buf = call->local_buf;                                                                                   \
        sp = call->sp;                                                                                                 \
        opcode = call->opcode;                                                                                         \
        i = call->dropped;                                                                                             \
        engine_pop_call(rt, call);                                                                                         \
        engine_depth--;                                                                                                \
        p = JS_VALUE_GET_OBJ(sf->cur_func);                                                                            \
        b = p->u.func.function_bytecode;                                                                               \
        ctx = b->realm;                                                                                                \
        var_refs = p->u.func.var_refs;                                                                                 \
        arg_buf = sf->arg_buf;                                                                                         \
        var_buf = sf->var_buf;                                                                                         \
        stack_buf = var_buf + b->var_count;                                                                            \
        pc = sf->cur_pc;                                                                                               \
        if (unlikely(JS_IsException(ret_val)))                                                                         \
            goto exception;                                                                                            \
        if (opcode == OP_tail_call || opcode == OP_tail_call_method)                                                   \
            goto done;                                                                                                 \
        for (pval = sp - i; pval < sp; pval++)                                                                         \
            JS_FreeValue(ctx, *pval);                                                                                  \
        sp -= i;                                                                                                       \
        *sp++ = ret_val;                                                                                               \
        goto restart;                                                                                                  \
    }

#endif

/* Code from strings: `eval` and `new Function`. The parser and the compiler are a
   sixth of the engine, and only start-up needs them: after it, code is not made
   from strings, and the component is without them. The builder puts this file
   into quickjs.c, where the compiler becomes one of a context. */
#ifndef ISOSPIN_COMPILE_H
#define ISOSPIN_COMPILE_H

static JSValue engine_throw_eval_error(JSContext *ctx, const char *message, ...) {
    va_list none;
    va_start(none, message);
    JSValue thrown = JS_ThrowError(ctx, JS_EVAL_ERROR, message, none);
    va_end(none);
    return thrown;
}

static JSValue engine_refuse(JSContext *ctx, JSValueConst this_obj, const char *input, size_t input_len,
                             const char *filename, int line, int flags, int scope_idx) {
    return engine_throw_eval_error(ctx, "code can be made from strings only while the module is initialised");
}

/* Under this name the builder finds what nothing reaches after start-up.

   Libraries make an empty function to see whether they may make functions, and
   remember the answer: to them it is always no, as it would be in a request. */
__attribute__((export_name("isospin_start_compile"))) JSValue engine_compile(
    JSContext *ctx, JSValueConst this_obj, const char *input, size_t input_len, const char *filename, int line,
    int flags, int scope_idx) {
    static const char probe[] = "(function anonymous(\n) {\n\n})";
    if (input_len == sizeof probe - 1 && memcmp(input, probe, input_len) == 0)
        return engine_refuse(ctx, this_obj, input, input_len, filename, line, flags, scope_idx);
    return __JS_EvalInternal(ctx, this_obj, input, input_len, filename, line, flags, scope_idx);
}

void engine_end_compiling(JSContext *ctx) { ctx->eval_internal = engine_refuse; }

#endif

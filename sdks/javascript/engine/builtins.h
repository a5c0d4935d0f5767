/* The functions of the language that QuickJS has in compiled JavaScript and reads
   at their first use. Here start-up reads them all, so that the component is
   without the reader and without the bytes. The builder puts this file into
   quickjs.c, where the function is one of a table. */
#ifndef ISOSPIN_BUILTINS_H
#define ISOSPIN_BUILTINS_H

void engine_scrub(void *memory, size_t size);

/* Under this name the builder finds what nothing reaches after start-up. */
__attribute__((export_name("isospin_start_builtin"))) JSValue engine_make_builtin(JSContext *ctx, JSObject *p,
                                                                                  JSAtom atom, void *opaque) {
    return js_bytecode_autoinit(ctx, p, atom, opaque);
}

void engine_make_builtins(JSContext *ctx) {
    JS_FreeValue(ctx, JS_GetProperty(ctx, ctx->array_ctor, JS_ATOM_fromAsync));
    JS_FreeValue(ctx, JS_GetProperty(ctx, ctx->iterator_ctor, JS_ATOM_zip));
    JS_FreeValue(ctx, JS_GetProperty(ctx, ctx->iterator_ctor, JS_ATOM_zipKeyed));
    /* WebAssembly has no memory that cannot be written. */
    engine_scrub((void *)qjsc_builtin_array_fromasync, sizeof qjsc_builtin_array_fromasync);
    engine_scrub((void *)qjsc_builtin_iterator_zip, sizeof qjsc_builtin_iterator_zip);
    engine_scrub((void *)qjsc_builtin_iterator_zip_keyed, sizeof qjsc_builtin_iterator_zip_keyed);
}

#endif

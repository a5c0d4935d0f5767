/* The tables of variables in compiled code: twenty bytes for each variable, and its
   name. They are for a direct `eval`, for variables that inner functions share, and
   for the name in an error about one that is used before its declaration. Where they
   are for the last alone, they go, and that error says "lexical variable". */
#ifndef ISOSPIN_VARIABLES_H
#define ISOSPIN_VARIABLES_H

static bool looks_variables_up(const JSFunctionBytecode *b) {
    const uint8_t *end = b->byte_code_buf + b->byte_code_len;
    for (const uint8_t *pc = b->byte_code_buf; pc < end; pc += short_opcode_info(*pc).size) {
        switch (*pc) {
        case OP_eval:
        case OP_apply_eval:
        case OP_make_loc_ref:
        case OP_make_arg_ref:
            return true;
        }
    }
    return false;
}

static void drop_variables(JSContext *ctx, JSFunctionBytecode *b) {
    if (b->vardefs && !looks_variables_up(b)) {
        for (int i = 0; i < b->arg_count + b->var_count; i++) {
            JSVarDef *variable = &b->vardefs[i];
            JS_FreeAtom(ctx, variable->var_name);
            variable->var_name = JS_ATOM_NULL;
            variable->scope_level = variable->scope_next = 0;
        }
        if (b->var_ref_count == 0)
            b->vardefs = NULL;
    }
    for (int i = 0; i < b->cpool_count; i++)
        if (JS_VALUE_GET_TAG(b->cpool[i]) == JS_TAG_FUNCTION_BYTECODE)
            drop_variables(ctx, JS_VALUE_GET_PTR(b->cpool[i]));
}

/* Leaves out of a script or module what only its compiler needed. */
void engine_drop_variables(JSContext *ctx, JSValueConst code) {
    if (JS_VALUE_GET_TAG(code) == JS_TAG_MODULE)
        code = ((JSModuleDef *)JS_VALUE_GET_PTR(code))->func_obj;
    if (JS_VALUE_GET_TAG(code) == JS_TAG_FUNCTION_BYTECODE)
        drop_variables(ctx, JS_VALUE_GET_PTR(code));
}

#endif

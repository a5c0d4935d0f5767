/* The names that the bundler keeps.

   It writes `__name(() => ..., "load")` where a function that has no name of its own
   got one from what it was assigned to, and calls its helper each time that such a
   function is made. Here the function's code gets the name instead. */
#ifndef ISOSPIN_NAMES_H
#define ISOSPIN_NAMES_H

/* How the helper begins. Where it is there, nothing else has its name. */
static const char name_helper[] = "var __name = (target, value) => __defProp(target, \"name\"";

/* Which variable from outside of its function an instruction gets, or -1. */
static int gotten_variable(const uint8_t *pc) {
    if (*pc >= OP_get_var_ref0 && *pc <= OP_get_var_ref3)
        return *pc - OP_get_var_ref0;
    return *pc == OP_get_var_ref || *pc == OP_get_var_ref_check ? get_u16(pc + 1) : -1;
}

/* The code of the function that an instruction makes. */
static JSFunctionBytecode *made_function(const JSFunctionBytecode *b, const uint8_t *pc) {
    if (*pc != OP_fclosure && *pc != OP_fclosure8)
        return NULL;
    return JS_VALUE_GET_PTR(b->cpool[*pc == OP_fclosure ? get_u32(pc + 1) : pc[1]]);
}

/* The length of a call with two arguments, or 0. */
static int call_of_two(const uint8_t *pc) {
    if (*pc == OP_call2)
        return 1;
    return (*pc == OP_call || *pc == OP_tail_call) && get_u16(pc + 1) == 2 ? 3 : 0;
}

/* Rewrites `get __name, make function, push name, call` at `pc`, if it is that. */
static void fold_name(JSFunctionBytecode *b, uint8_t *pc, JSAtom helper) {
    int variable = gotten_variable(pc);
    if (variable < 0 || b->closure_var[variable].var_name != helper)
        return;
    uint8_t *make = pc + short_opcode_info(*pc).size;
    JSFunctionBytecode *function = made_function(b, make);
    uint8_t *push = make + short_opcode_info(*make).size;
    if (!function || *push != OP_push_atom_value)
        return;
    uint8_t *call = push + short_opcode_info(*push).size;
    int length = call_of_two(call);
    bool is_named = function->func_name != JS_ATOM_NULL && function->func_name != JS_ATOM_empty_string;
    if (!length || is_named)
        return;
    function->func_name = get_u32(push + 1);
    bool returns = *call == OP_tail_call;
    uint8_t *after = call + length - returns;
    memset(pc, OP_nop, (size_t)(make - pc));
    memset(push, OP_nop, (size_t)(after - push));
    push[0] = OP_goto8;
    push[1] = (uint8_t)(after - (push + 1));
    if (returns)
        *after = OP_return;
}

static void fold_names(JSFunctionBytecode *b, JSAtom helper) {
    uint8_t *end = b->byte_code_buf + b->byte_code_len;
    for (uint8_t *pc = b->byte_code_buf; pc < end; pc += short_opcode_info(*pc).size)
        fold_name(b, pc, helper);
    for (int i = 0; i < b->cpool_count; i++)
        if (JS_VALUE_GET_TAG(b->cpool[i]) == JS_TAG_FUNCTION_BYTECODE)
            fold_names(JS_VALUE_GET_PTR(b->cpool[i]), helper);
}

/* Names the functions of a bundle in their code. */
void engine_fold_names(JSContext *ctx, JSValueConst module, const char *source) {
    if (JS_VALUE_GET_TAG(module) != JS_TAG_MODULE || !strstr(source, name_helper))
        return;
    JSModuleDef *definition = JS_VALUE_GET_PTR(module);
    if (JS_VALUE_GET_TAG(definition->func_obj) != JS_TAG_FUNCTION_BYTECODE)
        return;
    JSAtom helper = JS_NewAtom(ctx, "__name");
    fold_names(JS_VALUE_GET_PTR(definition->func_obj), helper);
    JS_FreeAtom(ctx, helper);
}

#endif

/* What QuickJS knows of a compiled function, in another order: what is zero in
   most functions comes first, beside zeros of the block's header, since runs of
   zeros are not stored in a component. The builder puts this file into quickjs.c,
   in the place of QuickJS's own. */
#ifndef ISOSPIN_LAYOUT_H
#define ISOSPIN_LAYOUT_H

typedef struct JSFunctionBytecode {
    JSGCObjectHeader header; /* must come first */
    char *source;
    int source_len;
    JSVarDef *vardefs; /* arguments and local variables; in the same block, as all below */
    JSValue *cpool;
    int cpool_count;
    JSClosureVar *closure_var;
    uint16_t var_ref_count; /* local variables that inner functions share */
    uint16_t var_count;
    uint16_t arg_count;
    uint16_t defined_arg_count; /* the property `length` */
    uint16_t closure_var_count;
    uint16_t stack_size;
    uint8_t is_strict_mode : 1;
    uint8_t has_prototype : 1;
    uint8_t has_simple_parameter_list : 1;
    uint8_t is_derived_class_constructor : 1;
    uint8_t need_home_object : 1;
    uint8_t func_kind : 2;
    uint8_t new_target_allowed : 1;
    uint8_t super_call_allowed : 1;
    uint8_t super_allowed : 1;
    uint8_t arguments_allowed : 1;
    uint8_t backtrace_barrier : 1;
    JSAtom func_name;
    JSAtom filename;
    int line_num;
    int col_num;
    int pc2line_len;
    uint8_t *pc2line_buf;
    int byte_code_len;
    uint8_t *byte_code_buf;
    JSContext *realm;
} JSFunctionBytecode;

#endif

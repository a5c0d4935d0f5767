/* The JavaScript engine component: QuickJS-ng, what it needs of a host, and
   the functions that the prelude imports from "isospin:native". */
#ifndef ISOSPIN_ENGINE_H
#define ISOSPIN_ENGINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "application.h"
#include "quickjs.h"

/* True until the snapshot is taken: the host may not be called then. */
extern bool engine_initializing;
extern JSContext *engine_context;

/* allocate.c: malloc and its family. */
void engine_gather_room(void);
void engine_keep_block(void *block);

/* memory.c: what leaves no garbage in the snapshot. */
void engine_scrub(void *memory, size_t size);
void engine_scrub_stack(void);
/* heap.h: what start-up alone needed, and what lies free between what stays. */
void engine_drop_code(JSContext *context, JSModuleDef *module);
void engine_keep_all(JSRuntime *runtime);
void engine_keep_atoms(JSRuntime *runtime);
/* calls.h: as the stack, for the frames of plain functions. */
void engine_scrub_calls(void);

/* compile.h: from now on code is not made from strings. */
void engine_end_compiling(JSContext *context);

/* builtins.h: makes the functions of the language that would be read at their first use. */
void engine_make_builtins(JSContext *context);

/* source_map.c: rewrites the positions in compiled code to those of the user's files. */
bool engine_map_positions(JSContext *context, JSValueConst module, const uint8_t *map, size_t size);

/* names.h: names the functions of a bundle whose names the bundler kept. */
void engine_fold_names(JSContext *context, JSValueConst module, const char *source);

/* variables.h: leaves out what only the compiler needed. */
void engine_drop_variables(JSContext *context, JSValueConst code);

/* log.c */
void engine_log(const char *text, size_t length);
void engine_log_exception(JSContext *context, JSValueConst exception);
/* Text that grows; `start` is null while it is empty, and from js_malloc. */
struct text {
    char *start;
    size_t length, room;
};
void engine_append(JSContext *context, struct text *text, const char *part, size_t length);
/* The exception with its stack and causes; free with js_free. */
char *engine_describe(JSContext *context, JSValueConst exception, size_t *length);

/* values.c: between JavaScript's values and the world's. */
bool engine_bytes_of(JSContext *context, JSValueConst value, application_list_u8_t *bytes);
JSValue engine_latin1(JSContext *context, const uint8_t *bytes, size_t length);
/* A string whose units are bytes; the result is from malloc. */
bool engine_to_latin1(JSContext *context, JSValueConst value, application_list_u8_t *bytes);
JSValue engine_fields(JSContext *context, wasi_http_types_own_fields_t fields);
bool engine_to_fields(JSContext *context, JSValueConst list, wasi_http_types_own_fields_t *fields);
JSValue engine_throw_code(JSContext *context, const wasi_http_types_error_code_t *code);
JSValue engine_throw_broken(JSContext *context);

/* loop.c: what is waited for. A waiter owns its pollable and its callback. */
void engine_wait(JSContext *context, JSValueConst id, wasi_io_poll_own_pollable_t pollable, JSValueConst callback);
void engine_forget_waiters_for(JSContext *context, int32_t owner);
void engine_forget_waiters(JSContext *context);
/* Runs jobs, timers and pollables until `promise` is settled or nothing can settle it. */
void engine_run(JSContext *context, JSValueConst promise);
bool engine_run_jobs(JSContext *context);
void engine_track_rejections(JSRuntime *runtime);
/* The reason of a rejection that nobody has handled, if there is one. */
bool engine_take_rejection(JSContext *context, JSValue *reason);

/* resources.c: handles of the world, by number. Numbers are never used twice,
   so that one kept beyond its request names nothing. */
enum resource_kind {
    RESOURCE_CLOSED,
    RESOURCE_REQUEST,
    RESOURCE_RESPONSE,
    RESOURCE_OUTPARAM,
    RESOURCE_INCOMING,
    RESOURCE_TRAILERS,
    RESOURCE_OUTGOING,
    RESOURCE_FUTURE,
};
struct resource {
    enum resource_kind kind;
    int32_t handle;
    int32_t stream; /* of a body; 0 when it was dropped */
    bool has_stream;
};
int32_t engine_resource_add(enum resource_kind kind, int32_t handle);
struct resource *engine_resource(JSContext *context, JSValueConst id, enum resource_kind kind);
void engine_resource_close(struct resource *resource);
void engine_resources_close_all(void);

/* The functions of "isospin:native", by subject. */
extern const JSCFunctionListEntry engine_system_functions[];
extern const int engine_system_function_count;
extern const JSCFunctionListEntry engine_text_functions[];
extern const int engine_text_function_count;
extern const JSCFunctionListEntry engine_url_functions[];
extern const int engine_url_function_count;
extern const JSCFunctionListEntry engine_loop_functions[];
extern const int engine_loop_function_count;
extern const JSCFunctionListEntry engine_incoming_functions[];
extern const int engine_incoming_function_count;
extern const JSCFunctionListEntry engine_outgoing_functions[];
extern const int engine_outgoing_function_count;
extern const JSCFunctionListEntry engine_crypto_functions[];
extern const int engine_crypto_function_count;
#ifdef ISOSPIN_CRYPTOGRAPHY
extern const JSCFunctionListEntry engine_cryptography_functions[];
extern const int engine_cryptography_function_count;
#endif

/* outgoing.c */
void engine_end_without_response(JSContext *context, JSValueConst outparam);

#endif

/* Lines to the log (stderr), and exceptions as text. */
#include <stdlib.h>
#include <string.h>

#include "engine.h"

/* The most that the world takes in one call. */
enum { WRITE_LIMIT = 4096 };

/* Before the snapshot the builder takes and shows it. */
void engine_log(const char *text, size_t length) {
    wasi_cli_stderr_own_output_stream_t stream = wasi_cli_stderr_get_stderr();
    wasi_io_streams_borrow_output_stream_t output = {stream.__handle};
    while (length > 0) {
        application_list_u8_t part = {(uint8_t *)text, length < WRITE_LIMIT ? length : WRITE_LIMIT};
        wasi_io_streams_stream_error_t error;
        if (!wasi_io_streams_method_output_stream_blocking_write_and_flush(output, &part, &error)) {
            if (error.tag == WASI_IO_STREAMS_STREAM_ERROR_LAST_OPERATION_FAILED)
                wasi_io_error_error_drop_own(error.val.last_operation_failed);
            break;
        }
        text += part.len;
        length -= part.len;
    }
    wasi_io_streams_output_stream_drop_own(stream);
}

void engine_append(JSContext *context, struct text *text, const char *part, size_t length) {
    if (text->length + length + 1 > text->room) {
        size_t room = (text->length + length + 1) * 2;
        char *moved = js_realloc(context, text->start, room);
        if (!moved)
            return;
        text->start = moved;
        text->room = room;
    }
    memcpy(text->start + text->length, part, length);
    text->length += length;
    text->start[text->length] = 0;
}

static void append_value(JSContext *context, struct text *text, JSValueConst value) {
    size_t length;
    const char *string = JS_ToCStringLen(context, &length, value);
    if (!string) {
        JS_FreeValue(context, JS_GetException(context));
        engine_append(context, text, "(no text)", 9);
        return;
    }
    engine_append(context, text, string, length);
    JS_FreeCString(context, string);
}

/* Frames of the engine and of our own interfaces, which the source map does not know. */
static bool is_ours(const char *line, size_t length) {
    static const char *const ends[] = {" (native)", " (<null>:0:1)"};
    for (size_t index = 0; index < sizeof ends / sizeof *ends; index++) {
        size_t tail = strlen(ends[index]);
        if (length >= tail && memcmp(line + length - tail, ends[index], tail) == 0)
            return true;
    }
    return false;
}

/* The user's lines of a trace, each after a line break. */
static void append_stack(JSContext *context, struct text *text, JSValueConst stack) {
    size_t length;
    const char *string = JS_ToCStringLen(context, &length, stack);
    if (!string) {
        JS_FreeValue(context, JS_GetException(context));
        return;
    }
    const char *end = string + length;
    for (const char *line = string; line < end;) {
        const char *stop = memchr(line, '\n', end - line);
        if (!stop)
            stop = end;
        if (stop > line && !is_ours(line, stop - line)) {
            engine_append(context, text, "\n", 1);
            engine_append(context, text, line, stop - line);
        }
        line = stop + 1;
    }
    JS_FreeCString(context, string);
}

/* Errors of errors are told, but not for ever: `cause` may be a circle. */
enum { CAUSES = 8 };

static void describe(JSContext *context, struct text *text, JSValueConst exception, int depth) {
    append_value(context, text, exception);
    if (!JS_IsError(exception))
        return;
    JSValue stack = JS_GetPropertyStr(context, exception, "stack");
    if (JS_IsString(stack))
        append_stack(context, text, stack);
    JS_FreeValue(context, stack);
    JSValue cause = JS_GetPropertyStr(context, exception, "cause");
    if (JS_IsException(cause)) {
        JS_FreeValue(context, JS_GetException(context));
    } else if (!JS_IsUndefined(cause) && depth < CAUSES) {
        engine_append(context, text, "\ncaused by: ", 12);
        describe(context, text, cause, depth + 1);
    }
    JS_FreeValue(context, cause);
}

char *engine_describe(JSContext *context, JSValueConst exception, size_t *length) {
    struct text text = {NULL, 0, 0};
    describe(context, &text, exception, 0);
    *length = text.length;
    return text.start;
}

void engine_log_exception(JSContext *context, JSValueConst exception) {
    size_t length;
    char *text = engine_describe(context, exception, &length);
    if (!text)
        return;
    text[length] = '\n'; /* in place of the terminating zero: one line, one write */
    engine_log(text, length + 1);
    js_free(context, text);
}

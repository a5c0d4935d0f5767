/* Compiles QuickJS into this file, to reach inside compiled functions: their
   tables of positions are rewritten from the bundle's lines to those of the
   user's own files, so that a stack trace needs no source map at run time. */

/* WebAssembly's own stack cannot be measured; QuickJS measures the one in
   memory, of which some recursive functions (JSON, the parser) use next to
   nothing. Every function that checks the stack gets this much on it, so that
   the limit is reached before a host's stack ends. */
static inline __attribute__((always_inline)) void *engine_frame(void) {
    char room[ISOSPIN_FRAME_ROOM];
    __asm__ volatile("" : : "r"(room) : "memory");
    return room;
}
#define __builtin_frame_address(level) engine_frame()

/* JSON's numbers are read by QuickJS's own reader of numbers, which is there
   anyway, and not by the C library's, which brings arithmetic of 128 bits. */
#include <stdlib.h>
#include "dtoa.h"
static double engine_number(const char *text) {
    JSATODTempMem memory;
    return js_atod(text, NULL, 10, 0, &memory);
}
#define strtod(text, end) engine_number(text)

#include "quickjs.c"
/* What comes after the interpreter itself is made as small as it can be. */
#pragma clang attribute pop
#undef strtod
#undef __builtin_frame_address

#include "engine.h"
#include "heap.h"
#include "names.h"
#include "variables.h"

/* One step of the map, sorted by place in the bundle; lines and columns from 1. */
struct step {
    uint32_t line, column, file, original_line, original_column;
};

struct source_map {
    JSAtom *files;
    uint32_t file_count;
    const struct step *steps;
    uint32_t step_count;
};

static const struct step *find_step(const struct source_map *map, int line, int column) {
    uint32_t low = 0, high = map->step_count;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        const struct step *step = &map->steps[middle];
        if ((int)step->line < line || ((int)step->line == line && (int)step->column <= column))
            low = middle + 1;
        else
            high = middle;
    }
    if (low == 0 || (int)map->steps[low - 1].line != line)
        return NULL;
    return &map->steps[low - 1];
}

struct position {
    int line, column;
};

static void put_position(DynBuf *table, uint32_t pc, struct position *last, struct position next) {
    int lines = next.line - last->line;
    if (lines >= PC2LINE_BASE && lines < PC2LINE_BASE + PC2LINE_RANGE && pc <= PC2LINE_DIFF_PC_MAX) {
        dbuf_putc(table, (uint8_t)(lines - PC2LINE_BASE + (int)pc * PC2LINE_RANGE + PC2LINE_OP_FIRST));
    } else {
        dbuf_putc(table, 0);
        dbuf_put_leb128(table, pc);
        dbuf_put_sleb128(table, lines);
    }
    dbuf_put_sleb128(table, next.column - last->column);
    *last = next;
}

static void map_table(JSContext *ctx, JSFunctionBytecode *b, const struct source_map *map,
                      const struct step *start) {
    struct position from = {b->line_num, b->col_num};
    struct position last = {start->original_line, start->original_column};
    struct position first = last;
    const uint8_t *p = b->pc2line_buf, *end = p + b->pc2line_len;
    uint32_t pc = 0;
    DynBuf table;
    js_dbuf_init(ctx, &table);
    while (p < end) {
        unsigned op = *p++;
        int32_t line, column;
        uint32_t distance;
        int read;
        if (op == 0) {
            if ((read = get_leb128(&distance, p, end)) < 0)
                break;
            p += read;
            if ((read = get_sleb128(&line, p, end)) < 0)
                break;
            p += read;
        } else {
            op -= PC2LINE_OP_FIRST;
            distance = op / PC2LINE_RANGE;
            line = (int)(op % PC2LINE_RANGE) + PC2LINE_BASE;
        }
        if ((read = get_sleb128(&column, p, end)) < 0)
            break;
        p += read;
        from.line += line;
        from.column += column;
        pc += distance;
        const struct step *step = find_step(map, from.line, from.column);
        if (!step || step->file != start->file)
            continue;
        struct position next = {step->original_line, step->original_column};
        if (next.line == last.line && next.column == last.column)
            continue;
        put_position(&table, pc, &last, next);
        pc = 0;
    }
    js_free(ctx, b->pc2line_buf);
    b->pc2line_buf = table.buf;
    b->pc2line_len = (int)table.size;
    b->line_num = first.line;
    b->col_num = first.column;
}

static void map_function(JSContext *ctx, JSFunctionBytecode *b, const struct source_map *map,
                         bool top) {
    const struct step *start = find_step(map, b->line_num, b->col_num);
    /* The top level has code of every file; only the builder sees its positions. */
    if (!top && start) {
        map_table(ctx, b, map, start);
        JS_FreeAtom(ctx, b->filename);
        b->filename = JS_DupAtom(ctx, map->files[start->file]);
    }
    for (int i = 0; i < b->cpool_count; i++)
        if (JS_VALUE_GET_TAG(b->cpool[i]) == JS_TAG_FUNCTION_BYTECODE)
            map_function(ctx, JS_VALUE_GET_PTR(b->cpool[i]), map, false);
}

static uint32_t take_u32(const uint8_t **at) {
    uint32_t value;
    memcpy(&value, *at, 4);
    *at += 4;
    return value;
}

bool engine_map_positions(JSContext *ctx, JSValueConst module, const uint8_t *bytes, size_t size) {
    if (size == 0 || JS_VALUE_GET_TAG(module) != JS_TAG_MODULE)
        return true;
    JSModuleDef *definition = JS_VALUE_GET_PTR(module);
    if (JS_VALUE_GET_TAG(definition->func_obj) != JS_TAG_FUNCTION_BYTECODE)
        return true;
    struct source_map map;
    map.file_count = take_u32(&bytes);
    map.files = js_malloc(ctx, sizeof(JSAtom) * (map.file_count + 1));
    if (!map.files)
        return false;
    for (uint32_t i = 0; i < map.file_count; i++) {
        uint32_t length = take_u32(&bytes);
        map.files[i] = JS_NewAtomLen(ctx, (const char *)bytes, length);
        bytes += (length + 3) & ~3u;
    }
    map.step_count = take_u32(&bytes);
    map.steps = (const struct step *)bytes;
    map_function(ctx, JS_VALUE_GET_PTR(definition->func_obj), &map, true);
    for (uint32_t i = 0; i < map.file_count; i++)
        JS_FreeAtom(ctx, map.files[i]);
    js_free(ctx, map.files);
    return true;
}

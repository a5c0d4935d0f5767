/* What becomes of QuickJS's heap when start-up is over. */
#ifndef ISOSPIN_HEAP_H
#define ISOSPIN_HEAP_H

/* The top level of a module has run and never runs again. With its code goes all
   that only it held: what a bundle has in it and no handler can reach. */
void engine_drop_code(JSContext *context, JSModuleDef *module) {
    JS_FreeValue(context, module->func_obj);
    module->func_obj = JS_UNDEFINED;
}

static void keep(JSMallocBlockHeader *block) {
    /* Memory that is no value has no count. */
    if (block->ref_count > 0)
        block->ref_count = INT32_MIN;
}

/* Takes a value out of the collector's list, which would be six bytes of each, and
   forgets where its memory came from. What it holds then looks as if held from
   outside, and so it is. Shapes are made anew when they grow, which needs both. */
static void forget(JSGCObjectHeader *value) {
    switch (JS_GC_TYPE(value)) {
    case JS_GC_OBJ_TYPE_VAR_REF:
        if (!((JSVarRef *)value)->is_detached)
            return;
        break;
    case JS_GC_OBJ_TYPE_JS_OBJECT:
    case JS_GC_OBJ_TYPE_FUNCTION_BYTECODE:
        break;
    default:
        return;
    }
    list_del(&value->link);
    js_rc(value)->u.block_idx = 0;
    js_rc(value)->block_size_idx = 0;
}

/* What is there now stays for good: no reference to it is counted (see counts.h), and
   no collection looks at it. Large strings alone are counted on. */
void engine_keep_all(JSRuntime *rt) {
    struct list_head *link, *next;
    for (int i = 0; i < JS_ARENA_BLOCK_SIZE_COUNT; i++) {
        list_for_each(link, &rt->arena_state.arena_list[i]) {
            JSArena *arena = list_entry(link, JSArena, link);
            for (int at = 0; at < arena->n_blocks; at++)
                keep(arena_get_block(arena, at, arena_block_sizes[i]));
        }
    }
    list_for_each_safe(link, next, &rt->gc_obj_list) {
        JSGCObjectHeader *value = list_entry(link, JSGCObjectHeader, link);
        keep(js_rc(value));
        forget(value);
    }
}

/* Forgets every arena, and zeroes what is free in it. QuickJS keeps arenas for each
   size of small blocks, in lists: what a request allocates would go to as many pages,
   all over what start-up made, and each new arena would write to an old one. Blocks
   that are freed later are used again; an arena never counts as empty. */
void engine_seal_arenas(JSRuntime *rt) {
    JSArenaState *state = &rt->arena_state;
    struct list_head *link, *next;
    for (int i = 0; i < JS_ARENA_BLOCK_SIZE_COUNT; i++) {
        list_for_each_safe(link, next, &state->arena_list[i]) {
            JSArena *arena = list_entry(link, JSArena, link);
            for (unsigned at = arena->first_free_block; at != JS_ARENA_FREE_NIL;) {
                JSMallocBlockHeader *block = arena_get_block(arena, at, arena_block_sizes[i]);
                at = block->u.free_next;
                engine_scrub(block, arena_block_sizes[i]);
            }
            arena->first_free_block = JS_ARENA_FREE_NIL;
            arena->n_used_blocks = arena->n_blocks + 1;
            arena->link = arena->free_link = (struct list_head){NULL, NULL};
        }
        init_list_head(&state->arena_list[i]);
        init_list_head(&state->free_arena_list[i]);
    }
}

#endif

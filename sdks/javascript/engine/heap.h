/* What becomes of QuickJS's heap when start-up is over. */
#ifndef ISOSPIN_HEAP_H
#define ISOSPIN_HEAP_H

/* The top level of a module has run and never runs again. With its code goes all
   that only it held: what a bundle has in it and no handler can reach. */
void engine_drop_code(JSContext *context, JSModuleDef *module) {
    JS_FreeValue(context, module->func_obj);
    module->func_obj = JS_UNDEFINED;
}

/* Takes a value out of the collector's list, which would be six bytes of each. What
   it holds then looks as if held from outside, and so it is. Shapes are made anew
   when they grow, which needs the list. */
static bool forget(JSGCObjectHeader *value) {
    switch (JS_GC_TYPE(value)) {
    case JS_GC_OBJ_TYPE_VAR_REF:
        if (!((JSVarRef *)value)->is_detached)
            return false;
        break;
    case JS_GC_OBJ_TYPE_JS_OBJECT:
    case JS_GC_OBJ_TYPE_FUNCTION_BYTECODE:
        break;
    default:
        return false;
    }
    list_del(&value->link);
    return true;
}

/* A block of an arena that is no value of the collector's. */
static void keep_plain(JSMallocBlockHeader *block) {
    int kept = block->ref_count > 0 ? 0 : (int)(0x80u | block->block_size_idx) << ENGINE_SIZE_SHIFT;
    *block = (JSMallocBlockHeader){.ref_count = kept};
}

/* Keeps the blocks of an arena, zeroes what is free in it, and forgets the arena: see
   engine_keep_all. */
static void keep_arena(JSArena *arena, unsigned size) {
    for (unsigned at = arena->first_free_block; at != JS_ARENA_FREE_NIL;) {
        JSMallocBlockHeader *block = arena_get_block(arena, at, size);
        at = block->u.free_next;
        engine_scrub(block, size);
    }
    for (int at = 0; at < arena->n_blocks; at++) {
        JSMallocBlockHeader *block = arena_get_block(arena, at, size);
        if (block->gc_obj_type == ENGINE_PLAIN)
            keep_plain(block);
    }
    *arena = (JSArena){0};
    engine_keep_block(arena);
}

/* What is there now stays for good: no reference to it is counted (see counts.h), no
   collection looks at it, and its memory is not used again. QuickJS keeps arenas for
   each size of small blocks, in lists: what a request allocates would go to as many
   pages, all over what start-up made, and each new arena would write to an old one.
   Large blocks that are no values are freed as ever, and large strings are counted on. */
void engine_keep_all(JSRuntime *rt) {
    struct list_head *link, *next;
    list_for_each_safe(link, next, &rt->gc_obj_list) {
        JSGCObjectHeader *value = list_entry(link, JSGCObjectHeader, link);
        if (forget(value))
            *js_rc(value) = (JSMallocBlockHeader){0};
        else
            js_rc(value)->ref_count = INT32_MIN;
    }
    JSArenaState *state = &rt->arena_state;
    for (int i = 0; i < JS_ARENA_BLOCK_SIZE_COUNT; i++) {
        list_for_each_safe(link, next, &state->arena_list[i])
            keep_arena(list_entry(link, JSArena, link), arena_block_sizes[i]);
        init_list_head(&state->arena_list[i]);
        init_list_head(&state->free_arena_list[i]);
    }
}

/* Free places for as many atoms as requests make. */
enum { FREE_ATOMS = 256 };

/* The compiler's names left most of the table of atoms free, each place with the
   number of the next. The last ones stay so; the others are never used again. */
void engine_keep_atoms(JSRuntime *rt) {
    int left = FREE_ATOMS, next = 0;
    for (int i = rt->atom_size - 1; i > 0; i--) {
        if (!atom_is_free(rt->atom_array[i]))
            continue;
        rt->atom_array[i] = left > 0 ? atom_set_free(next) : NULL;
        next = left-- > 0 ? i : next;
    }
    rt->atom_free_index = next;
}

#endif

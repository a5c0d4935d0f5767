/* What becomes of QuickJS's heap when start-up is over. */
#ifndef ISOSPIN_HEAP_H
#define ISOSPIN_HEAP_H

/* The top level of a module has run and never runs again. With its code goes all
   that only it held: what a bundle has in it and no handler can reach. */
void engine_drop_code(JSContext *context, JSModuleDef *module) {
    JS_FreeValue(context, module->func_obj);
    module->func_obj = JS_UNDEFINED;
}

/* Has every arena count as full, and zeroes what is free in it. QuickJS keeps an
   arena for each size of small blocks: what a request allocates would go to as many
   pages, all over what start-up made. New arenas lie in the room for requests. */
void engine_seal_arenas(JSRuntime *rt) {
    for (int i = 0; i < JS_ARENA_BLOCK_SIZE_COUNT; i++) {
        struct list_head *link, *next;
        list_for_each_safe(link, next, &rt->arena_state.free_arena_list[i]) {
            JSArena *arena = list_entry(link, JSArena, free_link);
            for (unsigned at = arena->first_free_block; at != JS_ARENA_FREE_NIL;) {
                JSMallocBlockHeader *block = arena_get_block(arena, at, arena_block_sizes[i]);
                at = block->u.free_next;
                engine_scrub(block, arena_block_sizes[i]);
            }
            arena->first_free_block = JS_ARENA_FREE_NIL;
            arena->n_used_blocks = arena->n_blocks;
            list_del(&arena->free_link);
        }
    }
}

#endif

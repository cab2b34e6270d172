/* SPDX-License-Identifier: GPL-2.0-only */
/* Memory that lives as long as one plan; running out of it ends the planning. */
#ifndef HP_ARENA_H
#define HP_ARENA_H

#include <setjmp.h>
#include <stddef.h>

struct hp_arena {
	struct hp_arena_block *blocks;
	jmp_buf	no_memory;		/* where hp_plan() goes on without memory */
};

void *hp_alloc(struct hp_arena *arena, size_t n, size_t size);
void *hp_grow(struct hp_arena *arena, void *array, int used, size_t size);
void hp_arena_free(struct hp_arena *arena);

/* Append an element to an arena array with its count beside it. */
#define HP_PUSH(arena, array, n, value) do {				\
	(array) = hp_grow((arena), (array), (n), sizeof(*(array)));	\
	(array)[(n)++] = (value);					\
} while (0)

#endif

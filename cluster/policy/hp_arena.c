// SPDX-License-Identifier: GPL-2.0-only
/* Memory that lives as long as one plan: a list of zeroed blocks. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "hp_arena.h"

struct hp_arena_block {
	struct hp_arena_block *next;
	max_align_t data[];
};

/**
 * hp_alloc() - zeroed memory of the arena
 * @arena: owner
 * @n: how many
 * @size: bytes of one
 *
 * Return: the memory; there is no NULL, running out leaves by @no_memory.
 */
void *hp_alloc(struct hp_arena *arena, size_t n, size_t size)
{
	struct hp_arena_block *block = NULL;

	if (!n || !size)
		n = size = 1;
	if (n < (SIZE_MAX - sizeof(*block)) / size)
		block = calloc(1, sizeof(*block) + n * size);
	if (!block)
		longjmp(arena->no_memory, 1);
	block->next = arena->blocks;
	arena->blocks = block;
	return block->data;
}

/**
 * hp_grow() - room for one more element at the end of an array
 * @arena: owner
 * @array: the array so far, NULL if empty; grown only by this function
 * @used: its elements
 * @size: bytes of one
 *
 * Return: the array, moved whenever @used is a power of two.
 */
void *hp_grow(struct hp_arena *arena, void *array, int used, size_t size)
{
	void *moved;

	if (array && (used & (used - 1)))
		return array;
	if (array && used == 0)
		return array;
	moved = hp_alloc(arena, used ? 2 * (size_t)used : 1, size);
	if (used)
		memcpy(moved, array, (size_t)used * size);
	return moved;
}

void hp_arena_free(struct hp_arena *arena)
{
	struct hp_arena_block *block, *next;

	for (block = arena->blocks; block; block = next) {
		next = block->next;
		free(block);
	}
	arena->blocks = NULL;
}

/* SPDX-License-Identifier: GPL-2.0-only */
/* What a fence agent reads, and what its exit status means. Pure. */
#ifndef HA_FENCE_INPUT_H
#define HA_FENCE_INPUT_H

#include "fence.h"

/**
 * fence_input() - lines for the agent's stdin
 * @action: "off", "on", "status", "monitor"
 *
 * Return: to be freed, after explicit_bzero(): it may hold secrets.
 */
char *fence_input(const struct fence_device *device, const char *action,
		  const char *target);

/**
 * fence_check() - is the operation well formed
 *
 * Return: NULL, or a sentence to be freed.
 */
char *fence_check(const struct fence_op *op);

/**
 * fence_status() - what the exit status of "status" says
 */
enum fence_power fence_status(int code);

/* Copies of levels, which own their strings. */
struct fence_level *fence_levels_copy(const struct fence_level *levels,
				      size_t n);
void fence_levels_free(struct fence_level *levels, size_t n);

#endif

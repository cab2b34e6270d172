/* SPDX-License-Identifier: GPL-2.0-only */
/* Memory that is there: a daemon that has none ends, and its node is UNKNOWN. */
#ifndef CORE_MEMORY_H
#define CORE_MEMORY_H

#include <stdlib.h>
#include <string.h>

static inline void *core_realloc(void *old, size_t size)
{
	void *new = realloc(old, size);

	if (!new)
		abort();
	return new;
}

static inline void *core_alloc(size_t size)
{
	return memset(core_realloc(NULL, size), 0, size);
}

static inline char *core_text(const char *text)
{
	return strcpy(core_realloc(NULL, strlen(text) + 1), text);
}

#endif

// SPDX-License-Identifier: GPL-2.0-only
/* Small helpers of the tools; they know nothing of replication. */
#define _GNU_SOURCE
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "util.h"

#define NEAREST_MAX 32	/* longer words are not worth a suggestion */

static void *checked(void *p)
{
	if (!p) {
		fputs("out of memory\n", stderr);
		exit(HA_EXIT_FAILED);
	}
	return p;
}

void *xcalloc(size_t n, size_t size)
{
	return checked(calloc(n, size));
}

void *xreallocarray(void *p, size_t n, size_t size)
{
	return checked(reallocarray(p, n, size));
}

char *xstrdup(const char *s)
{
	return checked(strdup(s));
}

char *xvasprintf(const char *fmt, va_list ap)
{
	char *s;

	if (vasprintf(&s, fmt, ap) < 0)
		s = NULL;
	return checked(s);
}

char *xasprintf(const char *fmt, ...)
{
	va_list ap;
	char *s;

	va_start(ap, fmt);
	s = xvasprintf(fmt, ap);
	va_end(ap);
	return s;
}

void ha_replace(char **where, const char *s)
{
	char *copy = s ? xstrdup(s) : NULL;

	free(*where);
	*where = copy;
}

int ha_streq(const char *a, const char *b)
{
	return a == b || (a && b && !strcmp(a, b));
}

/* Edits (insert, delete, replace) that make @b of @a. */
static unsigned int distance(const char *a, const char *b)
{
	unsigned int row[NEAREST_MAX + 1], la = strlen(a), lb = strlen(b);

	if (la > NEAREST_MAX || lb > NEAREST_MAX)
		return UINT_MAX;
	for (unsigned int j = 0; j <= lb; j++)
		row[j] = j;
	for (unsigned int i = 1; i <= la; i++) {
		unsigned int diagonal = row[0];

		row[0] = i;
		for (unsigned int j = 1; j <= lb; j++) {
			unsigned int best = diagonal + (a[i - 1] != b[j - 1]);

			diagonal = row[j];
			if (row[j] + 1 < best)
				best = row[j] + 1;
			if (row[j - 1] + 1 < best)
				best = row[j - 1] + 1;
			row[j] = best;
		}
	}
	return row[lb];
}

const char *ha_nearest(const char *word, const char *const *known)
{
	unsigned int limit = strlen(word) / 3 + 1, best = limit + 1;
	const char *found = NULL;

	for (; *known; known++) {
		unsigned int d = distance(word, *known);

		if (d < best) {
			best = d;
			found = *known;
		}
	}
	return found;
}

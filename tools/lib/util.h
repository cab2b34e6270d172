/* SPDX-License-Identifier: GPL-2.0-only */
/* Small helpers of the tools: allocation that ends the program on failure. */
#ifndef HA_UTIL_H
#define HA_UTIL_H

#include <stdarg.h>
#include <stddef.h>

#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))

/* Exit statuses of every command. */
enum {
	HA_EXIT_OK	= 0,
	HA_EXIT_FAILED	= 1,
	HA_EXIT_USAGE	= 2,
};

void *xcalloc(size_t n, size_t size);
void *xreallocarray(void *p, size_t n, size_t size);
char *xstrdup(const char *s);
char *xvasprintf(const char *fmt, va_list ap)
	__attribute__((format(printf, 1, 0)));
char *xasprintf(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/**
 * ha_replace() - replace an owned string
 * @where: the string, freed first; may hold NULL
 * @s: copied; may be NULL
 */
void ha_replace(char **where, const char *s);

/**
 * ha_streq() - compare two strings that may be NULL
 */
int ha_streq(const char *a, const char *b);

/**
 * ha_nearest() - the known word a misspelt one was probably meant to be
 * @word: what was written
 * @known: NULL-terminated list
 *
 * Return: a word of @known, or NULL when none is near.
 */
const char *ha_nearest(const char *word, const char *const *known);

#endif

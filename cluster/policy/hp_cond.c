// SPDX-License-Identifier: GPL-2.0-only
/* Does a condition on a node's attributes hold? */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "hp_engine.h"

static int sign(double x)
{
	return (x > 0) - (x < 0);
}

/* Words that are no numbers compare as 0 with nothing: the test is false. */
static bool number(const char *text, double *value, bool integer)
{
	char *end;

	*value = strtod(text, &end);
	if (integer)
		*value = (double)(int64_t)*value;
	return end != text;
}

static bool looks_fractional(const char *text)
{
	return strchr(text, '.') != NULL;
}

/* Versions: numbers between dots, left to right; a missing one is 0. */
static int cmp_versions(const char *a, const char *b)
{
	char *end_a, *end_b;
	long x, y;

	while (*a || *b) {
		x = strtol(a, &end_a, 10);
		y = strtol(b, &end_b, 10);
		if (x != y)
			return x < y ? -1 : 1;
		a = *end_a ? end_a + 1 : end_a;
		b = *end_b ? end_b + 1 : end_b;
	}
	return 0;
}

static bool compare(const struct hp_cond *c, const char *have, int *result)
{
	enum hp_type type = c->type;
	double x, y;

	if (type == HP_TYPE_AUTO) {
		type = HP_TYPE_STRING;
		if (c->cmp != HP_CMP_EQ && c->cmp != HP_CMP_NE)
			type = looks_fractional(have) || looks_fractional(c->value) ?
			       HP_TYPE_NUMBER : HP_TYPE_INTEGER;
	}
	switch (type) {
	case HP_TYPE_VERSION:
		*result = cmp_versions(have, c->value);
		return true;
	case HP_TYPE_INTEGER:
	case HP_TYPE_NUMBER:
		if (!number(have, &x, type == HP_TYPE_INTEGER) ||
		    !number(c->value, &y, type == HP_TYPE_INTEGER))
			return false;
		*result = sign(x - y);
		return true;
	default:
		*result = strcasecmp(have, c->value);
		return true;
	}
}

static bool value_holds(const struct hp_cond *c, const char *have)
{
	int result;

	if (c->cmp == HP_CMP_DEFINED)
		return have;
	if (c->cmp == HP_CMP_UNDEFINED)
		return !have;
	if (!have || !c->value)
		return c->cmp == HP_CMP_NE && have != c->value;
	if (!compare(c, have, &result))
		return false;
	switch (c->cmp) {
	case HP_CMP_EQ:
		return result == 0;
	case HP_CMP_NE:
		return result != 0;
	case HP_CMP_LT:
		return result < 0;
	case HP_CMP_LTE:
		return result <= 0;
	case HP_CMP_GT:
		return result > 0;
	default:
		return result >= 0;
	}
}

bool hp_cond_holds(const struct engine *e, const struct hp_cond *cond, int node)
{
	int i;

	if (!cond)
		return true;
	if (cond->cmp != HP_CMP_AND && cond->cmp != HP_CMP_OR)
		return value_holds(cond, hp_node_attr(e, node, cond->attr));
	for (i = 0; i < cond->n_sub; i++)
		if (hp_cond_holds(e, &cond->sub[i], node) == (cond->cmp == HP_CMP_OR))
			return cond->cmp == HP_CMP_OR;
	return cond->cmp == HP_CMP_AND;
}

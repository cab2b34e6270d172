/* SPDX-License-Identifier: GPL-2.0-only */
/* Small states as text, and what is expected of their plans as text too. */
#ifndef CHECK_H
#define CHECK_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "hp_json.h"

/* Two or three plain nodes, for states that start with them. */
#define TWO	"'nodes':[{'name':'a'},{'name':'b'}],"
#define THREE	"'nodes':[{'name':'a'},{'name':'b'},{'name':'c'}],"

/*
 * Plan for @json, a STATE.json without its braces, with ' for ". Kept until the
 * next call, for the functions below; every plan must keep the invariants.
 */
void plan_for(const char *json);

/* "x@a y@b+ d@c-": + is promoted, - is unpromoted; by resource, then node. */
void places(const char *expected);

/* "start x a, stop y b": all actions, in the order of the plan. */
void actions(const char *expected);

/* "start x a": is it blocked, and for this word? */
void blocked(const char *what, const char *why);

/* There is a way of edges from one action to another; or there is none. */
void before(const char *first, const char *then);
void not_before(const char *first, const char *then);

/* The word of the explanation of a resource, or of NULL, on a node. */
void because(const char *resource, const char *node, const char *why);
const struct hp_explain *explanation(const char *resource, const char *node);
const struct hp_plan *the_plan(void);
const struct hp_input *the_input(void);

/* The state, or the input, is refused with words that contain these. */
void refused(const char *json, const char *words);
void forget(void);

extern unsigned int tests_run;

/* Run the tests of a group and count them; the number of those that failed. */
#define RUN_GROUP(name, tests)	(tests_run += sizeof(tests) / sizeof((tests)[0]),	\
				 cmocka_run_group_tests_name(name, tests, NULL, NULL))

int place_tests(void);
int order_tests(void);
int failure_tests(void);
int quorum_tests(void);
int fence_tests(void);
int storage_tests(void);
int clone_tests(void);
int json_tests(void);

#endif

/* SPDX-License-Identifier: GPL-2.0-only */
/* Operations as values: checked, copied, searched. Pure. */
#ifndef HA_EX_OP_H
#define HA_EX_OP_H

#include "exec.h"

/**
 * op_check() - is it well formed
 *
 * Return: NULL, or a sentence to be freed.
 */
char *op_check(const struct ex_op *op);

/**
 * op_copy() - a copy that owns its strings
 */
void op_copy(struct ex_op *to, const struct ex_op *from);
void op_free(struct ex_op *op);

/**
 * op_param() - the value of a parameter, or NULL
 */
const char *op_param(const struct ex_op *op, const char *name);

/**
 * op_yes() - a parameter that is yes or no
 */
bool op_yes(const struct ex_op *op, const char *name, bool preset);

/**
 * op_timeout() - its timeout, or the preset of its kind and action
 */
int64_t op_timeout(const struct ex_op *op);

/* Lists of parameters. */
struct ex_param *params_copy(const struct ex_param *params, size_t n);
void params_free(const struct ex_param *params, size_t n);

/**
 * param_name_ok() - can it be part of the name of an environment variable
 */
bool param_name_ok(const char *name);

#endif

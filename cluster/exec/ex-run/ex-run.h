/* SPDX-License-Identifier: GPL-2.0-only */
/* What ex-run was asked to do. */
#ifndef HA_EX_RUN_H
#define HA_EX_RUN_H

#include "exec.h"
#include "fence.h"

#define RUN_PARAMS 64

/**
 * struct run - the command line
 * @then: a second action after the first, or -1
 * @forget: ex_forget() at the end; @linger_ms must leave it time
 * @code: exit status, once known
 */
struct run {
	struct ex_config config;
	struct ex *ex;
	struct ex_op op;
	struct ex_param params[RUN_PARAMS], meta[RUN_PARAMS];
	enum ex_step steps[EX_STEP_NR];
	size_t n_steps;
	const char *storage;
	bool watch, forget;
	int64_t for_ms, linger_ms;
	int then, code;
};

int run_operation(struct run *run);

/**
 * run_fence() - ACTION TARGET LEVEL...
 */
int run_fence(struct run *run, char **words, int n);

/**
 * run_until() - end the loop after so many ms
 */
void run_until(struct run *run, int64_t ms);

#endif

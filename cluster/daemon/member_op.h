/* SPDX-License-Identifier: GPL-2.0-only */
/* A member of the configuration as operations of the executor. Pure. */
#ifndef HD_MEMBER_OP_H
#define HD_MEMBER_OP_H

#include "exec.h"
#include "model.h"

#define MEMBER_PARAMS 64
#define MEMBER_META 48

/**
 * struct binding - what a member is, in one configuration
 * @device: of a storage member
 */
struct binding {
	struct model *model;
	const struct hc_service *service;
	const struct hc_member *member;
	const struct hc_device *device;
};

struct member_op {
	struct ex_op op;
	struct ex_param params[MEMBER_PARAMS], meta[MEMBER_META];
	char numbers[2][12];
};

/**
 * member_op() - fill an operation; it points into the binding
 * @name: as agents know the member
 */
void member_op(const struct binding *b, const char *name,
	       enum ex_action action, struct member_op *out);

/* The ladder of a stop; @steps has room for EX_STEP_NR. */
size_t member_ladder(const struct binding *b, enum ex_step *steps);
const char *member_ladder_storage(const struct binding *b);

/* Everything the running member depends on, as one text; to be freed. */
char *member_digest(const struct binding *b);

/* "SERVICE.MEMBER" in the letters that agents may see; to be freed. */
char *member_instance(const char *service, const char *member);

/* It is not to run on that node, and has just been found not to be able to. */
bool member_needless(const struct binding *b, const char *node,
		     enum ex_verdict verdict);

/* Failures that count: within this; and for how long none is forgotten. */
int64_t member_window(const struct binding *b);
int64_t member_forget(const struct binding *b);

#endif

/* SPDX-License-Identifier: GPL-2.0-only */
/* One member on this node, for the files of members. */
#ifndef HD_MEMBER_H
#define HD_MEMBER_H

#include <jansson.h>

#include "member_op.h"
#include "members.h"

#define MEMBER_TIMES 32

/**
 * struct member - what is known of it
 * @is: what it runs as, or would be started as; @next_is: after it has stopped
 * @instance: name of it that agents see
 * @promoted: the role of one that failed
 * @hopeless: it cannot work here, whatever is tried
 * @shaken: its device was demoted by force; until the next operation on it, monitors
 *	that fail tell of that and count as no failure of its own
 * @times: of failures, wall clock, oldest first
 * @sure: it was probed
 * @id: of the core's order under way, if @busy
 * @told: the last row, so that the same is not told twice
 * @notice: what it was told last of its clone, see notices.h; or NULL
 */
struct member {
	struct members *all;
	struct member *next;
	char unit[64], name[64];
	char *instance, *digest;
	struct binding is, next_is;
	enum core_state state;
	bool sure, busy, probing, gone, promoted, hopeless, changed, blocked, shaken;
	enum ex_action failed_op;
	char *reason;
	int64_t since, begun;
	int64_t times[MEMBER_TIMES];
	int n_times;
	bool has_score;
	int64_t score;
	uint64_t id;
	enum core_verb verb;
	struct ex_watch *watch;
	char *told;
	enum core_state told_state;
	json_t *notice;
};

struct members {
	struct daemon *d;
	struct member *first;
	struct model *model;
	bool probed;		/* the core has heard of the first round */
	sd_event_source *clock;
};

/* members.c */
void member_tell(struct member *m);
void member_unbind(struct binding *b);
void member_free(struct member *m);
void members_retire(struct members *all);
void members_all_probed(struct members *all);

/* member_run.c */
void member_probe(struct member *m);
void member_begin(struct member *m, uint64_t id, enum core_verb verb);
void member_watch(struct member *m);
void member_unwatch(struct member *m);
void member_stop_gone(struct member *m);

/* member_fail.c */
void member_fail(struct member *m, enum ex_action action,
		 const struct ex_result *result);
int member_failures(const struct member *m, int64_t now);
bool member_forget_old(struct member *m, int64_t now);

static inline bool member_active(const struct member *m)
{
	return m->state != CORE_STOPPED;
}

#endif

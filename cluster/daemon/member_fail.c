// SPDX-License-Identifier: GPL-2.0-only
/* Failures of a member: when they happened, and how many of them count. */
#include <stdlib.h>
#include <string.h>

#include "member.h"
#include "util.h"

static void remember(struct member *m, int64_t now)
{
	if (m->n_times == MEMBER_TIMES)
		memmove(m->times, m->times + 1,
			--m->n_times * sizeof(*m->times));
	m->times[m->n_times++] = now;
}

/* What the result says of the state: it may be active unless that is certain. */
static enum core_state state_after(const struct member *m,
				   enum ex_action action,
				   const struct ex_result *result)
{
	if (action == EX_START && result->end == EX_END_NOT_RUN)
		return m->state;
	if (action == EX_MONITOR && !m->sure && result->verdict > EX_FAILED)
		return CORE_STOPPED;
	return CORE_FAILED;
}

void member_fail(struct member *m, enum ex_action action,
		 const struct ex_result *result)
{
	bool was_promoted = m->state == CORE_PROMOTED || action == EX_PROMOTE ||
			    (m->state == CORE_FAILED && m->promoted);

	m->state = state_after(m, action, result);
	m->promoted = was_promoted && m->state == CORE_FAILED;
	m->failed_op = action;
	m->hopeless |= result->verdict > EX_FAILED && action != EX_STOP;
	m->blocked = action == EX_STOP && !m->is.model->conf->n_fences;
	ha_replace(&m->reason, *result->reason ? result->reason :
		   *result->output ? result->output :
		   ex_code_word(result->code));
	if (!m->shaken || action != EX_MONITOR)
		remember(m, clock_wall());
	say(4, "%s: %s failed: %s (%s)", m->instance, ex_action_word(action),
	    m->reason ? m->reason : "no reason given",
	    ex_end_word(result->end));
}

int member_failures(const struct member *m, int64_t now)
{
	int64_t window = member_window(&m->is);
	int n = 0;

	for (int i = 0; i < m->n_times; i++)
		n += !window || m->times[i] > now - window;
	return n;
}

bool member_forget_old(struct member *m, int64_t now)
{
	int64_t forget = member_forget(&m->is);

	if (!m->n_times || !forget || now < m->times[m->n_times - 1] + forget)
		return false;
	m->n_times = 0;
	m->hopeless = false;
	return true;
}

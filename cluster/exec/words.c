// SPDX-License-Identifier: GPL-2.0-only
/* Words of the executor's enums, for logs, for files and for ex-run. Pure. */
#include <string.h>

#include "exec.h"
#include "util.h"

static const char *const kinds[] = {
	[EX_KIND_OCF] = "ocf",
	[EX_KIND_SYSTEMD] = "systemd",
	[EX_KIND_IP] = "ip",
	[EX_KIND_MOUNT] = "mount",
	[EX_KIND_STORAGE] = "storage",
};

/* As OCF agents are called; force-demote is no action of theirs. */
static const char *const actions[] = {
	[EX_START] = "start",
	[EX_STOP] = "stop",
	[EX_MONITOR] = "monitor",
	[EX_PROMOTE] = "promote",
	[EX_DEMOTE] = "demote",
	[EX_NOTIFY] = "notify",
	[EX_RELOAD] = "reload",
	[EX_MIGRATE_TO] = "migrate_to",
	[EX_MIGRATE_FROM] = "migrate_from",
	[EX_VALIDATE] = "validate-all",
	[EX_META_DATA] = "meta-data",
	[EX_FORCE_DEMOTE] = "force-demote",
};

static const char *const ends[] = {
	[EX_END_DONE] = "done",
	[EX_END_TIMEOUT] = "timeout",
	[EX_END_STUCK] = "stuck",
	[EX_END_SIGNAL] = "signal",
	[EX_END_CANCELLED] = "cancelled",
	[EX_END_NOT_RUN] = "not-run",
};

static const char *const verdicts[] = {
	[EX_FINE] = "fine",
	[EX_DEGRADED] = "degraded",
	[EX_FAILED] = "failed",
	[EX_HARD] = "hard",
	[EX_FATAL] = "fatal",
};

static const char *const roles[] = {
	[EX_ROLE_UNKNOWN] = "unknown",
	[EX_ROLE_STOPPED] = "stopped",
	[EX_ROLE_STARTED] = "started",
	[EX_ROLE_PROMOTED] = "promoted",
};

static const char *const steps[] = {
	[EX_STEP_AGENT] = "agent",
	[EX_STEP_KILL] = "kill",
	[EX_STEP_DEMOTE_FORCE] = "demote-force",
	[EX_STEP_FENCE] = "fence",
};

#define WORD(list, value) \
	((unsigned int)(value) < ARRAY_SIZE(list) ? (list)[value] : NULL)

static int find(const char *const *list, size_t n, const char *word)
{
	for (size_t i = 0; i < n; i++)
		if (list[i] && !strcmp(list[i], word))
			return i;
	return -1;
}

const char *ex_kind_word(enum ex_kind kind)
{
	return WORD(kinds, kind);
}

const char *ex_action_word(enum ex_action action)
{
	return WORD(actions, action);
}

const char *ex_end_word(enum ex_end end)
{
	return WORD(ends, end);
}

const char *ex_verdict_word(enum ex_verdict verdict)
{
	return WORD(verdicts, verdict);
}

const char *ex_role_word(enum ex_role role)
{
	return WORD(roles, role);
}

const char *ex_step_word(enum ex_step step)
{
	return WORD(steps, step);
}

int ex_kind_find(const char *word)
{
	return find(kinds, ARRAY_SIZE(kinds), word);
}

int ex_action_find(const char *word)
{
	return find(actions, ARRAY_SIZE(actions), word);
}

int ex_step_find(const char *word)
{
	return find(steps, ARRAY_SIZE(steps), word);
}

const char *ex_code_word(int code)
{
	switch (code) {
	case EX_CODE_OK:
		return "ok";
	case EX_CODE_GENERIC:
		return "error";
	case EX_CODE_ARGS:
		return "wrong arguments";
	case EX_CODE_UNIMPLEMENTED:
		return "not implemented";
	case EX_CODE_PERM:
		return "not permitted";
	case EX_CODE_INSTALLED:
		return "not installed";
	case EX_CODE_CONFIGURED:
		return "not configured";
	case EX_CODE_NOT_RUNNING:
		return "not running";
	case EX_CODE_PROMOTED:
		return "promoted";
	case EX_CODE_FAILED_PROMOTED:
		return "promoted and failed";
	case EX_CODE_DEGRADED:
		return "degraded";
	case EX_CODE_DEGRADED_PROMOTED:
		return "promoted and degraded";
	}
	return NULL;
}

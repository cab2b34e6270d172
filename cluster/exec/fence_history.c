// SPDX-License-Identifier: GPL-2.0-only
/* What fencing did, the last of it. */
#include <string.h>

#include "fence_job.h"

json_t *fence_entry(const struct fence_job *job, int64_t duration_ms)
{
	bool by_device = job->outcome == FENCE_OK;
	const struct fence_level *level = &job->levels[by_device ? job->level : 0];
	const char *device = by_device ?
		level->devices[level->n_devices - 1].name : "";

	return json_pack("{s:s, s:s, s:s, s:i, s:s, s:s, s:s, s:s, s:I, s:I}",
			 "target", job->target,
			 "action", fence_action_word(job->action),
			 "outcome", fence_outcome_word(job->outcome),
			 "level", by_device ? (int)job->level + 1 : 0,
			 "device", device, "cause", job->cause,
			 "reason", job->reasons ? job->reasons : "",
			 "by", job->by ? job->by : "",
			 "started", (json_int_t)job->started_wall_ms,
			 "duration_ms", (json_int_t)duration_ms);
}

/* NULL: a text was not UTF-8; it is not worth to fail for. */
void fence_remember(struct fence *fence, json_t *entry)
{
	if (entry)
		json_array_append_new(fence->ended, entry);
	while (json_array_size(fence->ended) > fence->history_max)
		json_array_remove(fence->ended, 0);
}

json_t *fence_history(const struct fence *fence, const char *target)
{
	json_t *list = json_array(), *entry;
	size_t i;

	json_array_foreach(fence->ended, i, entry) {
		const char *of = json_string_value(json_object_get(entry,
								   "target"));

		if (!target || !strcmp(of, target))
			json_array_append(list, entry);
	}
	return list;
}

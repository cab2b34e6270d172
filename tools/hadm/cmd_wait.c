// SPDX-License-Identifier: GPL-2.0-only
/* The verbs that wait for a state, on the events of the kernel. */
#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "hadm.h"
#include "view.h"
#include "waiting.h"

static int64_t now_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1000ll + ts.tv_nsec / 1000000;
}

/*
 * Judges all targets.  Returns an exit status, or -1 to wait on; @last says so
 * when this is the last look.
 */
static int judge(struct hadm *hadm, const struct ha_view *view, bool sync,
		 bool last)
{
	int ret = HA_EXIT_OK;

	for (unsigned int i = 0; i < hadm->n_targets; i++) {
		const char *name = hadm->targets[i].name;
		const struct ha_state *state = ha_view_find(view, name);
		char *missing;
		bool hopeless;

		if (!state)
			return hadm_error(name, "is down");
		missing = ha_waiting_for(state, sync, &hopeless);
		if (!missing)
			continue;
		if (hopeless)
			ret = hadm_error(name, "%s (hadm connect %s)", missing,
					 name);
		else if (last)
			ret = hadm_error(name, "timeout, still waiting: %s",
					 missing);
		else if (ret == HA_EXIT_OK)
			ret = -1;
		free(missing);
		if (hopeless)
			return ret;
	}
	return ret;
}

static int wait_for(struct hadm *hadm, bool sync)
{
	int64_t end = now_ms() + hadm->timeout * 1000ll;
	struct ha_view view = { 0 };
	int fd, ret;

	if (hadm_open(hadm))
		return HA_EXIT_FAILED;
	fd = ha_genl_subscribe(hadm->genl);
	if (fd < 0 || ha_view_load(&view, hadm->genl))
		return hadm_kernel_failed(hadm, NULL);
	for (;;) {
		int64_t left = hadm->timeout ? end - now_ms() : INT32_MAX;
		bool last = left <= 0;

		ret = judge(hadm, &view, sync, last);
		if (ret >= 0)
			break;
		ret = ha_view_wait(&view, hadm->genl, fd,
				   hadm->timeout ? left : -1);
		if (ret < 0) {
			ret = hadm_error(NULL, "%s", strerror(-ret));
			break;
		}
	}
	ha_view_free(&view);
	return ret;
}

int hadm_wait_connect(struct hadm *hadm)
{
	return wait_for(hadm, false);
}

int hadm_wait_sync(struct hadm *hadm)
{
	return wait_for(hadm, true);
}

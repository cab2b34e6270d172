// SPDX-License-Identifier: GPL-2.0-only
/* The verbs that show the state once, or again and again. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "hadm.h"
#include "status.h"
#include "view.h"
#include "words.h"

#define CLEAR_SCREEN	"\033[H\033[J"
#define REDRAW_MS	1000

static bool is_target(const struct hadm *hadm, const char *name)
{
	for (unsigned int i = 0; i < hadm->n_targets; i++)
		if (!strcmp(hadm->targets[i].name, name))
			return true;
	return false;
}

/* Leaves in the view what was asked for. */
static void keep_targets(const struct hadm *hadm, struct ha_view *view)
{
	for (unsigned int i = view->n; !hadm->all && i-- > 0;)
		if (!is_target(hadm, view->states[i].name))
			ha_view_remove(view, view->states[i].name);
}

/* Adds what only the file knows, as down. */
static void add_down(const struct hadm *hadm, struct ha_view *view)
{
	for (unsigned int i = 0; i < hadm->n_targets; i++) {
		const struct hadm_target *target = &hadm->targets[i];
		struct ha_state state = { .down = true };

		if (!target->res || ha_view_find(view, target->name))
			continue;
		snprintf(state.name, sizeof(state.name), "%s", target->name);
		if (target->self)
			state.minor = target->self->minor;
		ha_view_put(view, &state);
	}
}

static int names_exist(const struct hadm *hadm, const struct ha_view *view)
{
	for (unsigned int i = 0; i < hadm->n_targets; i++)
		if (!hadm->targets[i].res &&
		    !ha_view_find(view, hadm->targets[i].name))
			return hadm_error(hadm->targets[i].name,
					  "no such resource");
	return 0;
}

static bool any_syncing(const struct ha_view *view)
{
	for (unsigned int i = 0; i < view->n; i++)
		for (unsigned int j = 0; j < view->states[i].n_peers; j++)
			if (ha_peer_syncing(&view->states[i].peers[j]))
				return true;
	return false;
}

static void print_view(const struct hadm *hadm, const struct ha_view *view)
{
	bool colour = isatty(STDOUT_FILENO) && !getenv("NO_COLOR");

	if (hadm->json) {
		ha_status_json_list(view->states, view->n, stdout);
		return;
	}
	for (unsigned int i = 0; i < view->n; i++) {
		if (i)
			putchar('\n');
		ha_status_text(&view->states[i], colour, stdout);
	}
	if (!view->n)
		puts("no resources");
}

static int show_once(struct hadm *hadm)
{
	struct ha_view view = { 0 };
	int ret;

	if (ha_view_load(&view, hadm->genl))
		return hadm_kernel_failed(hadm, NULL);
	ret = names_exist(hadm, &view);
	if (!ret) {
		keep_targets(hadm, &view);
		if (!hadm->json)
			add_down(hadm, &view);
		print_view(hadm, &view);
	}
	ha_view_free(&view);
	return ret;
}

int hadm_status(struct hadm *hadm)
{
	struct ha_view view = { 0 };
	int fd, ret;

	if (hadm_open(hadm))
		return HA_EXIT_FAILED;
	if (!hadm->watch)
		return show_once(hadm);
	fd = ha_genl_subscribe(hadm->genl);
	if (fd < 0 || ha_view_load(&view, hadm->genl))
		return hadm_kernel_failed(hadm, NULL);
	do {
		fputs(CLEAR_SCREEN, stdout);
		ret = show_once(hadm);
		fflush(stdout);
		if (ret || ferror(stdout))
			break;
		/* Progress is no event: look each second while there is any. */
		ret = ha_view_wait(&view, hadm->genl, fd,
				   any_syncing(&view) ? REDRAW_MS : -1);
	} while (ret >= 0);
	ha_view_free(&view);
	return ret < 0 ? hadm_kernel_failed(hadm, NULL) : ret;
}

typedef void print_words(const struct ha_state *state);

static void print_role(const struct ha_state *state)
{
	fputs(ha_word(ha_role_words, state->role), stdout);
	for (unsigned int i = 0; i < state->n_peers; i++)
		printf("/%s", ha_word(ha_role_words, state->peers[i].role));
}

static void print_cstate(const struct ha_state *state)
{
	for (unsigned int i = 0; i < state->n_peers; i++)
		printf("%s%s", i ? "/" : "",
		       ha_word(ha_conn_words, state->peers[i].connection));
}

static void print_dstate(const struct ha_state *state)
{
	fputs(ha_word(ha_disk_words, state->disk), stdout);
	for (unsigned int i = 0; i < state->n_peers; i++)
		printf("/%s", ha_word(ha_disk_words, state->peers[i].disk));
}

/* One resource: only the words; several: each after its name. */
static int print_each(struct hadm *hadm, print_words *print)
{
	bool name_them = hadm->all || hadm->n_targets > 1;
	struct ha_view view = { 0 };
	int ret = HA_EXIT_OK;

	if (hadm_open(hadm))
		return HA_EXIT_FAILED;
	if (ha_view_load(&view, hadm->genl))
		return hadm_kernel_failed(hadm, NULL);
	for (unsigned int i = 0; i < hadm->n_targets; i++) {
		const char *name = hadm->targets[i].name;
		const struct ha_state *state = ha_view_find(&view, name);

		if (!state) {
			ret = hadm_error(name, hadm->targets[i].res ?
					 "is down" : "no such resource");
			continue;
		}
		if (name_them)
			printf("%s: ", name);
		print(state);
		putchar('\n');
	}
	ha_view_free(&view);
	return ret;
}

int hadm_role(struct hadm *hadm)
{
	return print_each(hadm, print_role);
}

int hadm_cstate(struct hadm *hadm)
{
	return print_each(hadm, print_cstate);
}

int hadm_dstate(struct hadm *hadm)
{
	return print_each(hadm, print_dstate);
}

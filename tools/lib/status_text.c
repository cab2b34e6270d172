// SPDX-License-Identifier: GPL-2.0-only
/* Resource states for people: a block each, with a progress bar. */
#include <inttypes.h>
#include <libsmartcols/libsmartcols.h>
#include <stdlib.h>
#include <string.h>

#include "size.h"
#include "status.h"
#include "util.h"
#include "words.h"

#define BAR_WIDTH	30
#define BOLD		"\033[1m"
#define GREEN		"\033[32m"
#define YELLOW		"\033[33m"
#define RED		"\033[31m"
#define RESET		"\033[0m"

enum { COL_PEER, COL_CONNECTION, COL_ROLE, COL_DISK, COL_REPL, COL_BEHIND };

static const char *disk_colour(uint32_t disk)
{
	switch (disk) {
	case HA_DISK_STATE_UPTODATE:
		return GREEN;
	case HA_DISK_STATE_CONSISTENT:
	case HA_DISK_STATE_ATTACHING:
	case HA_DISK_STATE_UNKNOWN:
		return YELLOW;
	}
	return RED;
}

static const char *conn_colour(uint32_t connection)
{
	switch (connection) {
	case HA_CONN_STATE_CONNECTED:
		return GREEN;
	case HA_CONN_STATE_CONNECTING:
		return YELLOW;
	}
	return RED;
}

static void paint(const char *text, const char *with, bool colour, FILE *out)
{
	fprintf(out, "%s%s%s", colour ? with : "", text, colour ? RESET : "");
}

static void print_head(const struct ha_state *state, bool colour, FILE *out)
{
	char size[32];

	paint(state->name, BOLD, colour, out);
	if (state->down) {
		fputs(": ", out);
		paint("down", YELLOW, colour, out);
		fprintf(out, " (bring it up: hadm up %s)\n", state->name);
		return;
	}
	fputs(": ", out);
	paint(ha_word(ha_role_words, state->role), BOLD, colour, out);
	fputs(", disk ", out);
	paint(ha_word(ha_disk_words, state->disk), disk_colour(state->disk),
	      colour, out);
	fprintf(out, ", /dev/ha%u", state->minor);
	if (state->size) {
		ha_size_text(state->size, size, sizeof(size));
		fprintf(out, " of %s", size);
	}
	if (state->open_count)
		fputs(", in use", out);
	fputc('\n', out);
}

static void print_suspended(const struct ha_state *state, bool colour,
			    FILE *out)
{
	if (!state->suspended)
		return;
	fputs("  ", out);
	paint("I/O is suspended", RED, colour, out);
	fputs(", reason:", out);
	for (int i = 0; ha_suspended_words[i]; i++)
		if (state->suspended & (1u << i))
			fprintf(out, " %s", ha_suspended_words[i]);
	fputc('\n', out);
}

static void add_peer(struct libscols_table *table,
		     const struct ha_peer_state *peer)
{
	struct libscols_line *line = scols_table_new_line(table, NULL);
	char behind[32] = "";

	if (!line)
		return;
	if (peer->out_of_sync)
		ha_size_text(peer->out_of_sync, behind, sizeof(behind));
	scols_line_set_data(line, COL_PEER, peer->name);
	scols_line_set_data(line, COL_CONNECTION,
			    ha_word(ha_conn_words, peer->connection));
	scols_line_set_data(line, COL_ROLE, ha_word(ha_role_words, peer->role));
	scols_line_set_data(line, COL_DISK, ha_word(ha_disk_words, peer->disk));
	scols_line_set_data(line, COL_REPL,
			    ha_word(ha_repl_words, peer->replication));
	scols_line_set_data(line, COL_BEHIND, behind);
	scols_cell_set_color(scols_line_get_cell(line, COL_CONNECTION),
			     conn_colour(peer->connection));
	scols_cell_set_color(scols_line_get_cell(line, COL_DISK),
			     disk_colour(peer->disk));
}

static void print_peers(const struct ha_state *state, bool colour, FILE *out)
{
	static const char *const heads[] = {
		"PEER", "CONNECTION", "ROLE", "DISK", "REPLICATION",
		"OUT OF SYNC"
	};
	struct libscols_table *table = scols_new_table();
	char *text = NULL, *rest, *row;

	if (!table)
		return;
	scols_table_enable_colors(table, colour);
	for (size_t i = 0; i < ARRAY_SIZE(heads); i++)
		scols_table_new_column(table, heads[i], 0, 0);
	for (unsigned int i = 0; i < state->n_peers; i++)
		add_peer(table, &state->peers[i]);
	scols_print_table_to_string(table, &text);
	scols_unref_table(table);
	rest = text;
	while (rest && (row = strsep(&rest, "\n")) && *row) {
		size_t length = strlen(row);

		while (length && row[length - 1] == ' ')
			length--;
		fprintf(out, "  %.*s\n", (int)length, row);
	}
	free(text);
}

static void print_time(uint32_t seconds, FILE *out)
{
	if (seconds < 120)
		fprintf(out, "%" PRIu32 " s", seconds);
	else if (seconds < 7200)
		fprintf(out, "%" PRIu32 " min", seconds / 60);
	else
		fprintf(out, "%" PRIu32 " h %" PRIu32 " min", seconds / 3600,
			seconds / 60 % 60);
}

static void print_progress(const struct ha_peer_state *peer, bool colour,
			   FILE *out)
{
	double percent = ha_resync_percent(peer);
	int full = percent * BAR_WIDTH / 100;
	char size[32];

	if (!ha_peer_syncing(peer))
		return;
	fprintf(out, "  %s: [%s", peer->name, colour ? GREEN : "");
	for (int i = 0; i < BAR_WIDTH; i++)
		fputc(i < full ? '=' : i == full ? '>' : ' ', out);
	/* Rounded down: 100 % is said only when it is. */
	fprintf(out, "%s] %.1f %%", colour ? RESET : "",
		(int)(percent * 10) / 10.0);
	if (peer->replication == HA_REPL_STATE_PAUSED_SYNC_S ||
	    peer->replication == HA_REPL_STATE_PAUSED_SYNC_T) {
		fputs(", paused", out);
	} else if (peer->resync_rate) {
		ha_size_text(peer->resync_rate, size, sizeof(size));
		fprintf(out, ", %s/s, ", size);
		print_time(peer->resync_eta, out);
		fputs(" left", out);
	}
	fputc('\n', out);
}

void ha_status_text(const struct ha_state *state, bool colour, FILE *out)
{
	print_head(state, colour, out);
	if (state->down)
		return;
	print_suspended(state, colour, out);
	if (state->n_peers)
		print_peers(state, colour, out);
	for (unsigned int i = 0; i < state->n_peers; i++) {
		print_progress(&state->peers[i], colour, out);
		if (*state->peers[i].reason)
			fprintf(out, "  %s: %s\n", state->peers[i].name,
				state->peers[i].reason);
	}
	if (*state->reason)
		fprintf(out, "  %s\n", state->reason);
}

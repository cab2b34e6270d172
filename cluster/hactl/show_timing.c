// SPDX-License-Identifier: GPL-2.0-only
/* How long a failover takes: detection + verdict + what each service needs. */
#include <inttypes.h>
#include <string.h>

#include "show.h"
#include "text.h"

static void print_services(const json_t *timing, FILE *out)
{
	int64_t quorum = get_number(timing, "quorum_worst_ms");
	int64_t verdict = get_number(timing, "verdict_p99_ms");
	const json_t *service;
	size_t i;

	json_array_foreach(get_list(timing, "services"), i, service) {
		int64_t start = get_number(service, "p99_ms");
		char a[TEXT_SIZE], b[TEXT_SIZE];

		if (!get_number(service, "runs")) {
			fprintf(out, "  %-12s not measured yet\n",
				get_text(service, "name"));
			continue;
		}
		fprintf(out, "  %-12s start %s (p99 of %" PRId64 " runs)   down for %s at worst\n",
			get_text(service, "name"), text_seconds(start, a),
			get_number(service, "runs"),
			text_seconds(quorum + verdict + start, b));
	}
}

void show_timing(const json_t *timing, FILE *out)
{
	int64_t detect = get_number(timing, "detect_worst_ms");
	int64_t quorum = get_number(timing, "quorum_worst_ms");
	int64_t verdict = get_number(timing, "verdict_p99_ms");
	char text[TEXT_SIZE];

	fprintf(out, "detect %s: token %" PRId64 " ms, consensus %" PRId64
		" ms; links are pinged every %" PRId64 " ms and dead after %" PRId64 " ms\n",
		get_text(timing, "profile"), get_number(timing, "token_ms"),
		get_number(timing, "consensus_ms"),
		get_number(timing, "ping_interval_ms"),
		get_number(timing, "ping_timeout_ms"));
	fprintf(out, "  a lost node is missed within %s\n",
		text_seconds(detect, text));
	if (quorum > detect)
		fprintf(out, "  the witness has voted within %s\n",
			text_seconds(quorum, text));
	if (verdict)
		fprintf(out, "  the verdict takes %s (p99)\n",
			text_seconds(verdict, text));
	print_services(timing, out);
}

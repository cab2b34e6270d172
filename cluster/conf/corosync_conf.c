// SPDX-License-Identifier: GPL-2.0-only
/*
 * The configuration of corosync, made of ours; pure.
 *
 * Every time is written out: what corosync would derive from a short token
 * makes knet's links flap, since knet looks at its timers only every 200 ms.
 * The token does not grow with the number of nodes (token_coefficient 0), so
 * that the time promised is the time in force.
 *
 * With several links, packets go over all of them at once: knet needs longer
 * to see that a link is dead than a short token lasts, so that waiting for it
 * would lose a node whose other link is well.
 */
#include <stdlib.h>

#include "corosync_conf.h"
#include "keys.h"

#define WITNESS_TIMEOUT	1250
#define WITNESS_SYNC	3000
/* qdevice beats at 0.8 of its timeout; 1.5 beats missed is dead to qnetd. */
#define WITNESS_DEAD	(WITNESS_TIMEOUT * 8 / 10 * 3 / 2)
#define WITNESS_VOTE	250	/* questions, answers, and a busy machine */

/*
 * A link that comes back is up after two pings, at other times for every pair
 * of nodes. Meanwhile some see the node that returns and others do not; with a
 * short token that would shake the membership of those that never left.
 */
static const struct {
	int64_t token, consensus, consensus_of_two;
	int64_t ping_interval, ping_timeout;
} profiles[] = {
	[HC_FAST]	= { 250, 300, 100, 200, 1000 },
	[HC_BALANCED]	= { 1000, 1200, 1200, 500, 2000 },
	[HC_RELAXED]	= { 3000, 3600, 3600, 500, 2000 },
};

static int profile_of(const struct hc_config *conf)
{
	return conf->detect.profile < 0 ? HC_BALANCED : conf->detect.profile;
}

static int64_t or_preset(int64_t set, int64_t preset)
{
	return set >= 0 ? set : preset;
}

int64_t hc_token(const struct hc_config *conf)
{
	return or_preset(conf->detect.token, profiles[profile_of(conf)].token);
}

static bool is_own(const struct hc_detect *detect)
{
	return detect->token >= 0 || detect->consensus >= 0 ||
	       detect->ping_interval >= 0 || detect->ping_timeout >= 0;
}

const char *hc_profile_name(const struct hc_config *conf)
{
	if (is_own(&conf->detect))
		return "own";
	return hc_profile_words[profile_of(conf)];
}

/* With more than two nodes consensus must exceed the token by a fifth. */
static int64_t consensus_of(const struct hc_config *conf, int64_t token)
{
	int profile = profile_of(conf);

	if (conf->detect.consensus >= 0)
		return conf->detect.consensus;
	if (conf->detect.token >= 0)
		return (token * 6 + 4) / 5;
	if (conf->n_nodes == 2)
		return profiles[profile].consensus_of_two;
	return profiles[profile].consensus;
}

void hc_timing(const struct hc_config *conf, struct hc_timing *timing)
{
	bool witness = conf->quorum.witness;
	int64_t sum;
	int near;

	timing->profile = is_own(&conf->detect) ? -1 : profile_of(conf);
	timing->token = hc_token(conf);
	timing->consensus = consensus_of(conf, timing->token);
	/* Of a token of one's own, the pings of the profile it is nearest to. */
	near = timing->token < 500 ? HC_FAST : profile_of(conf);
	timing->ping_interval = or_preset(conf->detect.ping_interval,
					  profiles[near].ping_interval);
	timing->ping_timeout = or_preset(conf->detect.ping_timeout,
					 profiles[near].ping_timeout);
	timing->witness_timeout = witness ? WITNESS_TIMEOUT : 0;
	timing->witness_sync = witness ? WITNESS_SYNC : 0;
	/* Some more for the new membership to form on a busy machine. */
	sum = timing->token + timing->consensus;
	timing->detect_worst = sum + (sum / 12 > 50 ? sum / 12 : 50);
	/* Only where votes are even without it is the witness waited for. */
	timing->quorum_worst = timing->detect_worst;
	if (!witness || conf->n_nodes % 2)
		return;
	if (timing->quorum_worst < WITNESS_DEAD)
		timing->quorum_worst = WITNESS_DEAD;
	timing->quorum_worst += WITNESS_VOTE;
}

static void print_totem(FILE *out, const struct hc_config *conf,
			const struct hc_timing *timing)
{
	const struct hc_crypto *crypto = &conf->crypto;
	unsigned int links = conf->n_nodes ? conf->nodes[0].links.n : 0;

	fprintf(out,
		"totem {\n"
		"\tversion: 2\n"
		"\tcluster_name: %s\n"
		"\ttransport: knet\n"
		"\tcrypto_cipher: %s\n"
		"\tcrypto_hash: %s\n"
		"\ttoken: %d\n"
		"\ttoken_coefficient: 0\n"
		"\tconsensus: %d\n",
		conf->name,
		crypto->cipher < 0 ? "aes256" : hc_cipher_words[crypto->cipher],
		crypto->hash < 0 ? "sha256" : hc_hash_words[crypto->hash],
		(int)timing->token, (int)timing->consensus);
	if (links > 1)
		fputs("\tlink_mode: active\n", out);
	for (unsigned int i = 0; i < links; i++)
		fprintf(out,
			"\tinterface {\n"
			"\t\tlinknumber: %u\n"
			"\t\tknet_ping_interval: %d\n"
			"\t\tknet_ping_timeout: %d\n"
			"\t}\n",
			i, (int)timing->ping_interval,
			(int)timing->ping_timeout);
	fputs("}\n\n", out);
}

static void print_nodelist(FILE *out, const struct hc_config *conf)
{
	fputs("nodelist {\n", out);
	for (unsigned int i = 0; i < conf->n_nodes; i++) {
		const struct hc_node *node = &conf->nodes[i];

		fprintf(out, "\tnode {\n\t\tname: %s\n\t\tnodeid: %d\n",
			node->name, node->id);
		for (unsigned int j = 0; j < node->links.n; j++)
			fprintf(out, "\t\tring%u_addr: %s\n", j,
				node->links.word[j]);
		fputs("\t}\n", out);
	}
	fputs("}\n\n", out);
}

static void print_quorum(FILE *out, const struct hc_config *conf,
			 const struct hc_timing *timing)
{
	fputs("quorum {\n\tprovider: corosync_votequorum\n", out);
	if (conf->quorum.witness)
		fprintf(out,
			"\tdevice {\n"
			"\t\tmodel: net\n"
			"\t\tvotes: 1\n"
			"\t\ttimeout: %d\n"
			"\t\tsync_timeout: %d\n"
			"\t\tnet {\n"
			"\t\t\thost: %s\n"
			"\t\t\talgorithm: ffsplit\n"
			"\t\t}\n"
			"\t}\n",
			(int)timing->witness_timeout,
			(int)timing->witness_sync, conf->quorum.witness);
	else if (conf->n_nodes == 2)
		fputs("\ttwo_node: 1\n\twait_for_all: 1\n", out);
	fputs("}\n\n", out);
}

char *hc_corosync_conf(const struct hc_config *conf)
{
	struct hc_timing timing;
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	hc_timing(conf, &timing);
	fputs("# Made by hactl of the cluster's configuration; changes here are lost.\n"
	      "# To change it: hactl config edit\n\n", out);
	print_totem(out, conf, &timing);
	print_nodelist(out, conf);
	print_quorum(out, conf, &timing);
	fputs("logging {\n\tto_stderr: no\n\tto_syslog: yes\n\ttimestamp: hires\n}\n",
	      out);
	fclose(out);
	return text;
}

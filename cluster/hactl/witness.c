// SPDX-License-Identifier: GPL-2.0-only
/*
 * Setting up the witness. It has an authority of its own, which signs one
 * certificate for the cluster; the first node asks for it, and the others get
 * it with its key. Files go through this program, so that no node needs to
 * reach another by ssh.
 */
#include <stdlib.h>
#include <string.h>

#include "hactl.h"
#include "remote.h"
#include "util.h"
#include "witness.h"

#define NODE_DB		"/etc/corosync/qdevice/net/nssdb"
#define QNETD_DB	"/etc/corosync/qnetd/nssdb"
#define CA		QNETD_DB "/qnetd-cacert.crt"

/* A shell script somewhere; what it prints, or NULL after a message. */
static char *run_script(const char *name, const char *address,
			const char *script, const char *input, const char *what)
{
	const char *const argv[] = { "sh", "-ec", script, NULL };
	char *output;
	int status = remote_run(name, address, argv, input, &output);

	if (!status)
		return output;
	hactl_error("%s: %s failed (status %d)", name, what, status);
	free(output);
	return NULL;
}

static char *witness_ca(const char *witness)
{
	return run_script(witness, witness,
		"[ -e " CA " ] || corosync-qnetd-certutil -i >&2\n"
		"systemctl enable --now corosync-qnetd.service >&2\n"
		"base64 " CA, NULL, "setting up corosync-qnetd");
}

/* The node trusts the witness: from nothing, whatever was there. */
static bool node_trusts(const struct hc_node *node, const char *ca)
{
	char *done = run_script(node->name, node->links.word[0],
		"umask 077\nrm -rf " NODE_DB "\n"
		"base64 -d >/run/qnetd-cacert.crt\n"
		"corosync-qdevice-net-certutil -i -c /run/qnetd-cacert.crt >&2\n"
		"rm -f /run/qnetd-cacert.crt", ca,
		"taking the witness's certificate");

	free(done);
	return done;
}

static char *request_of(const struct hc_node *node, const char *cluster)
{
	char *script = xasprintf(
		"corosync-qdevice-net-certutil -r -n '%s' >&2\n"
		"base64 " NODE_DB "/qdevice-net-node.crq", cluster);
	char *request = run_script(node->name, node->links.word[0], script,
				   NULL, "asking for a certificate");

	free(script);
	return request;
}

static char *signed_by(const char *witness, const char *cluster,
		       const char *request)
{
	char *script = xasprintf(
		"base64 -d >/run/qdevice-net-node.crq\n"
		"corosync-qnetd-certutil -s -c /run/qdevice-net-node.crq -n '%s' >&2\n"
		"rm -f /run/qdevice-net-node.crq\n"
		"base64 " QNETD_DB "/cluster-'%s'.crt", cluster, cluster);
	char *certificate = run_script(witness, witness, script, request,
				       "signing the certificate");

	free(script);
	return certificate;
}

/* The certificate with its key, as the other nodes take it. */
static char *key_of(const struct hc_node *node, const char *certificate,
		    const char *cluster)
{
	char *script = xasprintf(
		"umask 077\n"
		"base64 -d >/run/cluster-'%s'.crt\n"
		"corosync-qdevice-net-certutil -M -c /run/cluster-'%s'.crt >&2\n"
		"rm -f /run/cluster-'%s'.crt\n"
		"base64 " NODE_DB "/qdevice-net-node.p12", cluster, cluster,
		cluster);
	char *key = run_script(node->name, node->links.word[0], script,
			       certificate, "taking the cluster's certificate");

	free(script);
	return key;
}

static bool node_takes_key(const struct hc_node *node, const char *key)
{
	char *done = run_script(node->name, node->links.word[0],
		"umask 077\n"
		"base64 -d >/run/qdevice-net-node.p12\n"
		"corosync-qdevice-net-certutil -m -c /run/qdevice-net-node.p12 >&2\n"
		"rm -f /run/qdevice-net-node.p12", key,
		"taking the cluster's certificate");

	free(done);
	return done;
}

static void forget(char *secret)
{
	if (secret)
		explicit_bzero(secret, strlen(secret));
	free(secret);
}

int witness_setup(const struct hc_config *conf)
{
	const char *witness = conf->quorum.witness;
	char *ca = witness_ca(witness), *request = NULL, *certificate = NULL;
	char *key = NULL;
	bool good = ca;

	for (unsigned int i = 0; good && i < conf->n_nodes; i++)
		good = node_trusts(&conf->nodes[i], ca);
	if (good)
		request = request_of(&conf->nodes[0], conf->name);
	if (request)
		certificate = signed_by(witness, conf->name, request);
	if (certificate)
		key = key_of(&conf->nodes[0], certificate, conf->name);
	good = key;
	for (unsigned int i = 1; good && i < conf->n_nodes; i++)
		good = node_takes_key(&conf->nodes[i], key);
	if (good)
		printf("%s: witness\n", witness);
	free(ca);
	free(request);
	free(certificate);
	forget(key);
	return good ? HACTL_OK : HACTL_FAILED;
}

int witness_add_node(const struct hc_config *conf, const struct hc_node *node)
{
	const struct hc_node *first = &conf->nodes[0];
	char *ca = witness_ca(conf->quorum.witness), *key = NULL;
	bool good = ca && node_trusts(node, ca);

	if (good)
		key = run_script(first->name, first->links.word[0],
				 "base64 " NODE_DB "/qdevice-net-node.p12",
				 NULL, "reading the cluster's certificate");
	good = key && node_takes_key(node, key);
	free(ca);
	forget(key);
	return good ? HACTL_OK : HACTL_FAILED;
}

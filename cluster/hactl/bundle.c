// SPDX-License-Identifier: GPL-2.0-only
/* What a node is given to become one of a cluster, as JSON and as files. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "bundle.h"
#include "corosync_conf.h"
#include "files.h"
#include "text.h"
#include "util.h"

int bundle_new_key(uint8_t key[AUTHKEY_SIZE])
{
	size_t have = 0;

	while (have < AUTHKEY_SIZE) {
		ssize_t n = getrandom(key + have, AUTHKEY_SIZE - have, 0);

		if (n < 0 && errno != EINTR)
			return -1;
		have += n > 0 ? n : 0;
	}
	return 0;
}

static int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static int read_key(const char *text, uint8_t key[AUTHKEY_SIZE])
{
	if (strlen(text) != 2 * AUTHKEY_SIZE)
		return -1;
	for (size_t i = 0; i < AUTHKEY_SIZE; i++) {
		int high = hex_digit(text[2 * i]);
		int low = hex_digit(text[2 * i + 1]);

		if (high < 0 || low < 0)
			return -1;
		key[i] = high << 4 | low;
	}
	return 0;
}

char *bundle_write(const struct bundle *bundle)
{
	char key[2 * AUTHKEY_SIZE + 1], *text;
	json_t *json;

	for (size_t i = 0; i < AUTHKEY_SIZE; i++)
		snprintf(key + 2 * i, 3, "%02x", bundle->key[i]);
	json = json_pack("{s:i, s:s, s:I, s:s, s:s}", "format", 1, "node",
			 bundle->node, "rev", (json_int_t)bundle->rev,
			 "config", bundle->config, "authkey", key);
	text = json_dumps(json, JSON_COMPACT);
	json_decref(json);
	return text;
}

int bundle_read(const char *text, struct bundle *bundle)
{
	json_t *json = json_loads(text, 0, NULL);
	int ret = -1;

	memset(bundle, 0, sizeof(*bundle));
	if (json && get_number(json, "format") == 1 &&
	    get_number(json, "rev") > 0 && *get_text(json, "node") &&
	    !read_key(get_text(json, "authkey"), bundle->key)) {
		bundle->node = xstrdup(get_text(json, "node"));
		bundle->config = xstrdup(get_text(json, "config"));
		bundle->rev = get_number(json, "rev");
		ret = 0;
	}
	json_decref(json);
	return ret;
}

void bundle_free(struct bundle *bundle)
{
	free(bundle->node);
	free(bundle->config);
	explicit_bzero(bundle, sizeof(*bundle));
}

static int put(const char *root, const char *path, const void *data,
	       size_t size, mode_t mode, char **why)
{
	char *full = file_below(root, path);
	int ret = file_write(full, data, size, mode);

	if (ret)
		*why = xasprintf("cannot write %s: %s", full, strerror(errno));
	free(full);
	return ret;
}

/* The first revision, as the daemon keeps them. */
static int put_revision(const struct bundle *bundle,
			const struct hc_config *conf, const char *root,
			int64_t now_ms, char **why)
{
	char sha[HC_SHA256_TEXT], *path, *meta;
	json_t *json;
	int ret;

	hc_sha256(conf, sha);
	json = json_pack("{s:I, s:I, s:s, s:s, s:s, s:I, s:s}",
			 "rev", (json_int_t)bundle->rev, "parent",
			 (json_int_t)(bundle->rev - 1), "sha256", sha,
			 "author", "root", "host", bundle->node, "time_ms",
			 (json_int_t)now_ms, "message", "hactl cluster init");
	meta = json_dumps(json, JSON_INDENT(2));
	json_decref(json);
	path = xasprintf("/var/lib/hacluster/config/%06d.meta",
			 (int)bundle->rev);
	ret = put(root, path, meta, strlen(meta), 0640, why);
	free(path);
	free(meta);
	/* Last: a revision is there when its text is. */
	path = xasprintf("/var/lib/hacluster/config/%06d.conf",
			 (int)bundle->rev);
	if (!ret)
		ret = put(root, path, bundle->config, strlen(bundle->config),
			  0640, why);
	free(path);
	return ret;
}

int bundle_install(const struct bundle *bundle, const struct hc_config *conf,
		   const char *root, int64_t now_ms, char **why)
{
	char *corosync = hc_corosync_conf(conf);
	int ret;

	ret = put(root, "/etc/corosync/authkey", bundle->key, AUTHKEY_SIZE,
		  0400, why);
	if (!ret)
		ret = put(root, "/etc/corosync/corosync.conf", corosync,
			  strlen(corosync), 0644, why);
	if (!ret)
		ret = put(root, "/etc/hacluster/cluster.conf", bundle->config,
			  strlen(bundle->config), 0640, why);
	if (!ret)
		ret = put_revision(bundle, conf, root, now_ms, why);
	free(corosync);
	return ret;
}

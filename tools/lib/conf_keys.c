// SPDX-License-Identifier: GPL-2.0-only
/* Tables of words; no code but the look-up. */
#include <string.h>

#include "conf_keys.h"
#include "util.h"

#define OPTION(n, id)	{ n, false, 1, 1, conf_set_option, id }
#define SECTION(n, id)	{ n, true, 0, 0, conf_open_section, id }
#define NO_EFFECT(n)	{ n, false, 0, 4, NULL, 0 }
#define END		{ NULL, false, 0, 0, NULL, 0 }

static const struct conf_key top_keys[] = {
	SECTION("global", CONF_GLOBAL),
	SECTION("common", CONF_COMMON),
	{ "resource", true, 1, 1, conf_open_resource, CONF_RESOURCE },
	{ "include", false, 1, 1, NULL, 0 },	/* done by the loader */
	END
};

static const struct conf_key global_keys[] = {
	NO_EFFECT("usage-count"),
	NO_EFFECT("dialog-refresh"),
	NO_EFFECT("disable-ip-verification"),
	NO_EFFECT("minor-count"),
	NO_EFFECT("cmd-timeout-short"),
	NO_EFFECT("cmd-timeout-medium"),
	NO_EFFECT("cmd-timeout-long"),
	NO_EFFECT("udev-always-use-vnr"),
	END
};

static const struct conf_key common_keys[] = {
	{ "protocol", false, 1, 1, conf_set_protocol, 0 },
	SECTION("options", CONF_OPTIONS),
	SECTION("net", CONF_NET),
	SECTION("disk", CONF_DISK),
	SECTION("handlers", CONF_HANDLERS),
	SECTION("startup", CONF_STARTUP),
	END
};

static const struct conf_key resource_keys[] = {
	{ "protocol", false, 1, 1, conf_set_protocol, 0 },
	{ "device", false, 1, 3, conf_set_device, 0 },
	{ "disk", false, 1, 1, conf_set_disk, 0 },
	{ "meta-disk", false, 1, 1, conf_set_meta_disk, 0 },
	SECTION("options", CONF_OPTIONS),
	SECTION("net", CONF_NET),
	SECTION("disk", CONF_DISK),
	SECTION("handlers", CONF_HANDLERS),
	SECTION("startup", CONF_STARTUP),
	{ "on", true, 1, 1, conf_open_host, CONF_HOST },
	END
};

static const struct conf_key options_keys[] = {
	OPTION("on-no-data-accessible", HA_OPT_ON_NO_DATA),
	OPTION("on-no-data", HA_OPT_ON_NO_DATA),
	OPTION("fencing", HA_OPT_FENCING),
	OPTION("trust-buffers", HA_OPT_TRUST_BUFFERS),
	END
};

static const struct conf_key net_keys[] = {
	{ "shared-secret", false, 1, 1, conf_set_secret, 0 },
	{ "auth", false, 1, 1, conf_set_auth, 0 },
	NO_EFFECT("cram-hmac-alg"),	/* it is always HMAC-SHA256 */
	{ "protocol", false, 1, 1, conf_set_protocol, 0 },
	{ "transport", false, 1, 1, conf_set_transport, 0 },
	{ "allow-two-primaries", false, 0, 1, conf_set_single_primary, 0 },
	OPTION("fencing", HA_OPT_FENCING),
	OPTION("timeout", HA_OPT_TIMEOUT),
	OPTION("ping-interval", HA_OPT_PING_INTERVAL),
	OPTION("ping-int", HA_OPT_PING_INTERVAL),
	OPTION("ping-timeout", HA_OPT_PING_TIMEOUT),
	OPTION("connect-interval", HA_OPT_CONNECT_INTERVAL),
	OPTION("connect-int", HA_OPT_CONNECT_INTERVAL),
	OPTION("ko-count", HA_OPT_KO_COUNT),
	OPTION("data-streams", HA_OPT_DATA_STREAMS),
	OPTION("after-sb-0pri", HA_OPT_AFTER_SB_0PRI),
	OPTION("after-sb-1pri", HA_OPT_AFTER_SB_1PRI),
	OPTION("after-sb-2pri", HA_OPT_AFTER_SB_2PRI),
	END
};

static const struct conf_key disk_keys[] = {
	OPTION("on-io-error", HA_OPT_ON_IO_ERROR),
	OPTION("resync-rate", HA_OPT_RESYNC_RATE),
	OPTION("fencing", HA_OPT_FENCING),
	END
};

#define HANDLER(n) { n, false, 1, 1, conf_set_handler, 0 }
static const struct conf_key handlers_keys[] = {
	HANDLER("fence-peer"),
	HANDLER("unfence-peer"),
	HANDLER("split-brain"),
	HANDLER("initial-split-brain"),
	HANDLER("local-io-error"),
	HANDLER("before-resync-target"),
	HANDLER("after-resync-target"),
	HANDLER("before-resync-source"),
	HANDLER("out-of-sync"),
	HANDLER("pri-lost"),
	HANDLER("pri-lost-after-sb"),
	HANDLER("pri-on-incon-degr"),
	HANDLER("quorum-lost"),
	END
};

static const struct conf_key startup_keys[] = {
	NO_EFFECT("wfc-timeout"),
	NO_EFFECT("degr-wfc-timeout"),
	NO_EFFECT("outdated-wfc-timeout"),
	NO_EFFECT("wait-after-sb"),
	END
};

static const struct conf_key host_keys[] = {
	{ "device", false, 1, 3, conf_set_device, 0 },
	{ "disk", false, 1, 1, conf_set_disk, 0 },
	{ "meta-disk", false, 1, 1, conf_set_meta_disk, 0 },
	{ "address", false, 1, 2, conf_set_address, 0 },
	{ "node-id", false, 1, 1, conf_set_node_id, 0 },
	END
};

const struct conf_key *const conf_keys[CONF_SECTION_NR] = {
	[CONF_TOP]	= top_keys,
	[CONF_GLOBAL]	= global_keys,
	[CONF_COMMON]	= common_keys,
	[CONF_RESOURCE]	= resource_keys,
	[CONF_OPTIONS]	= options_keys,
	[CONF_NET]	= net_keys,
	[CONF_DISK]	= disk_keys,
	[CONF_HANDLERS]	= handlers_keys,
	[CONF_STARTUP]	= startup_keys,
	[CONF_HOST]	= host_keys,
};

const char *const conf_section_names[CONF_SECTION_NR] = {
	"the top level", "global", "common", "resource", "options", "net",
	"disk", "handlers", "startup", "on",
};

static const struct {
	const char *word;
	const char *instead;
} legacy[] = {
	{ "syncer", "write resync-rate into the disk section" },
	{ "rate", "write resync-rate into the disk section" },
	{ "al-extents", "the intent log needs no size; leave it out" },
	{ "al-updates", "the intent log is always kept; leave it out" },
	{ "disk-flushes", "flushes always reach the disk; leave it out" },
	{ "disk-barrier", "flushes always reach the disk; leave it out" },
	{ "disk-drain", "flushes always reach the disk; leave it out" },
	{ "md-flushes", "flushes always reach the disk; leave it out" },
	{ "no-disk-flushes", "flushes always reach the disk; leave it out" },
	{ "no-md-flushes", "flushes always reach the disk; leave it out" },
	{ "disk-timeout", "not in this version; leave it out" },
	{ "c-max-rate", "resync adapts by itself; resync-rate is its cap" },
	{ "c-min-rate", "resync adapts by itself; resync-rate is its cap" },
	{ "c-fill-target", "resync adapts by itself; resync-rate is its cap" },
	{ "c-delay-target", "resync adapts by itself; resync-rate is its cap" },
	{ "c-plan-ahead", "resync adapts by itself; resync-rate is its cap" },
	{ "resync-after", "not in this version; leave it out" },
	{ "rs-discard-granularity", "resync keeps thin disks thin; leave it out" },
	{ "max-buffers", "sized automatically; leave it out" },
	{ "max-epoch-size", "there are no epochs; leave it out" },
	{ "max-bio-bvecs", "sized automatically; leave it out" },
	{ "unplug-watermark", "sized automatically; leave it out" },
	{ "sndbuf-size", "sized automatically; leave it out" },
	{ "rcvbuf-size", "sized automatically; leave it out" },
	{ "tcp-cork", "decided automatically; leave it out" },
	{ "use-rle", "decided automatically; leave it out" },
	{ "on-congestion", "only protocol C is known; leave it out" },
	{ "congestion-fill", "only protocol C is known; leave it out" },
	{ "congestion-extents", "only protocol C is known; leave it out" },
	{ "verify-alg", "digests are chosen automatically; leave it out" },
	{ "csums-alg", "digests are chosen automatically; leave it out" },
	{ "data-integrity-alg", "all data is checked with crc32c; leave it out" },
	{ "always-asbp", "not in this version; leave it out" },
	{ "rr-conflict", "not in this version; leave it out" },
	{ "tls", "not in this version; leave it out" },
	{ "socket-check-timeout", "not in this version; leave it out" },
	{ "read-balancing", "reads are served locally; leave it out" },
	{ "size", "not in this version; the smaller disk decides" },
	{ "cpu-mask", "decided automatically; leave it out" },
	{ "auto-promote", "promotion is explicit: hadm primary" },
	{ "auto-promote-timeout", "promotion is explicit: hadm primary" },
	{ "become-primary-on", "promotion is explicit: hadm primary" },
	{ "quorum", "not in this version; leave it out" },
	{ "on-no-quorum", "not in this version; leave it out" },
	{ "volume", "one resource is one device: write device, disk and meta-disk without it" },
	{ "connection", "every pair of hosts is connected; leave it out" },
	{ "connection-mesh", "every pair of hosts is connected; leave it out" },
	{ "path", "write address into the on section" },
	{ "host", "write address into the on section" },
	{ "floating", "name the host: on HOST { address ...; }" },
	{ "stacked-on-top-of", "a resource may have up to eight hosts instead" },
	{ "flexible-meta-disk", "write meta-disk" },
	{ "skip", "comment the section out with #" },
	{ "outdate-peer", "write fence-peer" },
};

const char *conf_legacy(const char *word)
{
	for (size_t i = 0; i < ARRAY_SIZE(legacy); i++)
		if (!strcmp(legacy[i].word, word))
			return legacy[i].instead;
	return NULL;
}

// SPDX-License-Identifier: GPL-2.0-only
/* Tables of words; no code but the look-up. */
#include <string.h>

#include "keys.h"
#include "util.h"

#define WORDS(name, ...) const char *const name[] = { __VA_ARGS__, NULL }

WORDS(hc_profile_words, "fast", "balanced", "relaxed");
WORDS(hc_on_loss_words, "stop", "freeze", "demote", "ignore", "suicide");
WORDS(hc_role_words, "full", "tiebreaker");
WORDS(hc_stay_words, "no", "weak", "strong");
WORDS(hc_then_words, "move", "stop");
WORDS(hc_requires_words, "quorum", "storage", "fence");
WORDS(hc_promote_words, "uptodate", "consistent");
WORDS(hc_member_words, "storage", "mount", "ip", "systemd", "ocf");
WORDS(hc_rule_words, "prefer", "avoid", "only-on", "after", "with",
      "together", "apart", "needs");
WORDS(hc_yes_words, "no", "yes");
WORDS(hc_cipher_words, "none", "aes128", "aes192", "aes256");
WORDS(hc_hash_words, "none", "sha256", "sha384", "sha512");
static WORDS(stop_words, "kill", "demote-force", "fence", "block");
static WORDS(probe_words, "avoid", "stop");
static WORDS(event_words, "failover", "fence", "safety", "quorum", "failure",
	     "node");

#define AT(type, field) offsetof(struct type, field)
#define WORD(n, w, at)	{ n, HC_K_WORD, 1, 1, -1, at, w, 0 }
#define COUNT(n, lim, at) { n, HC_K_COUNT, 1, 1, -1, at, NULL, lim }
#define TIME(n, at)	{ n, HC_K_TIME, 1, 1, -1, at, NULL, 0 }
#define TEXT(n, at)	{ n, HC_K_TEXT, 1, 1, -1, at, NULL, 0 }
#define LIST(n, w, at)	{ n, HC_K_LIST, 1, 32, -1, at, w, 0 }
#define PAIR(n, at)	{ n, HC_K_PAIR, 2, 2, -1, at, NULL, 0 }
#define RULE(n, kind, max) { n, HC_K_RULE, 1, max, -1, 0, NULL, kind }
#define MEMBER(n, kind, words) { n, HC_K_MEMBER, words, words, 0, 0, NULL, kind }
#define BLOCK(n, section, at) { n, HC_K_BLOCK, 0, 0, 1, at, NULL, section }
#define NAMED(n, section, at) { n, HC_K_NAMED, 1, 1, 1, at, NULL, section }
#define END		{ NULL, 0, 0, 0, 0, 0, NULL, 0 }

/* The settings that a struct has at an offset. */
#define IN(base, field) ((base) + AT(hc_settings, field))
#define MEMBER_SETTINGS(base) \
	{ "monitor", HC_K_MONITOR, 1, 3, -1, IN(base, monitor), NULL, 0 }, \
	TIME("start-timeout", IN(base, start_timeout)), \
	TIME("stop-timeout", IN(base, stop_timeout)), \
	{ "restart", HC_K_RESTART, 1, 5, -1, IN(base, restart), NULL, 0 }, \
	TIME("forget", IN(base, forget)), \
	LIST("on-stop-fail", stop_words, IN(base, on_stop_fail)), \
	WORD("requires", hc_requires_words, IN(base, requires))
#define SETTINGS(base) \
	WORD("stay", hc_stay_words, IN(base, stay)), MEMBER_SETTINGS(base)

static const struct hc_key top_keys[] = {
	{ "cluster", HC_K_CLUSTER, 1, 1, 1, 0, NULL, 0 },
	END
};

static const struct hc_key cluster_keys[] = {
	COUNT("format", HC_FORMAT, AT(hc_config, format)),
	{ "detect", HC_K_DETECT, 0, 1, 0, AT(hc_config, detect), NULL, 0 },
	BLOCK("quorum", HC_S_QUORUM, AT(hc_config, quorum)),
	BLOCK("crypto", HC_S_CRYPTO, AT(hc_config, crypto)),
	LIST("accept-split-brain", NULL, AT(hc_config, accept)),
	NAMED("node", HC_S_NODE, AT(hc_config, nodes)),
	NAMED("fence", HC_S_FENCE, AT(hc_config, fences)),
	BLOCK("watchdog", HC_S_WATCHDOG, AT(hc_config, watchdog)),
	BLOCK("defaults", HC_S_DEFAULTS, AT(hc_config, defaults)),
	NAMED("device", HC_S_DEVICE, AT(hc_config, devices)),
	NAMED("service", HC_S_SERVICE, AT(hc_config, services)),
	NAMED("clone", HC_S_CLONE, AT(hc_config, services)),
	NAMED("check", HC_S_CHECK, AT(hc_config, checks)),
	NAMED("alert", HC_S_ALERT, AT(hc_config, alerts)),
	END
};

static const struct hc_key detect_keys[] = {
	TIME("token", AT(hc_detect, token)),
	TIME("consensus", AT(hc_detect, consensus)),
	TIME("ping-interval", AT(hc_detect, ping_interval)),
	TIME("ping-timeout", AT(hc_detect, ping_timeout)),
	END
};

static const struct hc_key quorum_keys[] = {
	WORD("on-loss", hc_on_loss_words, AT(hc_quorum, on_loss)),
	TEXT("witness", AT(hc_quorum, witness)),
	END
};

static const struct hc_key crypto_keys[] = {
	WORD("cipher", hc_cipher_words, AT(hc_crypto, cipher)),
	WORD("hash", hc_hash_words, AT(hc_crypto, hash)),
	END
};

static const struct hc_key watchdog_keys[] = {
	TEXT("device", AT(hc_watchdog, device)),
	TIME("timeout", AT(hc_watchdog, timeout)),
	END
};

static const struct hc_key defaults_keys[] = { SETTINGS(0), END };

static const struct hc_key node_keys[] = {
	COUNT("id", 65535, AT(hc_node, id)),
	{ "link", HC_K_ADDRESS, 1, 1, -1, AT(hc_node, links), NULL, 0 },
	WORD("role", hc_role_words, AT(hc_node, role)),
	PAIR("attribute", AT(hc_node, attributes)),
	END
};

static const struct hc_key fence_keys[] = {
	TEXT("agent", AT(hc_fence, agent)),
	LIST("for", NULL, AT(hc_fence, nodes)),
	COUNT("level", 9, AT(hc_fence, level)),
	TIME("delay", AT(hc_fence, delay)),
	TIME("timeout", AT(hc_fence, timeout)),
	{ "secret", HC_K_SECRET, 1, 1, -1, AT(hc_fence, secret), NULL, 0 },
	PAIR("param", AT(hc_fence, params)),
	END
};

static const struct hc_key device_keys[] = {
	TEXT("hadm", AT(hc_device, hadm)),
	WORD("promote-when", hc_promote_words, AT(hc_device, promote_when)),
	WORD("allow-remote-data", hc_yes_words,
	     AT(hc_device, allow_remote_data)),
	END
};

#define MEMBERS \
	MEMBER("storage", HC_STORAGE, 1), \
	MEMBER("mount", HC_MOUNT, 3), \
	MEMBER("ip", HC_IP, 1), \
	MEMBER("systemd", HC_SYSTEMD, 1), \
	MEMBER("ocf", HC_OCF, 2)
#define RULES \
	RULE("prefer", HC_PREFER, 32), RULE("avoid", HC_AVOID, 32), \
	RULE("only-on", HC_ONLY_ON, 32), RULE("after", HC_AFTER, 32), \
	RULE("with", HC_WITH, 1), RULE("together", HC_TOGETHER, 32), \
	RULE("apart", HC_APART, 32), RULE("needs", HC_NEEDS, 32)
#define OF_BOTH \
	COUNT("priority", 1000, AT(hc_service, priority)), \
	WORD("disabled", hc_yes_words, AT(hc_service, disabled)), \
	SETTINGS(AT(hc_service, settings)), MEMBERS, RULES

static const struct hc_key service_keys[] = { OF_BOTH, END };

static const struct hc_key clone_keys[] = {
	COUNT("max", HC_NODES_MAX, AT(hc_service, max)),
	WORD("promotable", hc_yes_words, AT(hc_service, promotable)),
	COUNT("promoted-max", HC_NODES_MAX, AT(hc_service, promoted_max)),
	WORD("interleave", hc_yes_words, AT(hc_service, interleave)),
	WORD("notify", hc_yes_words, AT(hc_service, notify)),
	OF_BOTH,
	END
};

#define OF_MEMBER \
	TEXT("name", AT(hc_member, name)), \
	MEMBER_SETTINGS(AT(hc_member, settings))

static const struct hc_key storage_keys[] = { OF_MEMBER, END };

static const struct hc_key mount_keys[] = {
	TEXT("options", AT(hc_member, options)),
	OF_MEMBER,
	END
};

static const struct hc_key ip_keys[] = {
	TEXT("dev", AT(hc_member, dev)),
	OF_MEMBER,
	END
};

static const struct hc_key systemd_keys[] = { OF_MEMBER, END };

static const struct hc_key ocf_keys[] = {
	PAIR("param", AT(hc_member, params)),
	MEMBER_SETTINGS(AT(hc_member, settings)),
	END
};

static const struct hc_key check_keys[] = {
	LIST("ping", NULL, AT(hc_probe, ping)),
	TEXT("exec", AT(hc_probe, exec)),
	TIME("every", AT(hc_probe, every)),
	TIME("timeout", AT(hc_probe, timeout)),
	COUNT("fail", 100, AT(hc_probe, fail)),
	WORD("then", probe_words, AT(hc_probe, then)),
	END
};

static const struct hc_key alert_keys[] = {
	TEXT("exec", AT(hc_alert, exec)),
	LIST("on", event_words, AT(hc_alert, on)),
	TIME("timeout", AT(hc_alert, timeout)),
	END
};

const struct hc_section_info hc_sections[HC_S_NR] = {
	[HC_S_TOP]	= { "the file", top_keys, false, 0 },
	[HC_S_CLUSTER]	= { "cluster", cluster_keys, false, 0 },
	[HC_S_DETECT]	= { "detect", detect_keys, false, 0 },
	[HC_S_QUORUM]	= { "quorum", quorum_keys, false, 0 },
	[HC_S_CRYPTO]	= { "crypto", crypto_keys, false, 0 },
	[HC_S_WATCHDOG]	= { "watchdog", watchdog_keys, false, 0 },
	[HC_S_DEFAULTS]	= { "defaults", defaults_keys, false, 0 },
	[HC_S_NODE]	= { "node", node_keys, false, 0 },
	[HC_S_FENCE]	= { "fence", fence_keys, true, AT(hc_fence, params) },
	[HC_S_DEVICE]	= { "device", device_keys, false, 0 },
	[HC_S_SERVICE]	= { "service", service_keys, false, 0 },
	[HC_S_CLONE]	= { "clone", clone_keys, false, 0 },
	[HC_S_STORAGE]	= { "storage", storage_keys, false, 0 },
	[HC_S_MOUNT]	= { "mount", mount_keys, false, 0 },
	[HC_S_IP]	= { "ip", ip_keys, false, 0 },
	[HC_S_SYSTEMD]	= { "systemd", systemd_keys, false, 0 },
	[HC_S_OCF]	= { "ocf", ocf_keys, false, 0 },
	[HC_S_CHECK]	= { "check", check_keys, false, 0 },
	[HC_S_ALERT]	= { "alert", alert_keys, false, 0 },
};

const struct hc_key *hc_key_find(enum hc_section section, const char *name)
{
	const struct hc_key *key;

	for (key = hc_sections[section].keys; key->name; key++)
		if (!strcmp(key->name, name))
			return key;
	return NULL;
}

void hc_unset(enum hc_section section, void *object)
{
	const struct hc_key *key;

	for (key = hc_sections[section].keys; key->name; key++) {
		void *at = hc_at(key, object);
		struct hc_restart *restart = at;
		struct hc_monitor *monitor = at;

		switch (key->kind) {
		case HC_K_WORD:
		case HC_K_COUNT:
			*(int *)at = -1;
			break;
		case HC_K_TIME:
			*(int64_t *)at = -1;
			break;
		case HC_K_MONITOR:
			monitor->interval = monitor->timeout = -1;
			break;
		case HC_K_RESTART:
			restart->count = restart->then = -1;
			restart->window = -1;
			break;
		case HC_K_BLOCK:
			hc_unset(key->arg, at);
			break;
		case HC_K_DETECT:
			((struct hc_detect *)at)->profile = -1;
			hc_unset(HC_S_DETECT, at);
			break;
		default:
			break;
		}
	}
}

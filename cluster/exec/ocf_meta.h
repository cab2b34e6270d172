/* SPDX-License-Identifier: GPL-2.0-only */
/* Meta-data of an OCF or fence agent as values. Pure. */
#ifndef HA_OCF_META_H
#define HA_OCF_META_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/**
 * struct ocf_meta_param - one parameter
 * @type: string, integer, boolean, time, ..., as written; never NULL
 * @preset: default value, or NULL
 * @text: short description, or NULL
 */
struct ocf_meta_param {
	char *name, *type, *preset, *text;
	bool required, unique, deprecated, reloadable;
};

/**
 * struct ocf_meta_action - one operation
 * @role: of a monitor; or NULL
 * @timeout_ms: what the agent advises; -1 when it does not
 * @interval_ms: likewise
 * @depth: OCF_CHECK_LEVEL
 */
struct ocf_meta_action {
	char *name, *role;
	int64_t timeout_ms, interval_ms;
	int depth;
};

/**
 * struct ocf_meta - all that is known of an agent
 */
struct ocf_meta {
	char *name, *version, *text;
	struct ocf_meta_param *params;
	size_t n_params;
	struct ocf_meta_action *actions;
	size_t n_actions;
};

/**
 * ocf_meta_parse() - read it
 * @error: out, a sentence with the line, to be freed
 *
 * Return: 0, or -EBADMSG and @meta empty.
 */
int ocf_meta_parse(const char *xml, size_t length, struct ocf_meta *meta,
		   char **error);
void ocf_meta_free(struct ocf_meta *meta);

const struct ocf_meta_param *ocf_meta_param(const struct ocf_meta *meta,
					    const char *name);

/**
 * ocf_meta_action() - an action by name, and role where one is given
 * @role: NULL: the first of that name
 */
const struct ocf_meta_action *ocf_meta_action(const struct ocf_meta *meta,
					      const char *name,
					      const char *role);

/**
 * ocf_time() - "20", "20s", "500ms", "2 min" in ms; bare numbers are seconds
 *
 * Return: -1 when it is none.
 */
int64_t ocf_time(const char *text);

#endif

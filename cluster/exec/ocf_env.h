/* SPDX-License-Identifier: GPL-2.0-only */
/* The environment and the path of an OCF agent. Pure. */
#ifndef HA_OCF_ENV_H
#define HA_OCF_ENV_H

#include "exec.h"

/* Marks all processes of a member; see member/kill.c. */
#define OCF_MARK "HA_MEMBER"

/**
 * struct ocf_site - what the environment says about this place
 */
struct ocf_site {
	const char *node, *ocf_root, *shim_dir, *shim_socket, *rsctmp;
};

/**
 * ocf_env() - the whole environment; nothing is inherited
 *
 * Return: strings and list to be freed by ocf_env_free().
 */
char **ocf_env(const struct ocf_site *site, const struct ex_op *op);
void ocf_env_free(char **env);

/**
 * ocf_path() - of the agent
 * @agent: "ocf:PROVIDER:TYPE"
 *
 * Return: to be freed.
 */
char *ocf_path(const char *ocf_root, const char *agent);

#endif

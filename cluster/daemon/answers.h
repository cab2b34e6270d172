/* SPDX-License-Identifier: GPL-2.0-only */
/* What is answered to hactl; a function for each verb. */
#ifndef HD_ANSWERS_H
#define HD_ANSWERS_H

#include "daemon.h"
#include "ipc.h"
#include "picture.h"

/* Does the verb change anything? Unknown ones do. */
bool answers_changes(const char *verb);
void answers_call(struct daemon *d, const char *verb, struct ipc_call *call);

typedef void answers_fn(struct daemon *d, struct ipc_call *call);

/* answer_status.c, answer_why.c, answer_plan.c */
answers_fn answer_status, answer_why, answer_plan;
/* answer_config.c */
answers_fn answer_get_config, answer_propose, answer_revisions, answer_secret;
/* answer_decide.c */
answers_fn answer_decide;
/* answer_wait.c */
answers_fn answer_wait;
/* answer_timing.c */
answers_fn answer_timing;

/**
 * decide_fact() - the fact that a decision is
 * @args: "what" and what it is about
 * @key: out, to be freed
 * @value: out, to be released; NULL: the fact is removed
 *
 * Return: NULL, or what is wrong with it, to be freed.
 */
char *decide_fact(const struct hc_config *conf, const json_t *args,
		  const char *who, const char *host, char **key, json_t **value);

/* A move without a node: away from where the service is. */
void decide_away(const struct picture *p, const json_t *args, json_t *value);

/**
 * plan_apply() - change a picture by what "if", "decide" or "config" say
 *
 * Return: NULL, or what is wrong, to be freed.
 */
char *plan_apply(struct daemon *d, struct picture *p, const json_t *args,
		 char **cause);

/* Look at those who wait again; the core took a step. */
void waits_look(struct daemon *d);

#endif

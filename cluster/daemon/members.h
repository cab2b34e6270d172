/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The members of all services on this node: probed when they are first seen,
 * operated on the core's orders, watched while they run. What they are is told
 * to the core as a row each.
 */
#ifndef HD_MEMBERS_H
#define HD_MEMBERS_H

#include "daemon.h"
#include "model.h"

struct members;

struct members *members_new(struct daemon *d);
void members_free(struct members *members);

/**
 * members_configure() - these are the members from now on
 *
 * New ones are probed; one that runs with other parameters is told as changed;
 * what is no longer there is stopped. The core hears of the end of the first
 * round of probes.
 */
void members_configure(struct members *members, struct model *model);

/**
 * members_order() - an operation the core has ordered
 */
void members_order(struct members *members, uint64_t id, enum core_verb verb,
		   const char *unit, const char *member);

/* Failures of a service are forgotten; NULL: of all. */
void members_clear(struct members *members, const char *service);

/* What runs of a service is to be restarted. */
void members_restart(struct members *members, const char *service);

/* The promotion score an agent gave itself; @remove takes it away. */
void members_score(struct members *members, const char *instance,
		   int64_t score, bool remove);

/* Is a member of the service under way, or running, here? */
bool members_active(const struct members *members, const char *service);

/* All members of the service run here. */
bool members_complete(const struct members *members, const char *service);

#endif

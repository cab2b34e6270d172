/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the core knows at one moment, as a copy that may be changed to ask what
 * would be; and the plan that follows of it.
 */
#ifndef HD_PICTURE_H
#define HD_PICTURE_H

#include "daemon.h"
#include "facts.h"
#include "wants.h"

struct picture_row {
	uint32_t node;
	enum core_state state;
	char unit[64], member[64];
	json_t *detail;
};

struct picture_fact {
	char *key, *value;
};

struct picture_device {
	uint32_t node;
	char name[64];
	json_t *state;
	char *text;
};

/**
 * struct picture - @view: where the core is; @ops: operations under way
 * @conf: the configuration, borrowed or @own_conf
 */
struct picture {
	struct core_view view;
	const struct hc_config *conf;
	struct hc_config *own_conf;
	int64_t now;
	uint32_t self;
	const char *watchdog;		/* what is wrong with this node's, or NULL */
	enum core_standing standing[32];
	struct picture_row *rows;
	struct picture_fact *facts;
	struct picture_device *devices;
	struct core_want *ops;
	size_t n_rows, n_facts, n_devices, n_ops;
	struct facts *made;
	struct thought *thought;
};

struct picture *picture_take(struct daemon *d);
void picture_free(struct picture *p);

/* Changes; @value NULL: removed. */
void picture_set(struct picture *p, const char *key, const char *value);
void picture_node_down(struct picture *p, uint32_t node);	/* known to be off */
void picture_node_lost(struct picture *p, uint32_t node);	/* nobody hears it */

/* Members that have no row there are taken to be stopped. */
void picture_assume(struct picture *p, uint32_t node,
		    const struct hc_service *service);

/* Plan over it, again if it was changed. */
const struct thought *picture_think(struct picture *p);

const char *picture_fact(const struct picture *p, const char *key);
const struct picture_row *picture_row(const struct picture *p, uint32_t node,
				      const char *unit, const char *member);
const struct picture_device *picture_device(const struct picture *p,
					    uint32_t node, const char *name);
/* The row of a member on a node, by names of the configuration. */
const struct picture_row *picture_member(const struct picture *p, uint32_t node,
					 const struct hc_service *service,
					 const struct hc_member *member);

/**
 * picture_where() - the node a service runs on, or is coming up on; 0: none
 */
uint32_t picture_where(const struct picture *p, const struct hc_service *service);

/* All its members are up there. */
bool picture_complete(const struct picture *p, const struct hc_service *service,
		      uint32_t node);

/* The owner of a unit; 0: none. */
uint32_t picture_owner(const struct picture *p, const char *unit);

#endif

/* SPDX-License-Identifier: GPL-2.0-only */
/* What the parts of settling share: sums of operations over members. */
#ifndef HP_SETTLE_H
#define HP_SETTLE_H

#include "hp_engine.h"

void hp_need(struct engine *e, struct res *r, enum hp_op op, enum hp_why why, int other);
void hp_cannot(struct engine *e, struct res *r, enum hp_op op, enum hp_why why, int other);
void hp_need_all(struct engine *e, struct res *r, enum hp_op op, enum hp_why why, int other);
void hp_cannot_all(struct engine *e, struct res *r, enum hp_op op, enum hp_why why, int other);
bool hp_stays(const struct res *r);
enum hp_needs hp_needs_of(const struct engine *e, const struct res *r);
enum hp_why hp_quorum_why(const struct engine *e, const struct res *r, bool more);
struct op hp_sum(const struct res *r, enum hp_op op);
bool hp_none_can(const struct res *r, enum hp_op op);
enum hp_op hp_inverse(enum hp_op op);
struct res *hp_instance_at(struct res *clone, int node, bool now);
bool hp_pairs(const struct hp_order *o, const struct res *first, const struct res *then);
void hp_settle_orders(struct engine *e);
void hp_fence_gate(struct engine *e);

#endif

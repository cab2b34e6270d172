/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The rules: may this be done, as far as the state and what was delivered tell?
 * They read and change nothing. Every member of a session gets the same answer at
 * the same place in the order of messages.
 */
#ifndef CORE_RULES_H
#define CORE_RULES_H

#include "types.h"

const struct core_unit *rule_unit(const struct core *core, const char *unit);
const struct core_unit *rule_device_unit(const struct core *core, const char *device);

/**
 * rule_entitled() - may the session's members change the replicated state?
 * @proof: for nodes that are not members; NULL: none beyond the state's own
 */
bool rule_entitled(const struct core *core, const struct core_proof *proof);

/* Whatever the node ran in that boot has ended. */
bool rule_proved(const struct core_db *db, uint32_t node, uint64_t boot);

/* By what it announced the unit runs there (is promoted), or is about to. */
bool rule_running(const struct core *core, uint32_t node, const struct core_unit *unit);

/* It is a member, knows the unit, and does not run it. */
bool rule_inactive(const struct core *core, uint32_t node, const struct core_unit *unit);

/* The verb makes the exclusive role of the unit active. */
bool rule_activates(const struct core_unit *unit, enum core_verb verb);
bool rule_excluded(const struct core *core, const char *device, uint32_t node);
bool rule_owns(const struct core_db *db, const char *unit, uint32_t node);

/* May the owner be replaced? If only an exclusion is missing, it is added. */
bool rule_claim(const struct core *core, const char *unit, uint32_t node,
		const struct core_entry *entry);
bool rule_needs_exclusion(const struct core *core, const char *unit, uint32_t node);

bool rule_entry(const struct core *core, const struct core_entry *entry, uint64_t base,
		uint32_t from);
bool rule_order(const struct core *core, const struct core_torder *order);

/* Who may shoot: quorate, all have one state. */
bool rule_may_fence(const struct core *core);

/* The watchdog may be fed: this view, or one it will give way to, is the writer. */
bool rule_may_renew(const struct core *core);

/* Its corosync is there, its daemon not: it is given time to come back. */
int64_t rule_rejoin_until(const struct core *core, uint32_t node);

uint32_t rule_coordinator(const struct core *core);

#endif

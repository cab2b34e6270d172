/* SPDX-License-Identifier: GPL-2.0-only */
/* Which keys an object of STATE.json has, and where their values go. */
#ifndef HP_JSON_FIELDS_H
#define HP_JSON_FIELDS_H

#include <stdbool.h>
#include <stddef.h>

enum field_type { F_BOOL, F_INT, F_INT64, F_SCORE, F_TEXT, F_WORD, F_NODE, F_RSC, F_ELSEWHERE };

struct field {
	const char *key;
	enum field_type type;
	size_t	offset;
	const char *const *words;	/* of F_WORD: in the order of the enum */
	bool	required;
};

extern const struct field hp_top_fields[], hp_node_fields[], hp_rsc_fields[];
extern const struct field hp_location_fields[], hp_cond_fields[], hp_colocation_fields[];
extern const struct field hp_order_fields[], hp_status_fields[], hp_failure_fields[];
extern const struct field hp_promotion_fields[], hp_storage_fields[];

#endif

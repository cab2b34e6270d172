/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef HD_MEMBER_NOTICE_H
#define HD_MEMBER_NOTICE_H

#include <jansson.h>

#include "member_op.h"

/**
 * member_notice() - add what an agent is told of an operation, see notices_make()
 * @texts: array, gets the strings that @out points to
 */
void member_notice(const struct hc_config *conf, const json_t *notice,
		   json_t *texts, struct member_op *out);

#endif

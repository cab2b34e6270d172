/* SPDX-License-Identifier: GPL-2.0-only */
/* What the state of a unit means in terms of OCF. Pure. */
#ifndef HA_UNIT_STATE_H
#define HA_UNIT_STATE_H

/**
 * unit_code() - exit code of a monitor for a unit in this state
 * @load: LoadState
 * @active: ActiveState
 * @sub: SubState
 */
int unit_code(const char *load, const char *active, const char *sub);

#endif

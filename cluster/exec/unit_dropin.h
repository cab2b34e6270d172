/* SPDX-License-Identifier: GPL-2.0-only */
/* The drop-in of a unit that we manage: only we restart it, we stop first. */
#ifndef HA_UNIT_DROPIN_H
#define HA_UNIT_DROPIN_H

#include <stdbool.h>

/**
 * unit_dropin_write() - below /run, gone with the next boot
 * @dir: "/run/systemd/system"
 * @changed: out: the manager must read its files again
 *
 * Return: 0 or -errno.
 */
int unit_dropin_write(const char *dir, const char *unit, bool *changed);
int unit_dropin_remove(const char *dir, const char *unit, bool *changed);

#endif

/* SPDX-License-Identifier: GPL-2.0-only */
/* The units of cluster/units, as text; made by the Makefile. */
#ifndef HACTL_UNITS_H
#define HACTL_UNITS_H

extern const char haclusterd_service[], hawatchd_service[];

#endif

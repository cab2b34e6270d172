/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The kernel module: what its devices are is told to the core, its questions
 * are passed on, and the core's answers carried out.
 */
#ifndef HD_DEVICES_H
#define HD_DEVICES_H

#include "daemon.h"
#include "model.h"

struct devices;

struct devices *devices_new(struct daemon *d);
void devices_free(struct devices *devices);
void devices_configure(struct devices *devices, struct model *model);

/* The nodes in the ring; of a node that is not, nothing more will come. */
void devices_peers(struct devices *devices, uint32_t nodes);

/*
 * A peer of the device that the cluster has excluded, by the name that the module
 * has for it, or NULL. Borrowed until the next event of the module.
 */
const char *devices_excluded(const struct devices *devices, const char *device);

/*
 * This node is Primary of the device and was excluded meanwhile, so its I/O waits for
 * ever, and who waits for that I/O cannot be stopped.
 */
bool devices_lost(const struct devices *devices, const char *device);

void devices_answer(struct devices *devices, const char *device, uint32_t node,
		    enum core_answer answer);

#endif

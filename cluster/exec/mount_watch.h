/* SPDX-License-Identifier: GPL-2.0-only */
/* Changes of the table of mounts poke the watches of mounts. */
#ifndef HA_MOUNT_WATCH_H
#define HA_MOUNT_WATCH_H

struct ex;
struct mount_watch;

void mount_watch_listen(struct ex *ex);
void mount_watch_free(struct mount_watch *watch);

#endif

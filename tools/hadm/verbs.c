// SPDX-License-Identifier: GPL-2.0-only
/* The table of verbs. */
#include <string.h>

#include "hadm.h"

const struct hadm_verb hadm_verbs[] = {
	{ "create-md", HADM_FORCE, "write fresh metadata to the disk",
	  "Refuses while the disk holds data that would be damaged, or metadata;\n"
	  "--force overwrites it. A file system that ends before the metadata\n"
	  "area keeps its place.", 0, hadm_create_md },
	{ "dump-md", HADM_JSON, "print the metadata of the disk", NULL, 0,
	  hadm_dump_md },
	{ "wipe-md", HADM_FORCE, "erase the metadata of the disk", NULL, 0,
	  hadm_wipe_md },
	{ "up", 0, "make the resource, attach its disk, connect",
	  "What is there already stays; a resource that is up is no error.",
	  0, hadm_up },
	{ "down", HADM_KERNEL | HADM_FORCE, "disconnect, detach and remove",
	  NULL, HA_CMD_DOWN, hadm_down },
	{ "adjust", 0, "bring the kernel to what the file says",
	  "Makes the fewest changes that do it. A changed shared-secret is not\n"
	  "seen: use down and up.", 0, hadm_adjust },
	{ "attach", 0, "open the disk with its metadata", NULL, 0,
	  hadm_attach },
	{ "detach", HADM_KERNEL | HADM_FORCE, "let go of the disk", NULL,
	  HA_CMD_DETACH, hadm_single },
	{ "connect", HADM_KERNEL | HADM_DISCARD | HADM_PEER,
	  "look for the peers",
	  "--discard-my-data ends a split brain: what this node wrote since then\n"
	  "is given up for the peer's data.", HA_CMD_CONNECT, hadm_single },
	{ "disconnect", HADM_KERNEL | HADM_PEER,
	  "end the sessions and become StandAlone", NULL, HA_CMD_DISCONNECT,
	  hadm_single },
	{ "primary", HADM_KERNEL | HADM_FORCE, "let this node use the device",
	  "--force also with data that may be old or incomplete: for disasters,\n"
	  "and for the first of two new replicas.", HA_CMD_PRIMARY,
	  hadm_single },
	{ "secondary", HADM_KERNEL | HADM_FORCE,
	  "stop using the device on this node",
	  "Refused while the device is open. --force makes the disk dead for\n"
	  "those who have it open.", HA_CMD_SECONDARY, hadm_single },
	{ "status", HADM_OPTIONAL | HADM_KERNEL | HADM_JSON | HADM_WATCH,
	  "show the state",
	  "--json prints the resources the kernel knows; --watch redraws.", 0,
	  hadm_status },
	{ "role", HADM_KERNEL, "print the roles, mine/peer's", NULL, 0,
	  hadm_role },
	{ "cstate", HADM_KERNEL, "print the connection state", NULL, 0,
	  hadm_cstate },
	{ "dstate", HADM_KERNEL, "print the disk states, mine/peer's", NULL, 0,
	  hadm_dstate },
	{ "events", HADM_OPTIONAL | HADM_KERNEL | HADM_JSON,
	  "print the state, then each change", NULL, 0, hadm_events },
	{ "invalidate", HADM_KERNEL, "resync all of the local disk from a peer",
	  NULL, HA_CMD_INVALIDATE, hadm_single },
	{ "invalidate-remote", HADM_KERNEL | HADM_PEER,
	  "resync all of the peer's disk from the local one", NULL,
	  HA_CMD_INVALIDATE_REMOTE, hadm_single },
	{ "skip-initial-sync", HADM_KERNEL,
	  "declare two new, connected replicas equal",
	  "Only right where both disks hold the same, or nothing of value.",
	  HA_CMD_SKIP_INITIAL_SYNC, hadm_single },
	{ "pause-sync", HADM_KERNEL | HADM_PEER, "keep resync from running",
	  NULL, HA_CMD_PAUSE_SYNC, hadm_single },
	{ "resume-sync", HADM_KERNEL | HADM_PEER, "end pause-sync", NULL,
	  HA_CMD_RESUME_SYNC, hadm_single },
	{ "suspend-io", HADM_KERNEL, "hold back all application I/O", NULL,
	  HA_CMD_SUSPEND_IO, hadm_single },
	{ "resume-io", HADM_KERNEL, "end a suspension of I/O",
	  "Also says that a lost peer is known to be fenced.",
	  HA_CMD_RESUME_IO, hadm_single },
	{ "fenced", HADM_KERNEL | HADM_PEER,
	  "say that a peer that is away cannot write any more",
	  "It is off, or cannot reach anybody. Nobody checks that but by a ping. I/O that\n"
	  "waits for it goes on, and a Secondary may be promoted.",
	  HA_CMD_FENCED, hadm_single },
	{ "outdate", HADM_KERNEL, "mark the disk of a Secondary Outdated",
	  NULL, HA_CMD_OUTDATE, hadm_single },
	{ "wait-connect", HADM_KERNEL | HADM_TIMEOUT,
	  "wait until all peers are connected",
	  "Fails when a peer is StandAlone, or after --timeout SECONDS.", 0,
	  hadm_wait_connect },
	{ "wait-sync", HADM_KERNEL | HADM_TIMEOUT,
	  "wait until all replicas are in sync",
	  "Fails when a peer is StandAlone, or after --timeout SECONDS.", 0,
	  hadm_wait_sync },
	{ "dump", HADM_OPTIONAL | HADM_ANY_HOST,
	  "print the configuration as it was understood", NULL, 0, hadm_dump },
	{ "help", HADM_NO_FILE, "explain a verb", NULL, 0, hadm_help },
	{ NULL, 0, NULL, NULL, 0, NULL }
};

const struct hadm_verb *hadm_verb_find(const char *name)
{
	const struct hadm_verb *verb = hadm_verbs;

	while (verb->name && strcmp(verb->name, name))
		verb++;
	return verb->name ? verb : NULL;
}

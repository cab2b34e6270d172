/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What haclusterd and hawatchd say to each other: messages of one size, over a
 * SOCK_SEQPACKET socket on one machine.
 *
 * hawatchd answers each WATCHD_CONFIG with its state, and says it again whenever it
 * changes. Times are those of CLOCK_BOOTTIME, in milliseconds.
 */
#ifndef WATCHD_H
#define WATCHD_H

#include <stdint.h>

#define WATCHD_SOCKET	"/run/hawatchd/hawatchd.sock"
#define WATCHD_VERSION	0x68770001u	/* also of the page that outlives the process */
#define WATCHD_PATH	64
#define WATCHD_TEXT	160

enum watchd_type {
	WATCHD_CONFIG = 1,	/* .device, .lease_ms; "": none, disarm what is open */
	WATCHD_LEASE,		/* .at: alive until then; 0: nothing here is counted on */
	WATCHD_RESET,		/* at once */
};

/** struct watchd_request - haclusterd asks */
struct watchd_request {
	uint32_t version, type;
	int64_t at;
	uint32_t lease_ms;
	char device[WATCHD_PATH];
};

/**
 * struct watchd_state - hawatchd tells
 * @open: this device is open and bites within @lease_ms of the last lease's beginning
 * @until: the lease that runs, 0: none
 * @text: what the device is, or what is wrong
 */
struct watchd_state {
	uint32_t version, open;
	uint32_t lease_ms, timeout_ms;
	int64_t until;
	char device[WATCHD_PATH];
	char text[WATCHD_TEXT];
};

#endif

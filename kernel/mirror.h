/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The peer's side of I/O: its writes, flushes and reads on our disk.
 */
#ifndef HA_MIRROR_H
#define HA_MIRROR_H

#include "request.h"

int ha_mirror_init(void);
void ha_mirror_exit(void);

/**
 * ha_mirror_write, _flush, _read - serve a message; the answer goes out when
 * the disk has done it.  Takes over @payload.
 * Context: receiver thread of the data stream.
 * Return: 0 or -EPROTO with *@why for what a well-behaved peer never sends.
 */
int ha_mirror_write(struct ha_stream *st, const struct ha_wire_io *io,
		    struct ha_payload *payload, const char **why);
int ha_mirror_flush(struct ha_stream *st, const struct ha_wire_io *io,
		    const char **why);
int ha_mirror_read(struct ha_stream *st, const struct ha_wire_io *io,
		   const char **why);

#endif

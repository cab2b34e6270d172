/* SPDX-License-Identifier: GPL-2.0-only */
/* The connection to the kernel: requests, dumps and events of family "ha". */
#ifndef HA_GENL_H
#define HA_GENL_H

#include <stddef.h>
#include <stdint.h>

struct nlmsghdr;
struct ha_genl;

#define HA_GENL_BUFFER	8192	/* bytes of the largest request */

/**
 * typedef ha_genl_cb - takes one message of the family
 * @cmd: HA_CMD_*
 */
typedef void ha_genl_cb(uint8_t cmd, const struct nlmsghdr *nlh, void *arg);

/**
 * ha_genl_open() - connect and find the family
 * @error: out, what is wrong; the caller frees it
 *
 * Return: the connection, or NULL; errno is ENOENT when the module is not
 * loaded.
 */
struct ha_genl *ha_genl_open(char **error);
void ha_genl_close(struct ha_genl *genl);

/**
 * ha_genl_begin() - start a request in @buffer, HA_GENL_BUFFER aligned bytes
 */
struct nlmsghdr *ha_genl_begin(struct ha_genl *genl, void *buffer, uint8_t cmd);

/**
 * ha_genl_request() - send and wait for the answer
 *
 * Return: 0, or -errno with ha_genl_error() in words.
 */
int ha_genl_request(struct ha_genl *genl, struct nlmsghdr *nlh);

/**
 * ha_genl_dump() - send HA_CMD_GET as a dump and pass on each object
 *
 * Return: 0; -EINTR when a change came in between and the dump must be
 * repeated; -errno.
 */
int ha_genl_dump(struct ha_genl *genl, ha_genl_cb *cb, void *arg);

/**
 * ha_genl_error() - why the last call failed, a sentence for people
 */
const char *ha_genl_error(const struct ha_genl *genl);

/**
 * ha_genl_subscribe() - receive changes from now on
 *
 * Return: a descriptor to poll, or -errno.
 */
int ha_genl_subscribe(struct ha_genl *genl);

/**
 * ha_genl_events() - pass on the changes that have arrived
 *
 * Return: 0; -ENOBUFS when some were lost and a dump is needed; -errno.
 */
int ha_genl_events(struct ha_genl *genl, ha_genl_cb *cb, void *arg);

#endif

/* SPDX-License-Identifier: GPL-2.0-only */
/* A watchdog device of the kernel. */
#ifndef WATCHD_DOG_H
#define WATCHD_DOG_H

#include <stdbool.h>
#include <stddef.h>

/**
 * dog_open() - open a device that no death of this process can disarm
 * @seconds: its timeout at most
 * @have: the timeout it has; 0: it is of no use
 * @why: what it is, or why it is of no use
 *
 * Return: a file descriptor, or -1. One that is of no use, yet cannot be stopped, must
 * be fed.
 */
int dog_open(const char *path, unsigned int seconds, unsigned int *have, char *why,
	     size_t size);

/**
 * dog_timeout() - set another timeout
 *
 * Return: the one it has then, in seconds; 0: not known.
 */
unsigned int dog_timeout(int fd, unsigned int seconds);

void dog_feed(int fd);

/** dog_disarm() - the only way to end it; false: it cannot be stopped, and is open still */
bool dog_disarm(int fd);

/** dog_reset() - the machine ends here, now, without a word to anybody */
void dog_reset(void);

#endif

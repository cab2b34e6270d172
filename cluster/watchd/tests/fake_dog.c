// SPDX-License-Identifier: GPL-2.0-only
/*
 * A device that only writes down what is done to it: here, and in the file that is the
 * device. One whose name has "busy" in it is in use.
 */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "dog.h"
#include "fake_dog.h"

struct fake_dog fake_dog;

int dog_open(const char *path, unsigned int seconds, unsigned int *have, char *why,
	     size_t size)
{
	int fd = -1;

	*have = 0;
	if (strstr(path, "busy"))
		snprintf(why, size, "%s is in use by systemd", path);
	else
		fd = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
	if (fd < 0)
		return -1;
	fake_dog.opened++;
	dprintf(fd, "open\n");
	*have = dog_timeout(fd, seconds);
	snprintf(why, size, *have <= seconds ? "a fake" : "the timeout is too long");
	if (*have > seconds && dog_disarm(fd))
		return -1;
	return fd;
}

unsigned int dog_timeout(int fd, unsigned int seconds)
{
	fake_dog.timeout = seconds < fake_dog.least ? fake_dog.least : seconds;
	dprintf(fd, "timeout %u\n", fake_dog.timeout);
	return fake_dog.timeout;
}

void dog_feed(int fd)
{
	fake_dog.fed++;
	dprintf(fd, "feed\n");
}

bool dog_disarm(int fd)
{
	if (fake_dog.stubborn)
		return false;
	fake_dog.disarmed++;
	dprintf(fd, "disarm\n");
	close(fd);
	return true;
}

void dog_reset(void)
{
	_exit(71);
}

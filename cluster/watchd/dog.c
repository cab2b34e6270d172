// SPDX-License-Identifier: GPL-2.0-only
/*
 * A watchdog device of the kernel.
 *
 * What can be known before it is opened is looked at before: a device counts from
 * then on, and some never stop.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/watchdog.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/reboot.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "dog.h"

#define MISC_MAJOR	10
#define MISC_MINOR	130	/* /dev/watchdog, an old name of watchdog0 */

/* An attribute of the device; false where the kernel does not have it. */
static bool attribute(dev_t dev, const char *name, char *value, size_t size)
{
	char path[128];
	ssize_t length;
	int fd;

	if (major(dev) == MISC_MAJOR && minor(dev) == MISC_MINOR)
		snprintf(path, sizeof(path), "/sys/class/watchdog/watchdog0/%s", name);
	else
		snprintf(path, sizeof(path), "/sys/dev/char/%u:%u/%s", major(dev),
			 minor(dev), name);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return false;
	length = read(fd, value, size - 1);
	close(fd);
	value[length > 0 ? length : 0] = '\0';
	value[strcspn(value, "\n")] = '\0';
	return length > 0;
}

static bool number(dev_t dev, const char *name, long *value)
{
	char text[32];

	if (!attribute(dev, name, text, sizeof(text)))
		return false;
	*value = strtol(text, NULL, 0);
	return true;
}

/* Of a process: its name, when it has a watchdog open. */
static bool has_it(const char *pid, char *name, size_t size)
{
	char path[512], target[64];
	struct dirent *entry;
	bool found = false;
	ssize_t length;
	FILE *file;
	DIR *dir;

	snprintf(path, sizeof(path), "/proc/%s/fd", pid);
	dir = opendir(path);
	while (dir && !found && (entry = readdir(dir))) {
		length = readlinkat(dirfd(dir), entry->d_name, target, sizeof(target) - 1);
		target[length > 0 ? length : 0] = '\0';
		found = !strncmp(target, "/dev/watchdog", 13);
	}
	if (dir)
		closedir(dir);
	snprintf(path, sizeof(path), "/proc/%s/comm", pid);
	file = found ? fopen(path, "re") : NULL;
	found = file && fgets(name, size, file);
	name[found ? strcspn(name, "\n") : 0] = '\0';
	if (file)
		fclose(file);
	return found;
}

/* Who it is, and what to do about it. */
static void say_holder(const char *path, char *why, size_t size)
{
	char name[32] = "", pid[16] = "";
	struct dirent *entry;
	DIR *dir = opendir("/proc");

	while (dir && !name[0] && (entry = readdir(dir)))
		if (entry->d_name[0] >= '1' && entry->d_name[0] <= '9') {
			snprintf(pid, sizeof(pid), "%.15s", entry->d_name);
			has_it(pid, name, sizeof(name));
		}
	if (dir)
		closedir(dir);
	if (!name[0])
		snprintf(why, size, "%s is in use", path);
	else if (!strcmp(name, "systemd"))
		snprintf(why, size, "%s is in use by systemd: set RuntimeWatchdogSec=off in "
			 "/etc/systemd/system.conf", path);
	else if (!strcmp(name, "corosync"))
		snprintf(why, size, "%s is in use by corosync: take "
			 "resources.watchdog_device out of corosync.conf", path);
	else
		snprintf(why, size, "%s is in use by %s (process %s)", path, name, pid);
}

static bool nowayout(dev_t dev)
{
	long value;

	return number(dev, "nowayout", &value) && value;
}

/* Would it still bite if this process were killed? */
static bool keeps_biting(dev_t dev, long options, char *why, size_t size)
{
	if (nowayout(dev) || options & WDIOF_MAGICCLOSE)
		return true;
	snprintf(why, size, "the driver disarms the device when this process dies: "
		 "load it with nowayout=1");
	return false;
}

static bool fits(dev_t dev, unsigned int seconds, char *why, size_t size)
{
	long min = 0, max = 0;

	number(dev, "min_timeout", &min);
	number(dev, "max_timeout", &max);
	if (min > (long)seconds) {
		snprintf(why, size, "the device takes at least %ld s, so the watchdog's "
			 "timeout must be %ld s or more", min, 2 * min);
		return false;
	}
	if (max && max < (long)seconds) {
		snprintf(why, size, "the device takes at most %ld s, so the watchdog's "
			 "timeout must be %ld s or less", max, 2 * max + 1);
		return false;
	}
	return true;
}

unsigned int dog_timeout(int fd, unsigned int seconds)
{
	int want = seconds, have = 0, none = 0;

	ioctl(fd, WDIOC_SETPRETIMEOUT, &none);
	ioctl(fd, WDIOC_SETTIMEOUT, &want);
	return ioctl(fd, WDIOC_GETTIMEOUT, &have) || have <= 0 ? 0 : have;
}

/* It is open, and counts: is it of use? */
static bool is_useful(int fd, dev_t dev, unsigned int seconds, unsigned int have, char *why,
		      size_t size)
{
	struct watchdog_info info = { 0 };

	/* Older kernels do not tell this before. */
	if (ioctl(fd, WDIOC_GETSUPPORT, &info))
		memset(&info, 0, sizeof(info));
	if (!keeps_biting(dev, info.options, why, size))
		return false;
	if (!have || have > seconds) {
		snprintf(why, size, "the device has a timeout of %u s and does not take %u s",
			 have, seconds);
		return false;
	}
	snprintf(why, size, "%.32s", (const char *)info.identity);
	return true;
}

static int open_it(const char *path, char *why, size_t size)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);

	if (fd < 0 && errno == EBUSY)
		say_holder(path, why, size);
	else if (fd < 0)
		snprintf(why, size, "%s: %s", path, strerror(errno));
	return fd;
}

int dog_open(const char *path, unsigned int seconds, unsigned int *have, char *why,
	     size_t size)
{
	long options = WDIOF_MAGICCLOSE;
	struct stat st;
	int fd;

	*have = 0;
	if (stat(path, &st)) {
		snprintf(why, size, "%s: %s", path, strerror(errno));
		return -1;
	}
	if (!S_ISCHR(st.st_mode)) {
		snprintf(why, size, "%s is no device", path);
		return -1;
	}
	number(st.st_rdev, "options", &options);
	if (!keeps_biting(st.st_rdev, options, why, size) ||
	    !fits(st.st_rdev, seconds, why, size))
		return -1;
	fd = open_it(path, why, size);
	if (fd < 0)
		return -1;
	*have = dog_timeout(fd, seconds);
	if (is_useful(fd, st.st_rdev, seconds, *have, why, size))
		return fd;
	*have = 0;
	return dog_disarm(fd) ? -1 : fd;
}

void dog_feed(int fd)
{
	ioctl(fd, WDIOC_KEEPALIVE, 0);
}

bool dog_disarm(int fd)
{
	int off = WDIOS_DISABLECARD;

	/* A driver that cannot be stopped says so here; closed, it would go on counting. */
	if (ioctl(fd, WDIOC_SETOPTIONS, &off) || write(fd, "V", 1) != 1)
		return false;
	close(fd);
	return true;
}

void dog_reset(void)
{
	int fd = open("/proc/sysrq-trigger", O_WRONLY | O_CLOEXEC);

	/* Nothing is flushed or shut down: that could hang. */
	if (fd >= 0 && write(fd, "b", 1) == 1)
		pause();
	reboot(RB_AUTOBOOT);
	_exit(70);
}

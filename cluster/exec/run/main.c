// SPDX-License-Identifier: GPL-2.0-only
/*
 * ha-run: runs a program without what the daemon has of its own: real-time
 * scheduling, niceness, protection from the OOM killer, umask. With --gate it
 * first waits for a byte on descriptor 3, so that the daemon can put it into a
 * scope before it has children.
 */
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#define GATE_FD		3
#define NOT_INSTALLED	5	/* of OCF */
#define NOT_PERMITTED	4

/* What fails here is not worth an operation. */
static void become_ordinary(void)
{
	struct sched_param param = { 0 };
	int fd = open("/proc/self/oom_score_adj", O_WRONLY | O_CLOEXEC);

	if (fd >= 0) {
		if (write(fd, "0", 1) < 0)
			errno = 0;
		close(fd);
	}
	sched_setscheduler(0, SCHED_OTHER, &param);
	setpriority(PRIO_PROCESS, 0, 0);
	umask(022);
}

static int wait_at_gate(void)
{
	ssize_t length;
	char byte;

	do
		length = read(GATE_FD, &byte, 1);
	while (length < 0 && errno == EINTR);
	close(GATE_FD);
	return length == 1 ? 0 : -1;
}

int main(int argc, char **argv)
{
	int at = 1;

	if (at < argc && !strcmp(argv[at], "--gate")) {
		at++;
		if (wait_at_gate())
			return 1;	/* who started this is gone */
	}
	if (at < argc && !strcmp(argv[at], "--"))
		at++;
	if (at >= argc) {
		fprintf(stderr, "usage: ha-run [--gate] -- PROGRAM...\n");
		return 2;
	}
	become_ordinary();
	execv(argv[at], argv + at);
	fprintf(stderr, "ocf-exit-reason:cannot run %s: %s\n", argv[at],
		strerror(errno));
	return errno == EACCES || errno == EPERM ? NOT_PERMITTED :
						   NOT_INSTALLED;
}

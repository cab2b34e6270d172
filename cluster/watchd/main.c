// SPDX-License-Identifier: GPL-2.0-only
/*
 * hawatchd: holds a watchdog device, which it feeds as long as haclusterd says that
 * this node may live. Without a lease it feeds it as long as it runs itself.
 */
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#include "dog.h"
#include "guard.h"

#define KEEP	"/run/hawatchd/lease"
#define PRIORITY 50
#define LATER	60	/* seconds a device is given that cannot be stopped */

static struct guard guard;
static volatile sig_atomic_t stopping;
static bool no_reset;

static void __attribute__((format(printf, 1, 2))) say(const char *fmt, ...)
{
	char line[256];
	va_list args;

	va_start(args, fmt);
	vsnprintf(line, sizeof(line), fmt, args);
	va_end(args);
	dprintf(STDERR_FILENO, "%s\n", line);
}

static void reset(const char *why)
{
	int fd = open("/dev/kmsg", O_WRONLY | O_CLOEXEC);

	say("%s: this machine is reset", why);
	if (no_reset)
		_exit(70);
	if (fd >= 0)
		dprintf(fd, "<0>hawatchd: %s: this machine is reset\n", why);
	dog_reset();
}

static int64_t clock_now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_BOOTTIME, &ts);
	return ts.tv_sec * INT64_C(1000) + ts.tv_nsec / 1000000;
}

static void on_signal(int number)
{
	stopping = number;
}

/* Nothing may delay it: no memory from disk, no turn of others first. */
static void be_prompt(void)
{
	struct sched_param param = { .sched_priority = PRIORITY };
	struct sigaction action = { .sa_handler = on_signal };
	int fd = open("/proc/self/oom_score_adj", O_WRONLY | O_CLOEXEC);
	sigset_t set;

	if (fd >= 0 && write(fd, "-1000", 5) < 0)
		say("the kernel may kill this process when memory is short");
	if (fd >= 0)
		close(fd);
	if (mlockall(MCL_CURRENT | MCL_FUTURE))
		say("memory is not locked: %s", strerror(errno));
	if (sched_setscheduler(0, SCHED_RR, &param))
		say("no real-time priority: %s", strerror(errno));
	signal(SIGPIPE, SIG_IGN);
	sigaction(SIGTERM, &action, NULL);
	sigaction(SIGINT, &action, NULL);
	/* They come while it waits, and at no other time. */
	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGINT);
	sigprocmask(SIG_BLOCK, &set, NULL);
}

static int listen_on(const char *path)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	mode_t mask = umask(077);

	snprintf(address.sun_path, sizeof(address.sun_path), "%s", path);
	unlink(path);
	if (fd < 0 || bind(fd, (struct sockaddr *)&address, sizeof(address)) || listen(fd, 4)) {
		say("%s: %s", path, strerror(errno));
		fd = -1;
	}
	umask(mask);
	return fd;
}

static void tell(int client)
{
	struct watchd_state state;

	guard_state(&guard, &state);
	if (client >= 0)
		send(client, &state, sizeof(state), MSG_DONTWAIT | MSG_NOSIGNAL);
}

/* The newest haclusterd is the one that counts: the last may hang. */
static int meet(int listener, int client)
{
	int fd = accept4(listener, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
	socklen_t size = sizeof(struct ucred);
	struct ucred who = { .uid = -1 };

	if (fd < 0)
		return client;
	getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &who, &size);
	if (who.uid && who.uid != geteuid()) {
		close(fd);
		return client;
	}
	if (client >= 0)
		close(client);
	tell(fd);
	return fd;
}

static void obey(const struct watchd_request *request, int64_t now)
{
	static char said[sizeof(guard.text)];
	bool leased = guard.lease.until;

	switch (request->type) {
	case WATCHD_CONFIG:
		guard_configure(&guard, request, now);
		if (strcmp(said, guard.text))
			say("%s: %s", guard.device[0] ? guard.device : "none", guard.text);
		strcpy(said, guard.text);
		break;
	case WATCHD_LEASE:
		guard_lease(&guard, request->at, now);
		if (leased != !!guard.lease.until)
			say(leased ? "no lease runs any more" : "a lease runs");
		break;
	case WATCHD_RESET:
		reset("haclusterd asks for it");
		break;
	}
}

/* Return: the client, or -1 when it has gone. */
static int hear(int client)
{
	struct watchd_request request;
	ssize_t size;

	while ((size = recv(client, &request, sizeof(request), MSG_DONTWAIT)) > 0) {
		if (size != sizeof(request) || request.version != WATCHD_VERSION)
			continue;
		obey(&request, clock_now());
		if (request.type == WATCHD_CONFIG)
			tell(client);
	}
	if (size < 0 && (errno == EAGAIN || errno == EINTR))
		return client;
	say(guard.lease.until ? "haclusterd has gone; its lease runs on" : "haclusterd has gone");
	close(client);
	return -1;
}

/* Return: false: not now, for it would be the end of the machine. */
static bool end(void)
{
	static bool said;

	if (guard.lease.until) {
		if (!said)
			say("a lease runs: stop haclusterd first");
		said = true;
		return false;
	}
	if (guard_disarm(&guard))
		return true;
	say("%s; it resets this machine in %u s", guard.text, dog_timeout(guard.fd, LATER));
	return true;
}

static void loop(int listener)
{
	int client = -1;
	sigset_t none;

	sigemptyset(&none);
	while (!stopping || !end()) {
		struct pollfd fds[2] = { { .fd = listener, .events = POLLIN },
					 { .fd = client, .events = POLLIN } };
		int64_t now = clock_now(), wait = guard_step(&guard, now) - now;
		struct timespec ts;

		/* Boottime goes on while the machine sleeps, poll's time does not. */
		wait = wait < 1 ? 1 : wait > 250 ? 250 : wait;
		ts = (struct timespec){ wait / 1000, wait % 1000 * 1000000 };
		if (ppoll(fds, 2, &ts, &none) <= 0)
			continue;
		if (fds[1].revents)
			client = hear(client);
		if (fds[0].revents)
			client = meet(listener, client);
	}
}

int main(int argc, char **argv)
{
	static const struct option options[] = {
		{ "socket", required_argument, NULL, 's' },
		{ "lease", required_argument, NULL, 'l' },
		{ "no-reset", no_argument, NULL, 'n' },
		{ 0 },
	};
	const char *socket_path = WATCHD_SOCKET, *keep_path = KEEP;
	struct keep *keep;
	int option, listener;

	while ((option = getopt_long(argc, argv, "", options, NULL)) >= 0) {
		if (option == 's')
			socket_path = optarg;
		else if (option == 'l')
			keep_path = optarg;
		else if (option == 'n')
			no_reset = true;
		else
			return 2;
	}
	if (!strcmp(keep_path, KEEP))
		mkdir("/run/hawatchd", 0700);
	keep = keep_open(keep_path);
	if (!keep) {
		say("%s: %s", keep_path, strerror(errno));
		return 1;
	}
	be_prompt();
	guard.reset = reset;
	guard_start(&guard, keep, clock_now());
	if (guard.device[0])
		say("%s is open again", guard.device);
	listener = listen_on(socket_path);
	if (listener < 0)
		return 1;
	loop(listener);
	unlink(socket_path);
	return 0;
}

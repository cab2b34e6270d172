// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the wire between the two machines can do, and how busy their CPUs were.
 *
 *	probe serve PORT
 *	probe rtt HOST PORT SECONDS	4 KiB out, 32 bytes back, one at a time
 *	probe stream HOST PORT SECONDS	1 MiB writes, one byte back at the end
 *	probe cpu HOST PORT		busy and passed time of both machines, in ns
 *
 * The client's first byte says what it wants. Results are printed as JSON.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define REQUEST	4096
#define ANSWER	32
#define BULK	(1 << 20)

static char buffer[BULK];

static void die(const char *what)
{
	fprintf(stderr, "probe: %s: %s\n", what, strerror(errno));
	exit(1);
}

static uint64_t now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000000000 + (uint64_t)t.tv_nsec;
}

/* All of it, or false at the end of the stream. */
static int get(int fd, void *to, size_t size)
{
	char *at = to;

	while (size) {
		ssize_t n = read(fd, at, size);

		if (n <= 0)
			return 0;
		at += n;
		size -= (size_t)n;
	}
	return 1;
}

static void put(int fd, const void *from, size_t size)
{
	const char *at = from;

	while (size) {
		ssize_t n = write(fd, at, size);

		if (n <= 0)
			die("write");
		at += n;
		size -= (size_t)n;
	}
}

/* Time that was neither idle nor iowait, over all CPUs, since boot; and the clock. */
static void cpu(uint64_t out[2])
{
	long tick = sysconf(_SC_CLK_TCK);
	unsigned long long t[8] = { 0 };
	FILE *file = fopen("/proc/stat", "r");

	if (!file || fscanf(file, "cpu %llu %llu %llu %llu %llu %llu %llu %llu", &t[0],
			    &t[1], &t[2], &t[3], &t[4], &t[5], &t[6], &t[7]) != 8)
		die("/proc/stat");
	fclose(file);
	out[0] = (t[0] + t[1] + t[2] + t[5] + t[6] + t[7]) *
		 (uint64_t)(1000000000 / tick);
	out[1] = now();
}

static void serve_one(int fd)
{
	uint64_t stat[2];
	char what = 0;

	if (!get(fd, &what, 1))
		return;
	switch (what) {
	case 'r':
		while (get(fd, buffer, REQUEST))
			put(fd, buffer, ANSWER);
		break;
	case 's':
		while (read(fd, buffer, sizeof(buffer)) > 0)
			;
		put(fd, buffer, 1);
		break;
	case 'c':
		cpu(stat);
		put(fd, stat, sizeof(stat));
		break;
	}
}

static void nodelay(int fd)
{
	int one = 1;

	if (setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one)))
		die("TCP_NODELAY");
}

static int serve(const char *port)
{
	struct sockaddr_in to = { .sin_family = AF_INET,
				  .sin_port = htons((uint16_t)atoi(port)) };
	int one = 1, fd, all = socket(AF_INET, SOCK_STREAM, 0);

	signal(SIGPIPE, SIG_IGN);
	signal(SIGCHLD, SIG_IGN);
	if (all < 0 || setsockopt(all, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one)) ||
	    bind(all, (struct sockaddr *)&to, sizeof(to)) || listen(all, 8))
		die("listen");
	puts("serving");
	fflush(stdout);
	while ((fd = accept(all, NULL, NULL)) >= 0) {
		if (fork() == 0) {
			nodelay(fd);
			serve_one(fd);
			_exit(0);
		}
		close(fd);
	}
	die("accept");
	return 1;
}

static int reach(const char *host, const char *port, char what)
{
	struct sockaddr_in to = { .sin_family = AF_INET,
				  .sin_port = htons((uint16_t)atoi(port)) };
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	if (fd < 0 || inet_pton(AF_INET, host, &to.sin_addr) != 1 ||
	    connect(fd, (struct sockaddr *)&to, sizeof(to)))
		die(host);
	nodelay(fd);
	put(fd, &what, 1);
	return fd;
}

static int by_size(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

	return (x > y) - (x < y);
}

static void rtt(int fd, double seconds)
{
	static uint32_t took[1 << 20];
	uint64_t begin = now(), end = begin + (uint64_t)(seconds * 1e9), sum = 0;
	uint64_t before = begin;
	size_t n = 0;

	while (before < end && n < sizeof(took) / sizeof(*took)) {
		uint64_t after;

		put(fd, buffer, REQUEST);
		if (!get(fd, buffer, ANSWER))
			die("answer");
		after = now();
		took[n++] = (uint32_t)(after - before);
		sum += after - before;
		before = after;
	}
	if (!n)
		die("no round trip");
	qsort(took, n, sizeof(*took), by_size);
	printf("{\"count\": %zu, \"mean_us\": %.1f, \"p50_us\": %.1f, \"p99_us\": %.1f}\n",
	       n, (double)sum / (double)n / 1e3, took[n / 2] / 1e3, took[n * 99 / 100] / 1e3);
}

static void stream(int fd, double seconds)
{
	uint64_t begin = now(), end = begin + (uint64_t)(seconds * 1e9), bytes = 0;

	while (now() < end) {
		put(fd, buffer, sizeof(buffer));
		bytes += sizeof(buffer);
	}
	shutdown(fd, SHUT_WR);
	if (!get(fd, buffer, 1))
		die("answer");
	printf("{\"mb_s\": %.1f}\n", (double)bytes * 1e3 / (double)(now() - begin));
}

static void both_cpus(int fd)
{
	uint64_t here[2], there[2];

	if (!get(fd, there, sizeof(there)))
		die("answer");
	cpu(here);
	printf("{\"busy\": [%llu, %llu], \"clock\": [%llu, %llu]}\n",
	       (unsigned long long)here[0], (unsigned long long)there[0],
	       (unsigned long long)here[1], (unsigned long long)there[1]);
}

int main(int argc, char **argv)
{
	int fd;

	if (argc == 3 && !strcmp(argv[1], "serve"))
		return serve(argv[2]);
	if (argc < 4 || argc != (!strcmp(argv[1], "cpu") ? 4 : 5) ||
	    !strchr("rsc", argv[1][0])) {
		fprintf(stderr, "usage: see the head of probe.c\n");
		return 2;
	}
	fd = reach(argv[2], argv[3], argv[1][0]);
	if (argv[1][0] == 'r')
		rtt(fd, atof(argv[4]));
	else if (argv[1][0] == 's')
		stream(fd, atof(argv[4]));
	else
		both_cpus(fd);
	return 0;
}

// SPDX-License-Identifier: GPL-2.0-only
/* Commands on this and other nodes, by ssh. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "remote.h"
#include "util.h"

#define SSH	"ssh -o BatchMode=yes -o ConnectTimeout=10"

bool remote_is_local(const char *name)
{
	char host[256] = "";
	size_t length;

	gethostname(host, sizeof(host) - 1);
	length = strcspn(host, ".");
	return !strcmp(host, name) ||
	       (strlen(name) == length && !strncmp(host, name, length));
}

/* For a shell: 'it'\''s'. */
static void print_quoted(FILE *out, const char *word)
{
	fputc('\'', out);
	for (; *word; word++) {
		if (*word == '\'')
			fputs("'\\''", out);
		else
			fputc(*word, out);
	}
	fputc('\'', out);
}

static char *command_line(const char *const *argv)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	for (size_t i = 0; argv[i]; i++) {
		if (i)
			fputc(' ', out);
		print_quoted(out, argv[i]);
	}
	fclose(out);
	return text;
}

static void run_child(const char *name, const char *address,
		      const char *const *argv, int in, int out)
{
	const char *ssh = getenv("HACTL_SSH");
	char *remote, *line, *target;

	dup2(in, STDIN_FILENO);
	dup2(out, STDOUT_FILENO);
	if (remote_is_local(name) && !ssh) {
		execvp(argv[0], (char *const *)argv);
		_exit(127);
	}
	remote = command_line(argv);
	target = xasprintf("root@%s", address);
	line = xasprintf("exec %s \"$1\" \"$2\"", ssh ? ssh : SSH);
	execl("/bin/sh", "sh", "-c", line, "sh", target, remote, NULL);
	_exit(127);
}

/* Feeds and listens at once: neither side may wait for the other. */
static char *converse(int fd, int out, const char *input)
{
	size_t left = input ? strlen(input) : 0, size;
	char *text = NULL, block[4096];
	FILE *said = open_memstream(&text, &size);
	struct pollfd fds[] = { { .fd = fd }, { .fd = out, .events = POLLIN } };

	if (!left)
		shutdown(fd, SHUT_WR);
	for (;;) {
		ssize_t n;

		fds[0].events = left ? POLLOUT : 0;
		fds[0].fd = left ? fd : -1;
		if (poll(fds, 2, -1) < 0 && errno != EINTR)
			break;
		if (left && fds[0].revents) {
			n = send(fd, input, left, MSG_NOSIGNAL);
			left = n > 0 ? left - n : 0;
			input += n > 0 ? n : 0;
			if (!left)
				shutdown(fd, SHUT_WR);
		}
		if (!fds[1].revents)
			continue;
		n = read(out, block, sizeof(block));
		if (n <= 0)
			break;
		fwrite(block, 1, n, said);
	}
	fclose(said);
	return text;
}

int remote_run(const char *name, const char *address, const char *const *argv,
	       const char *input, char **output)
{
	int in[2], out[2], status;
	char *said;
	pid_t pid;

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, in))
		return -1;
	if (pipe2(out, O_CLOEXEC)) {
		close(in[0]);
		close(in[1]);
		return -1;
	}
	fflush(stdout);
	pid = fork();
	if (!pid)
		run_child(name, address, argv, in[1], out[1]);
	close(in[1]);
	close(out[1]);
	said = pid < 0 ? xstrdup("") : converse(in[0], out[0], input);
	close(in[0]);
	close(out[0]);
	if (output)
		*output = said;
	else
		free(said);
	if (pid < 0 || waitpid(pid, &status, 0) != pid)
		return -1;
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

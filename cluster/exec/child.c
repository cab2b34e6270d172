// SPDX-License-Identifier: GPL-2.0-only
/* Watches a child from its start to its end. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "child.h"
#include "child_spawn.h"
#include "late.h"
#include "util.h"

#define READ_AT_ONCE	65536
#define DRAIN_LIMIT	(16 * READ_AT_ONCE)

enum child_state {
	CHILD_RUNNING,
	CHILD_TERM,		/* SIGTERM was sent */
	CHILD_KILL,		/* SIGKILL was sent */
	CHILD_LOST,		/* told as stuck, kept to be reaped */
};

/**
 * struct child - one child; the list of its pool holds it until it is reaped
 * @fds: this side of its stdin, stdout, stderr and gate, or -1
 * @exit: source of its end
 * @clock: timeout, then grace, then stuck
 * @timeout_ms: 0 again when it was granted a second time, see rang_late()
 * @why: what the end is called once it was killed
 * @input: rest of what goes to stdin
 */
struct child {
	struct child_pool *pool;
	struct child *next, **prev;
	pid_t pid;
	enum child_state state;
	int64_t timeout_ms;
	enum ex_end why;
	int fds[SPAWN_FDS];
	sd_event_source *io[SPAWN_FDS], *exit, *clock;
	struct output output;
	char *input;
	size_t input_at;
	child_done *done;
	void *arg;
};

static void close_fd(struct child *child, int which)
{
	child->io[which] = sd_event_source_disable_unref(child->io[which]);
	if (child->fds[which] >= 0)
		close(child->fds[which]);
	child->fds[which] = -1;
}

static void child_free(struct child *child)
{
	for (int i = 0; i < SPAWN_FDS; i++)
		close_fd(child, i);
	sd_event_source_disable_unref(child->exit);
	sd_event_source_disable_unref(child->clock);
	*child->prev = child->next;
	if (child->next)
		child->next->prev = child->prev;
	output_free(&child->output);
	if (child->input)	/* may hold secrets */
		explicit_bzero(child->input, strlen(child->input));
	free(child->input);
	free(child);
}

static void tell(struct child *child, struct child_end *end)
{
	child_done *done = child->done;
	char *tail = output_tail(&child->output);

	output_end(&child->output);
	end->stdout_head = child->output.head ? child->output.head : "";
	end->tail = tail;
	end->reason = child->output.reason;
	child->done = NULL;
	if (done)
		done(end, child->arg);
	free(tail);
}

/* Return: false at the end of the stream. */
static bool read_some(struct child *child, int which, size_t *budget)
{
	static char buffer[READ_AT_ONCE];	/* one thread */
	ssize_t length = read(child->fds[which], buffer, sizeof(buffer));

	if (length < 0 && errno != EAGAIN && errno != EINTR)
		return false;
	if (length < 0)
		*budget = 0;
	if (length <= 0)
		return length < 0;
	*budget -= (size_t)length < *budget ? (size_t)length : *budget;
	output_take(&child->output, which == SPAWN_OUT ? OUTPUT_STDOUT :
							 OUTPUT_STDERR,
		    buffer, length);
	return true;
}

/* What was printed before the end; who still has the pipe is not waited for. */
static void drain(struct child *child)
{
	for (int which = SPAWN_OUT; which <= SPAWN_ERR; which++) {
		size_t budget = DRAIN_LIMIT;

		while (child->fds[which] >= 0 && budget)
			if (!read_some(child, which, &budget))
				break;
		close_fd(child, which);
	}
}

static int on_output(sd_event_source *source, int fd, uint32_t events,
		     void *arg)
{
	struct child *child = arg;
	int which = fd == child->fds[SPAWN_OUT] ? SPAWN_OUT : SPAWN_ERR;
	size_t budget = READ_AT_ONCE;

	(void)source;
	(void)events;

	if (!read_some(child, which, &budget))
		close_fd(child, which);
	return 0;
}

static int on_input(sd_event_source *source, int fd, uint32_t events,
		    void *arg)
{
	struct child *child = arg;
	const char *rest = child->input + child->input_at;
	ssize_t length = write(fd, rest, strlen(rest));

	(void)source;
	(void)events;
	if (length > 0)
		child->input_at += length;
	if ((length < 0 && errno != EAGAIN && errno != EINTR) ||
	    !child->input[child->input_at])
		close_fd(child, SPAWN_IN);
	return 0;
}

static void send_signal(struct child *child, int signal)
{
	/* Not reaped yet, so the number of the group is still its own. */
	kill(-child->pid, signal);
	if (signal == SIGKILL)
		kill(child->pid, signal);	/* before its setpgid */
}

static void arm(struct child *child, int64_t ms)
{
	sd_event_source_set_time_relative(child->clock, ms * 1000);
	sd_event_source_set_enabled(child->clock, SD_EVENT_ONESHOT);
}

static int on_clock(sd_event_source *source, uint64_t usec, void *arg)
{
	struct child *child = arg;
	struct child_end end = { .end = EX_END_STUCK };

	(void)source;
	switch (child->state) {
	case CHILD_RUNNING:
		if (child->timeout_ms && rang_late(child->pool->event, usec)) {
			arm(child, child->timeout_ms);
			child->timeout_ms = 0;
			break;
		}
		child->state = CHILD_TERM;
		child->why = EX_END_TIMEOUT;
		send_signal(child, SIGTERM);
		arm(child, child->pool->grace_ms);
		break;
	case CHILD_TERM:
		child->state = CHILD_KILL;
		send_signal(child, SIGKILL);
		arm(child, child->pool->stuck_ms);
		break;
	case CHILD_KILL:
		child->state = CHILD_LOST;
		drain(child);
		tell(child, &end);
		break;
	case CHILD_LOST:
		break;
	}
	return 0;
}

static int on_exit_event(sd_event_source *source, const siginfo_t *info,
			 void *arg)
{
	struct child *child = arg;
	struct child_end end = { .end = EX_END_DONE };

	(void)source;
	if (child->state != CHILD_RUNNING) {
		/* Its children do not outlive an operation that was ended. */
		send_signal(child, SIGKILL);
		end.end = child->why;
	} else if (info->si_code == CLD_EXITED) {
		end.code = info->si_status;
	} else {
		end.end = EX_END_SIGNAL;
		end.signal = info->si_status;
	}
	drain(child);
	tell(child, &end);
	child_free(child);
	return 0;
}

static int watch_fds(struct child *child)
{
	static const uint32_t wanted[SPAWN_FDS] = {
		[SPAWN_IN] = EPOLLOUT, [SPAWN_OUT] = EPOLLIN,
		[SPAWN_ERR] = EPOLLIN,
	};
	int ret = 0;

	for (int i = 0; !ret && i <= SPAWN_ERR; i++)
		if (child->fds[i] >= 0)
			ret = sd_event_add_io(child->pool->event, &child->io[i],
					      child->fds[i], wanted[i],
					      i == SPAWN_IN ? on_input :
							      on_output, child);
	return ret < 0 ? ret : 0;
}

static int watch(struct child *child, int64_t timeout_ms)
{
	sd_event *event = child->pool->event;
	int ret = sd_event_add_child(event, &child->exit, child->pid, WEXITED,
				     on_exit_event, child);

	/* After the output: what was printed is read before the end is told. */
	if (ret >= 0)
		ret = sd_event_source_set_priority(child->exit,
						   SD_EVENT_PRIORITY_NORMAL + 1);
	if (ret >= 0)
		ret = sd_event_add_time_relative(event, &child->clock,
						 CLOCK_MONOTONIC,
						 timeout_ms * 1000, 1000,
						 on_clock, child);
	if (ret >= 0 && !timeout_ms)
		ret = sd_event_source_set_enabled(child->clock, SD_EVENT_OFF);
	return ret < 0 ? ret : watch_fds(child);
}

struct child *child_start(struct child_pool *pool,
			  const struct child_spec *spec, child_done *done,
			  void *arg)
{
	struct child *child = xcalloc(1, sizeof(*child));
	int ret;

	*child = (struct child){ .pool = pool, .done = done, .arg = arg,
				 .timeout_ms = spec->timeout_ms,
				 .prev = &pool->first, .next = pool->first };
	output_init(&child->output, spec->keep);
	child->input = spec->input ? xstrdup(spec->input) : NULL;
	if (child->next)
		child->next->prev = &child->next;
	pool->first = child;
	ret = child_spawn(pool->runner, spec, &child->pid, child->fds);
	if (!ret) {
		ret = watch(child, spec->timeout_ms);
		if (ret) {
			send_signal(child, SIGKILL);
			waitpid(child->pid, NULL, 0);
		}
	}
	if (!ret)
		return child;
	child_free(child);
	errno = -ret;
	return NULL;
}

pid_t child_pid(const struct child *child)
{
	return child->pid;
}

void child_open_gate(struct child *child)
{
	if (child->fds[SPAWN_GATE] >= 0 &&
	    write(child->fds[SPAWN_GATE], "", 1) < 0)
		send_signal(child, SIGKILL);
	close_fd(child, SPAWN_GATE);
}

void child_cancel(struct child *child)
{
	if (child->state != CHILD_RUNNING)
		return;
	child->state = CHILD_TERM;
	child->why = EX_END_CANCELLED;
	send_signal(child, SIGTERM);
	arm(child, child->pool->grace_ms);
}

void child_forget(struct child *child)
{
	child->done = NULL;
}

void child_pool_free(struct child_pool *pool)
{
	while (pool->first)
		child_free(pool->first);
}

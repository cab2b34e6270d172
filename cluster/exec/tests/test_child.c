// SPDX-License-Identifier: GPL-2.0-only
/* Children: hanging, printing, leaving others behind. */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "loop.h"
#include "tests.h"
#include "util.h"

struct told {
	bool done;
	int times;
	enum ex_end end;
	int code, signal;
	char *tail, *reason, *head;
};

static void on_done(const struct child_end *end, void *arg)
{
	struct told *told = arg;

	told->done = true;
	told->times++;
	told->end = end->end;
	told->code = end->code;
	told->signal = end->signal;
	ha_replace(&told->tail, end->tail);
	ha_replace(&told->reason, end->reason);
	ha_replace(&told->head, end->stdout_head);
}

static void forget(struct told *told)
{
	free(told->tail);
	free(told->reason);
	free(told->head);
}

static struct child *begin(struct loop *loop, const char *text,
			   int64_t timeout_ms, struct told *told)
{
	char *path = loop_script(loop, "script", text);
	const char *argv[] = { path, "one", NULL };
	struct child_spec spec = { .argv = argv, .timeout_ms = timeout_ms,
				   .input = "line of input\n", .keep = 64 };
	struct child *child = child_start(&loop->ex->pool, &spec, on_done,
					  told);

	assert_non_null(child);
	/* The script is read by its shell, so it may go when that is over. */
	free(path);
	return child;
}

static int64_t run(struct loop *loop, const char *text, int64_t timeout_ms,
		   struct told *told)
{
	int64_t start = now_ms();

	begin(loop, text, timeout_ms, told);
	loop_run(loop, &told->done, 10000);
	return now_ms() - start;
}

static void code_and_output(void **state)
{
	struct told told = { 0 };
	struct loop loop;

	(void)state;
	loop_begin(&loop);
	run(&loop, "read x; echo \"got $x, $1\"; echo ocf-exit-reason:why >&2; exit 7\n",
	    5000, &told);
	assert_int_equal(told.end, EX_END_DONE);
	assert_int_equal(told.code, 7);
	assert_string_equal(told.reason, "why");
	assert_string_equal(told.head, "got line of input, one\n");
	assert_non_null(strstr(told.tail, "got line of input, one"));
	forget(&told);
	loop_end(&loop);
}

static void hangs(void **state)
{
	struct told told = { 0 };
	struct loop loop;
	int64_t took;

	(void)state;
	loop_begin(&loop);
	took = run(&loop, "echo waiting; sleep 1000\n", 1500, &told);
	assert_int_equal(told.end, EX_END_TIMEOUT);
	assert_in_range(took, 1450, 8000);
	assert_string_equal(told.tail, "waiting\n");
	forget(&told);
	loop_end(&loop);
}

/* The node stands still for longer than it may take; it has ended meanwhile. */
static void frozen(void **state)
{
	struct told told = { 0 };
	struct loop loop;

	(void)state;
	loop_begin(&loop);
	begin(&loop, "exit 7\n", 600, &told);
	usleep(1500000);
	loop_run(&loop, &told.done, 10000);
	assert_int_equal(told.end, EX_END_DONE);
	assert_int_equal(told.code, 7);
	forget(&told);
	loop_end(&loop);
}

/* But that is no second life for one that hangs. */
static void frozen_and_hangs(void **state)
{
	struct told told = { 0 };
	struct loop loop;

	(void)state;
	loop_begin(&loop);
	begin(&loop, "sleep 1000\n", 600, &told);
	usleep(1500000);
	loop_run(&loop, &told.done, 10000);
	assert_int_equal(told.end, EX_END_TIMEOUT);
	forget(&told);
	loop_end(&loop);
}

static void ignores_term(void **state)
{
	struct told told = { 0 };
	struct loop loop;
	int64_t took;

	(void)state;
	loop_begin(&loop);
	took = run(&loop, "trap '' TERM; while :; do sleep 0.1; done\n",
		   1500, &told);
	assert_int_equal(told.end, EX_END_TIMEOUT);
	assert_in_range(took, 1750, 8000);
	forget(&told);
	loop_end(&loop);
}

static bool gone(struct loop *loop, const char *file)
{
	char *text = loop_read(loop, file);
	pid_t pid = atoi(text);
	bool dead = true;

	free(text);
	assert_true(pid > 1);
	for (int i = 0; i < 40; i++) {
		char *path = xasprintf("/proc/%d/stat", (int)pid);
		FILE *stat = fopen(path, "re");
		char letter = 'Z';

		free(path);
		if (stat && fscanf(stat, "%*d %*s %c", &letter) != 1)
			letter = 'Z';
		if (stat)
			fclose(stat);
		dead = !stat || letter == 'Z';
		if (dead)
			break;
		usleep(50000);
	}
	if (!dead)
		kill(pid, SIGKILL);
	return dead;
}

/* At a timeout the whole group goes, also who does not heed SIGTERM. */
static void grandchildren_go_with_the_timeout(void **state)
{
	struct told told = { 0 };
	struct loop loop;

	(void)state;
	loop_begin(&loop);
	run(&loop, "(trap '' TERM; sleep 1000; sleep 1000) & echo $! >$dir/pid\n"
	    "sleep 1000\n", 1500, &told);
	assert_int_equal(told.end, EX_END_TIMEOUT);
	assert_true(gone(&loop, "pid"));
	forget(&told);
	loop_end(&loop);
}

/* After an ordinary end they are the service; the pipe is not waited for. */
static void grandchildren_stay(void **state)
{
	struct told told = { 0 };
	struct loop loop;
	int64_t took;
	char *text;
	pid_t pid;

	(void)state;
	loop_begin(&loop);
	took = run(&loop, "sleep 1000 & echo $! >$dir/pid; echo started\n",
		   5000, &told);
	assert_int_equal(told.end, EX_END_DONE);
	assert_in_range(took, 0, 8000);
	assert_string_equal(told.tail, "started\n");
	text = loop_read(&loop, "pid");
	pid = atoi(text);
	free(text);
	assert_int_equal(kill(pid, 0), 0);
	kill(pid, SIGKILL);
	forget(&told);
	loop_end(&loop);
}

static void megabytes(void **state)
{
	struct told told = { 0 };
	struct loop loop;

	(void)state;
	loop_begin(&loop);
	run(&loop, "head -c 8000000 /dev/zero | tr '\\0' x; echo; echo the end >&2; exit 3\n",
	    8000, &told);
	assert_int_equal(told.end, EX_END_DONE);
	assert_int_equal(told.code, 3);
	assert_true(strlen(told.tail) <= OUTPUT_TAIL);
	assert_int_equal(strlen(told.head), 64);
	assert_non_null(strstr(told.tail, "the end"));
	forget(&told);
	loop_end(&loop);
}

static void dies(void **state)
{
	struct told told = { 0 };
	struct loop loop;

	(void)state;
	loop_begin(&loop);
	run(&loop, "kill -SEGV $$\n", 5000, &told);
	assert_int_equal(told.end, EX_END_SIGNAL);
	assert_int_equal(told.signal, SIGSEGV);
	forget(&told);
	loop_end(&loop);
}

static void cancelled(void **state)
{
	struct told told = { 0 };
	struct loop loop;
	struct child *child;

	(void)state;
	loop_begin(&loop);
	child = begin(&loop, "sleep 1000\n", 0, &told);
	child_cancel(child);
	child_cancel(child);
	loop_run(&loop, &told.done, 3000);
	assert_int_equal(told.end, EX_END_CANCELLED);
	assert_int_equal(told.times, 1);
	forget(&told);
	loop_end(&loop);
}

static void not_there(void **state)
{
	const char *argv[] = { "/nonexistent/program", NULL };
	struct child_spec spec = { .argv = argv, .timeout_ms = 5000 };
	struct told told = { 0 };
	struct loop loop;

	(void)state;
	loop_begin(&loop);
	assert_non_null(child_start(&loop.ex->pool, &spec, on_done, &told));
	loop_run(&loop, &told.done, 5000);
	assert_int_equal(told.code, 5);
	assert_non_null(strstr(told.reason, "cannot run /nonexistent"));
	forget(&told);
	loop_end(&loop);
}

static void gate_holds(void **state)
{
	struct told told = { 0 };
	struct loop loop;
	char *path, *text;
	struct child *child;
	const char *argv[] = { NULL, NULL };
	struct child_spec spec = { .argv = argv, .timeout_ms = 5000,
				   .gated = true };

	(void)state;
	loop_begin(&loop);
	path = loop_script(&loop, "script", "echo ran >$dir/ran\n");
	argv[0] = path;
	child = child_start(&loop.ex->pool, &spec, on_done, &told);
	sd_event_run(loop.event, 200000);
	text = loop_read(&loop, "ran");
	assert_string_equal(text, "");
	free(text);
	child_open_gate(child);
	loop_run(&loop, &told.done, 5000);
	text = loop_read(&loop, "ran");
	assert_string_equal(text, "ran\n");
	free(text);
	free(path);
	forget(&told);
	loop_end(&loop);
}

/* Nothing of ours is open in a child but its three streams. */
static void no_descriptors(void **state)
{
	struct told told = { 0 };
	struct loop loop;
	char *text;

	(void)state;
	loop_begin(&loop);
	run(&loop, "ls /proc/$$/fd >$dir/fds\n", 5000, &told);
	text = loop_read(&loop, "fds");
	/* 10 and more are the shell's own. */
	assert_memory_equal(text, "0\n1\n", 4);
	assert_null(strstr(text, "\n3\n"));
	assert_null(strstr(text, "\n4\n"));
	free(text);
	forget(&told);
	loop_end(&loop);
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(code_and_output), cmocka_unit_test(hangs),
	cmocka_unit_test(frozen), cmocka_unit_test(frozen_and_hangs),
	cmocka_unit_test(ignores_term),
	cmocka_unit_test(grandchildren_go_with_the_timeout),
	cmocka_unit_test(grandchildren_stay), cmocka_unit_test(megabytes),
	cmocka_unit_test(dies), cmocka_unit_test(cancelled),
	cmocka_unit_test(not_there), cmocka_unit_test(gate_holds),
	cmocka_unit_test(no_descriptors),
};

TEST_GROUP(child_group, tests);

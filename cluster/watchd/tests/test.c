// SPDX-License-Identifier: GPL-2.0-only
/* When the device is fed, and what becomes of it, with a clock of the test's own. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

#include "fake_dog.h"
#include "guard.h"

static struct guard guard;
static struct keep keep;
static char device[WATCHD_PATH];
static bool was_reset;

static void reset(const char *why)
{
	assert_non_null(why);
	was_reset = true;
}

static int setup(void **state)
{
	int fd;

	(void)state;
	strcpy(device, "/tmp/hawatchd-test-XXXXXX");
	fd = mkstemp(device);
	close(fd);
	memset(&guard, 0, sizeof(guard));
	memset(&keep, 0, sizeof(keep));
	memset(&fake_dog, 0, sizeof(fake_dog));
	was_reset = false;
	guard.reset = reset;
	guard_start(&guard, &keep, 1000);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	if (guard.fd >= 0)
		close(guard.fd);
	unlink(device);
	return 0;
}

static void configure(const char *path, uint32_t lease_ms, int64_t now)
{
	struct watchd_request request = { WATCHD_VERSION, WATCHD_CONFIG, 0, lease_ms, "" };

	strcpy(request.device, path);
	guard_configure(&guard, &request, now);
}

/* Every millisecond from @from to @to; when it was fed last. */
static int64_t run(int64_t from, int64_t to)
{
	int64_t last = 0;

	for (; from < to && !was_reset; from++) {
		unsigned int before = fake_dog.fed;

		guard_step(&guard, from);
		if (fake_dog.fed > before)
			last = from;
	}
	return last;
}

/* As the loop of the program does it: no more often than it was said. */
static int64_t run_lazy(int64_t now, int64_t to)
{
	int64_t last = 0;

	while (now < to && !was_reset) {
		unsigned int before = fake_dog.fed;
		int64_t next = guard_step(&guard, now);

		if (fake_dog.fed > before)
			last = now;
		assert_true(next >= now || was_reset);
		now = next > now ? next : now + 1;
	}
	return last;
}

static void idle_is_fed(void **state)
{
	int64_t last;

	(void)state;
	assert_int_equal(guard_step(&guard, 1000), -1);
	configure(device, 5000, 1000);
	assert_true(guard.good);
	assert_int_equal(fake_dog.timeout, 2);
	last = run_lazy(1000, 60000);
	assert_true(last >= 59000 && fake_dog.fed > 100);
	assert_false(was_reset);
}

/* Whatever the lease and when it comes: the device bites before it is over. */
static void bites_in_time(void **state)
{
	(void)state;
	for (uint32_t lease = 2000; lease <= 20000; lease += 700) {
		for (int64_t late = 0; late < lease / 2 - 200; late += 150) {
			int64_t last;

			configure("", 0, 0);
			configure(device, lease, 100000);
			guard_lease(&guard, 100000 - late + lease, 100000);
			last = late % 300 ? run(100000, 100000 + 2 * lease) :
					    run_lazy(100000, 100000 + 2 * lease);
			assert_true(last >= 100000);
			assert_true(last + guard.lease.timeout_ms < 100000 - late + lease);
			/* And not much too soon. */
			assert_true(last + guard.lease.timeout_ms >= 100000 - late + lease - 400);
			assert_true(was_reset);
			was_reset = false;
			guard_lease(&guard, 0, 200000);
		}
	}
}

static void renewed_is_fed(void **state)
{
	(void)state;
	configure(device, 5000, 0);
	for (int64_t now = 10000; now < 100000; now += 1250) {
		guard_lease(&guard, now + 5000, now);
		assert_true(run_lazy(now, now + 1250) >= now);
	}
	assert_false(was_reset);
}

static void no_disarm_under_a_lease(void **state)
{
	(void)state;
	configure(device, 5000, 0);
	guard_lease(&guard, 5000, 100);
	assert_false(guard_disarm(&guard));
	configure("", 0, 200);
	assert_true(guard.fd >= 0);
	assert_int_equal(fake_dog.disarmed, 0);
	configure("/tmp/another", 5000, 300);
	assert_true(guard.fd >= 0 && !guard.good);
	assert_string_equal(guard.device, device);
	assert_int_equal(fake_dog.disarmed, 0);
	/* What was wanted happens as soon as it may. */
	configure("", 0, 400);
	guard_lease(&guard, 0, 500);
	assert_int_equal(fake_dog.disarmed, 1);
	assert_int_equal(guard.fd, -1);
	assert_int_equal(guard_step(&guard, 600), -1);
}

static void in_use(void **state)
{
	struct watchd_state said;

	(void)state;
	configure("/tmp/busy", 5000, 0);
	guard_state(&guard, &said);
	assert_false(said.open);
	assert_non_null(strstr(said.text, "in use by systemd"));
	/* No promise without a device. */
	guard_lease(&guard, 5000, 100);
	run(100, 10000);
	assert_false(was_reset);
}

static void too_short(void **state)
{
	(void)state;
	configure(device, 1900, 0);
	assert_false(guard.good);
	fake_dog.least = 4;
	configure(device, 5000, 0);
	assert_false(guard.good);
	assert_int_equal(guard.fd, -1);
	assert_int_equal(fake_dog.disarmed, 1);
	configure(device, 8000, 0);
	assert_true(guard.good);
	/* Too short for it now: told so, and the old lease is still kept. */
	guard_lease(&guard, 8000, 100);
	configure(device, 5000, 200);
	assert_false(guard.good);
	assert_true(run_lazy(200, 20000) + 4000 < 8000);
	assert_true(was_reset);
}

/* A driver that goes on counting must be fed, useful or not. */
static void stubborn(void **state)
{
	(void)state;
	fake_dog.least = 4;
	fake_dog.stubborn = true;
	configure(device, 5000, 0);
	assert_false(guard.good);
	assert_true(guard.fd >= 0);
	assert_true(run_lazy(0, 30000) > 28000);
	assert_false(guard_disarm(&guard));
}

static void timeout_changes(void **state)
{
	(void)state;
	configure(device, 5000, 0);
	guard_lease(&guard, 5000, 0);
	configure(device, 20000, 100);
	assert_true(guard.good);
	assert_int_equal(guard.lease.timeout_ms, 2000);
	configure(device, 3000, 200);
	assert_true(guard.good);
	assert_int_equal(guard.lease.timeout_ms, 1000);
	/* Another timeout feeds: not when that is too late. */
	guard_lease(&guard, 0, 300);
	configure(device, 20000, 300);
	assert_int_equal(guard.lease.timeout_ms, 10000);
	guard_lease(&guard, 4000, 300);
	configure(device, 10000, 3000);
	assert_false(guard.good);
	assert_int_equal(guard.lease.timeout_ms, 10000);
}

/* The process dies; the next one knows what was promised. */
static void crashes(void **state)
{
	int64_t last;

	(void)state;
	configure(device, 5000, 0);
	guard_lease(&guard, 6000, 1000);
	close(guard.fd);
	memset(&guard, 0, sizeof(guard));
	guard.reset = reset;
	guard_start(&guard, &keep, 1500);
	assert_true(guard.fd >= 0);
	assert_int_equal(guard.lease.until, 6000);
	last = run_lazy(1500, 20000);
	assert_true(was_reset && last + 2000 < 6000 && last > 3500);
	/* Too late: it is not fed any more, for that would be longer. */
	close(guard.fd);
	memset(&guard, 0, sizeof(guard));
	guard.reset = reset;
	was_reset = false;
	fake_dog.fed = fake_dog.opened = 0;
	guard_start(&guard, &keep, 4500);
	assert_int_equal(fake_dog.opened, 0);
	run_lazy(4500, 20000);
	assert_true(was_reset && !fake_dog.fed);
}

static void another_boot(void **state)
{
	struct keep *page;
	char path[] = "/tmp/hawatchd-keep-XXXXXX";

	(void)state;
	close(mkstemp(path));
	page = keep_open(path);
	assert_non_null(page);
	assert_int_equal(page->device[0], 0);
	strcpy(page->device, "/dev/watchdog");
	page->until = 5;
	page = keep_open(path);
	assert_string_equal(page->device, "/dev/watchdog");
	strcpy(page->boot, "another");
	page = keep_open(path);
	assert_int_equal(page->device[0], 0);
	assert_int_equal(page->until, 0);
	unlink(path);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(idle_is_fed), TEST(bites_in_time), TEST(renewed_is_fed),
		TEST(no_disarm_under_a_lease), TEST(in_use), TEST(too_short), TEST(stubborn),
		TEST(timeout_changes), TEST(crashes), TEST(another_boot),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

// SPDX-License-Identifier: GPL-2.0-only
/* safety.log: what is read back of what was written, torn, and damaged. */
#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "brain.h"
#include "conflicts.h"
#include "store.h"
#include "store_log.h"
#include "tests.h"

static char *scratch(void)
{
	char *dir = strdup("/tmp/ha-store-XXXXXX");

	assert_non_null(mkdtemp(dir));
	return dir;
}

static void drop(char *dir)
{
	char command[100];

	snprintf(command, sizeof(command), "rm -rf %s", dir);
	assert_int_equal(system(command), 0);
	free(dir);
}

static void put(const char *dir, const void *data, size_t size)
{
	char path[100];
	int fd;

	snprintf(path, sizeof(path), "%s/safety.log", dir);
	fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
	assert_int_equal(write(fd, data, size), size);
	close(fd);
}

/* A log of a snapshot and two records; @end: where each ends. */
static size_t make(uint8_t *file, size_t end[3])
{
	static const char *const texts[] = { "Ssnapshot", "Eone", "Esecond" };
	size_t size = 0;

	for (int i = 0; i < 3; i++) {
		store_head(file + size, texts[i], strlen(texts[i]));
		memcpy(file + size + STORE_HEAD, texts[i], strlen(texts[i]));
		size += STORE_HEAD + strlen(texts[i]);
		end[i] = size;
	}
	return size;
}

static size_t records(const char *dir, bool *damaged)
{
	struct core_bytes snapshot, *entries;
	char *error = NULL;
	struct store *store = store_open(dir, &error);
	size_t count = 0;

	*damaged = !store;
	free(error);
	if (!store)
		return 0;
	store_loaded(store, &snapshot, &entries, &count);
	count += snapshot.size > 0;
	store_close(store);
	return count;
}

static void crc(void **state)
{
	(void)state;
	assert_int_equal(store_crc("123456789", 9), 0xcbf43926);
	assert_int_equal(store_crc("", 0), 0);
}

/* However much of the end is missing, what is whole before it counts. */
static void torn(void **state)
{
	uint8_t file[200];
	size_t end[3], size = make(file, end);
	char *dir = scratch();
	bool damaged;

	(void)state;
	for (size_t cut = end[0]; cut <= size; cut++) {
		size_t expected = 1 + (cut >= end[1]) + (cut >= end[2]);

		put(dir, file, cut);
		assert_int_equal(records(dir, &damaged), expected);
		assert_false(damaged);
		/* What was cut off stays off. */
		assert_int_equal(records(dir, &damaged), expected);
	}
	/* Its end may also be there and hold nothing of it. */
	memset(file + end[1], 0, size - end[1]);
	put(dir, file, size);
	assert_int_equal(records(dir, &damaged), 2);
	assert_false(damaged);
	drop(dir);
}

/* Whatever bit of what was durable is wrong: never a shorter log, never none. */
static void damaged(void **state)
{
	uint8_t file[200];
	size_t end[3], size = make(file, end);
	char *dir = scratch();
	bool bad;

	(void)state;
	for (size_t at = 0; at < end[1] * 8; at++) {
		file[at / 8] ^= 1 << at % 8;
		put(dir, file, size);
		records(dir, &bad);
		assert_true(bad);
		file[at / 8] ^= 1 << at % 8;
	}
	/* A snapshot alone, too: it was renamed into place. */
	file[STORE_HEAD + 3] ^= 1;
	put(dir, file, end[0]);
	records(dir, &bad);
	assert_true(bad);
	drop(dir);
}

/* A node that joins writes its promise before it has any state. */
static void begins_with_entry(void **state)
{
	char *dir = scratch(), *error = NULL;
	struct store *store;
	uint8_t file[20];
	bool bad;

	(void)state;
	store_head(file, "Eone", 4);
	memcpy(file + STORE_HEAD, "Eone", 4);
	put(dir, file, STORE_HEAD + 4);
	assert_int_equal(records(dir, &bad), 1);
	assert_false(bad);
	store = store_open(dir, &error);
	assert_false(store_empty(store));
	store_close(store);
	drop(dir);
}

static void seeds(void **state)
{
	char *dir = scratch(), *error = NULL;
	struct store *store = store_open(dir, &error);
	struct stat info;
	char path[100];
	bool bad;

	(void)state;
	assert_non_null(store);
	assert_true(store_empty(store));
	assert_int_equal(store_seed(store, "first", 5), 0);
	assert_false(store_empty(store));
	store_close(store);
	assert_int_equal(records(dir, &bad), 1);
	snprintf(path, sizeof(path), "%s/secrets", dir);
	assert_int_equal(stat(path, &info), 0);
	assert_int_equal(info.st_mode & 0777, 0700);
	drop(dir);
}

/* A state that gave way, as the core wrote it, is text for people. */
static void conflicts(void **state)
{
	static const char text[] = "#@ {\"rev\":3,\"author\":\"ada\",\"host\":\"n1\"}\n"
		"cluster t { format 1; node n1 { id 1; link 10.0.0.1; } }\n";
	struct core_bytes bytes = { text, sizeof(text) - 1 };
	char *dir = scratch(), *error = NULL, path[100];
	struct brain *brain = brain_new();
	struct core_policy policy = brain_policy(brain);
	const char *why = "";
	size_t size;
	void *data = core_seed(&policy, bytes, &size, &why);
	json_t *list, *one;

	(void)state;
	assert_non_null(data);
	store_close(store_open(dir, &error));
	snprintf(path, sizeof(path), "%s/conflicts/1000.state", dir);
	assert_int_equal(store_file_write(path, data, size, 0600), 0);
	snprintf(path, sizeof(path), "%s/conflicts/2000.state", dir);
	assert_int_equal(store_file_write(path, data, size - 1, 0600), 0);
	assert_int_equal(conflicts_count(dir), 2);
	list = conflicts_list(dir);
	assert_int_equal(json_array_size(list), 2);
	one = json_array_get(list, 0);
	assert_string_equal(json_string_value(json_object_get(one, "message")), "cannot be read");
	one = json_array_get(list, 1);
	assert_int_equal(json_integer_value(json_object_get(one, "rev")), 3);
	assert_int_equal(json_integer_value(json_object_get(one, "time_ms")), 1000);
	assert_string_equal(json_string_value(json_object_get(one, "author")), "ada");
	json_decref(list);
	free(data);
	brain_free(brain);
	drop(dir);
}

int test_store(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(crc),
		cmocka_unit_test(torn),
		cmocka_unit_test(damaged),
		cmocka_unit_test(begins_with_entry),
		cmocka_unit_test(seeds),
		cmocka_unit_test(conflicts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

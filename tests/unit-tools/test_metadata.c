// SPDX-License-Identifier: GPL-2.0-only
/* Metadata on files in the place of disks: made, refused, shown, erased. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "md_load.h"
#include "metadata.h"
#include "tests.h"

#define DISK	"build/disk"
#define META	"build/meta"
#define MIB	(1 << 20)

static void make_file(const char *path, off_t size)
{
	int fd = open(path, O_CREAT | O_TRUNC | O_WRONLY | O_CLOEXEC, 0600);

	assert_true(fd >= 0);
	assert_int_equal(ftruncate(fd, size), 0);
	close(fd);
}

static void put(const char *path, off_t offset, const void *data, size_t size)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);

	assert_true(fd >= 0);
	assert_int_equal(pwrite(fd, data, size, offset), size);
	close(fd);
}

/* The superblock of an ext4 file system of @mib MiB, as far as one looks. */
static void put_ext4(const char *path, uint32_t mib)
{
	uint8_t super[1024] = { 0 };
	uint32_t blocks = mib * 256, shift = 2, incompat = 0x42;

	memcpy(super + 4, &blocks, 4);
	memcpy(super + 24, &shift, 4);
	memcpy(super + 56, "\x53\xef\x01\x00", 4);
	memcpy(super + 76, "\x01", 1);
	memcpy(super + 96, &incompat, 4);
	put(path, 1024, super, sizeof(super));
}

static char *create(const struct ha_md_place *place, bool force)
{
	FILE *out = fopen("/dev/null", "we");
	char *error = ha_md_create(place, 3, force, out);

	fclose(out);
	return error;
}

static void assert_refused(char *error, const char *because)
{
	assert_non_null(error);
	if (!strstr(error, because))
		fail_msg("\"%s\" does not say \"%s\"", error, because);
	free(error);
}

static void check_loaded(const struct ha_md_place *place, bool internal)
{
	struct ha_super super;
	struct md_open md;
	const char *why;
	int result;
	char *block;

	assert_null(md_open(&md, place, false));
	assert_null(md_load(&md, &super, &result, &why));
	assert_int_equal(result, 0);
	assert_int_equal(super.node_id, 3);
	assert_int_equal(super.layout.internal, internal);
	assert_int_equal(super.lineage.current_gen, 0);
	block = aligned_alloc(HA_META_BLOCK, HA_META_BLOCK);
	for (uint32_t slot = 0; slot < super.layout.slots; slot++) {
		uint64_t last = super.layout.bitmap_blocks - 1;

		assert_null(md_device_read(&md.meta, block, HA_META_BLOCK,
					   512 * ha_block_sector(&super.layout,
								 HA_META_BITMAP,
								 slot, last)));
		assert_true(ha_block_valid(block, HA_META_BITMAP, slot, last,
					   super.device_uuid));
	}
	free(block);
	md_close(&md);
}

static void test_internal(void **state)
{
	const struct ha_md_place place = { .disk = DISK };

	(void)state;
	make_file(DISK, 64 * MIB);
	assert_null(create(&place, false));
	check_loaded(&place, true);
	assert_refused(create(&place, false), "already has metadata");
	assert_null(create(&place, true));
	assert_null(ha_md_wipe(&place, false));
	assert_refused(ha_md_wipe(&place, false), "no metadata");
	assert_null(create(&place, false));
}

static void test_external(void **state)
{
	const struct ha_md_place place = { .disk = DISK, .meta_disk = META };

	(void)state;
	make_file(DISK, 64 * MIB);
	make_file(META, 4 * MIB);
	put_ext4(DISK, 64);	/* the data disk keeps all it has */
	assert_null(create(&place, false));
	check_loaded(&place, false);
	make_file(META, 4 * MIB);
	put_ext4(META, 4);
	assert_refused(create(&place, false), "ext4");
	make_file(META, 1 * MIB);
	assert_refused(create(&place, true), "too small");
}

static void test_file_systems(void **state)
{
	const struct ha_md_place place = { .disk = DISK };

	(void)state;
	make_file(DISK, 64 * MIB);
	put_ext4(DISK, 64);
	assert_refused(create(&place, false), "ext4");
	put_ext4(DISK, 32);
	assert_null(create(&place, false));
	check_loaded(&place, true);
	make_file(DISK, 64 * MIB);
	put(DISK, 0, "LUKS\xba\xbe\x00\x01", 8);
	assert_refused(create(&place, false), "crypto_LUKS");
	assert_null(create(&place, true));
}

static void test_one_copy_lost(void **state)
{
	const struct ha_md_place place = { .disk = DISK };
	char *zeros = calloc(1, HA_META_BLOCK);
	struct ha_super super;
	struct md_open md;
	const char *why;
	int result;

	(void)state;
	make_file(DISK, 64 * MIB);
	assert_null(create(&place, false));
	put(DISK, 512 * ha_super_sector(64 * MIB / 512, 0), zeros,
	    HA_META_BLOCK);
	assert_null(md_open(&md, &place, false));
	assert_null(md_load(&md, &super, &result, &why));
	assert_int_equal(result, 0);
	assert_true(super.lineage.flags & HA_MF_DOUBTFUL);
	md_close(&md);
	free(zeros);
}

static void test_refused_devices(void **state)
{
	const struct ha_md_place none = { .disk = "build/none" };
	const struct ha_md_place null = { .disk = "/dev/null" };
	const struct ha_md_place place = { .disk = DISK };

	(void)state;
	assert_refused(create(&none, true), "cannot open");
	assert_refused(create(&null, true), "not a block device");
	make_file(DISK, 0);
	assert_refused(create(&place, true), "too small");
	assert_refused(ha_md_wipe(&place, true), "too small");
	assert_refused(ha_md_dump(&place, false, stdout), "no metadata");
}

static void test_dump(void **state)
{
	const struct ha_md_place place = { .disk = DISK };
	char *text = NULL;
	size_t size;
	FILE *out;

	(void)state;
	make_file(DISK, 64 * MIB);
	assert_null(create(&place, false));
	for (int json = 0; json < 2; json++) {
		out = open_memstream(&text, &size);
		assert_null(ha_md_dump(&place, json, out));
		fclose(out);
		assert_non_null(strstr(text, json ? "\"node_id\": 3,"
						  : "node_id: 3\n"));
		assert_non_null(strstr(text, "0000000000000000"));
		free(text);
	}
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(test_internal),
	cmocka_unit_test(test_external),
	cmocka_unit_test(test_file_systems),
	cmocka_unit_test(test_one_copy_lost),
	cmocka_unit_test(test_refused_devices),
	cmocka_unit_test(test_dump),
};

TEST_GROUP(metadata_group, tests);

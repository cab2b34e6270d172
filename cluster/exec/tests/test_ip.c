// SPDX-License-Identifier: GPL-2.0-only
/* Addresses: parameters, and announcements byte by byte. */
#include <stdlib.h>
#include <string.h>

#include "exec.h"
#include "ip_packet.h"
#include "ip_param.h"
#include "tests.h"

static char *read_ip(const char *address, const char *name, const char *value,
		     struct ip_param *param)
{
	struct ex_param list[] = { { "address", address }, { name, value } };
	struct ex_op op = { .params = list, .n_params = name ? 2 : 1 };

	return ip_param_read(&op, param);
}

static void good(void **state)
{
	static const unsigned char v4[] = { 10, 1, 2, 3 };
	static const unsigned char v6[16] = { 0x20, 1, 0xd, 0xb8, [15] = 5 };
	struct ip_param param;

	(void)state;
	assert_null(read_ip("10.1.2.3/24", "dev", "eth0", &param));
	assert_int_equal(param.family, AF_INET);
	assert_int_equal(param.prefix, 24);
	assert_memory_equal(param.address, v4, 4);
	assert_string_equal(param.dev, "eth0");
	assert_true(param.announce && param.carrier && param.prefer);
	assert_null(read_ip("2001:db8::5", "announce", "no", &param));
	assert_int_equal(param.family, AF_INET6);
	assert_int_equal(param.prefix, -1);
	assert_memory_equal(param.address, v6, 16);
	assert_false(param.announce);
}

static void bad(void **state)
{
	static const struct {
		const char *address, *name, *value;
	} cases[] = {
		{ "", NULL, NULL }, { "10.0.0", NULL, NULL },
		{ "10.0.0.1/", NULL, NULL }, { "10.0.0.1/33", NULL, NULL },
		{ "10.0.0.1/0", NULL, NULL }, { "10.0.0.1/2x", NULL, NULL },
		{ "10.0.0.1/-1", NULL, NULL }, { "::1/129", NULL, NULL },
		{ "224.0.0.1/24", NULL, NULL }, { "ff02::1", NULL, NULL },
		{ "host", NULL, NULL }, { "10.0.0.1", "nic", "eth0" },
		{ "10.0.0.1", "dev", "much-too-long-name" },
		{ "10.0.0.1", "dev", "" }, { "10.0.0.1", "dev", "a/b" },
		{ "fd00::1", "label", "eth0:1" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct ip_param param;
		char *why = read_ip(cases[i].address, cases[i].name,
				    cases[i].value, &param);

		if (!why)
			fail_msg("case %zu is taken", i);
		free(why);
	}
}

static void networks(void **state)
{
	static const unsigned char a[] = { 10, 1, 2, 3 }, b[] = { 10, 1, 3, 3 };
	unsigned char broadcast[4];

	(void)state;
	assert_true(ip_in_network(a, b, 23));
	assert_false(ip_in_network(a, b, 24));
	assert_true(ip_in_network(a, b, 0));
	assert_true(ip_in_network(a, a, 32));
	assert_true(ip_broadcast(a, 24, broadcast));
	assert_memory_equal(broadcast, "\x0a\x01\x02\xff", 4);
	assert_true(ip_broadcast(a, 23, broadcast));
	assert_memory_equal(broadcast, "\x0a\x01\x03\xff", 4);
	assert_true(ip_broadcast(a, 1, broadcast));
	assert_memory_equal(broadcast, "\x7f\xff\xff\xff", 4);
	assert_false(ip_broadcast(a, 31, broadcast));
	assert_false(ip_broadcast(a, 32, broadcast));
}

static const unsigned char mac[6] = { 2, 0x11, 0x22, 0x33, 0x44, 0x55 };

static void arp(void **state)
{
	static const unsigned char address[] = { 192, 168, 10, 100 };
	static const unsigned char request[] = {
		0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 2, 0x11, 0x22, 0x33, 0x44,
		0x55, 8, 6, 0, 1, 8, 0, 6, 4, 0, 1,
		2, 0x11, 0x22, 0x33, 0x44, 0x55, 192, 168, 10, 100,
		0, 0, 0, 0, 0, 0, 192, 168, 10, 100,
	};
	static const unsigned char reply[] = {
		0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 2, 0x11, 0x22, 0x33, 0x44,
		0x55, 8, 6, 0, 1, 8, 0, 6, 4, 0, 2,
		2, 0x11, 0x22, 0x33, 0x44, 0x55, 192, 168, 10, 100,
		0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 192, 168, 10, 100,
	};
	unsigned char frame[IP_FRAME_MAX];

	(void)state;
	assert_int_equal(ip_arp_frame(mac, address, false, frame), 42);
	assert_memory_equal(frame, request, 42);
	assert_int_equal(ip_arp_frame(mac, address, true, frame), 42);
	assert_memory_equal(frame, reply, 42);
}

/* Checksums by hand: sums of 16-bit words, the carries added. */
static void advertisement(void **state)
{
	static const unsigned char address[16] = {
		0xfd, 0, [15] = 0x10,
	};
	static const unsigned char wanted[] = {
		0x33, 0x33, 0, 0, 0, 1, 2, 0x11, 0x22, 0x33, 0x44, 0x55,
		0x86, 0xdd, 0x60, 0, 0, 0, 0, 32, 58, 255,
		0xfd, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x10,
		0xff, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1,
		136, 0, 0, 0, 0x20, 0, 0, 0,
		0xfd, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x10,
		2, 1, 2, 0x11, 0x22, 0x33, 0x44, 0x55,
	};
	unsigned char frame[IP_FRAME_MAX];
	unsigned int sum = 0;

	(void)state;
	assert_int_equal(ip_na_frame(mac, address, false, frame), 86);
	/* Addresses, length, next header; then the message itself. */
	sum = 0xfd00 + 0x10 + 0xff02 + 1 + 0x20 + 0x3a + 0x8800 + 0x2000 +
	      0xfd00 + 0x10 + 0x201 + 0x211 + 0x2233 + 0x4455;
	sum = (sum & 0xffff) + (sum >> 16);
	sum = ~sum & 0xffff;
	assert_int_equal(frame[56], sum >> 8);
	assert_int_equal(frame[57], sum & 0xff);
	frame[56] = frame[57] = 0;
	assert_memory_equal(frame, wanted, sizeof(wanted));
	ip_na_frame(mac, address, true, frame);
	assert_int_equal(frame[58], 0xa0);
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(good), cmocka_unit_test(bad),
	cmocka_unit_test(networks), cmocka_unit_test(arp),
	cmocka_unit_test(advertisement),
};

TEST_GROUP(ip_group, tests);

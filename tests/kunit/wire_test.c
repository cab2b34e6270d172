// SPDX-License-Identifier: GPL-2.0-only
/*
 * The door for messages: the rules of every type written out by hand, every
 * type in every phase on every stream, hostile lengths, and ranges at the edges
 * of a device.
 */
#include "suite.h"
#include "../../kernel/wire.h"

#define K	1024u
#define M	(1024u * 1024u)

/*
 * Phases: Hello, Auth, haNdshake, Up. Streams: Control, Data, Resync. Lengths
 * are numbers here: a changed struct is a changed protocol.
 */
static const struct expected {
	u16 type;
	u16 body;
	const char *phases, *streams;
	u32 min, max, unit;
} expected[] = {
	{ HA_MSG_HELLO,		136,	"H",	"CDR" },
	{ HA_MSG_AUTH,		40,	"A",	"CDR" },
	{ HA_MSG_REFUSED,	128,	"HANU",	"CDR" },
	{ HA_MSG_READY,		8,	"N",	"C" },
	{ HA_MSG_SNAPSHOT,	848,	"N",	"C" },
	{ HA_MSG_VERDICT,	16,	"N",	"C" },
	{ HA_MSG_COMMIT,	8,	"N",	"C" },
	{ HA_MSG_PING,		8,	"NU",	"C" },
	{ HA_MSG_PONG,		8,	"NU",	"C" },
	{ HA_MSG_STATE,		32,	"U",	"C" },
	{ HA_MSG_BYE,		0,	"NU",	"C" },
	{ HA_MSG_PROMOTE,	32,	"U",	"C" },
	{ HA_MSG_PROMOTE_ANSWER, 128,	"U",	"C" },
	{ HA_MSG_SKIP_SYNC,	32,	"U",	"C" },
	{ HA_MSG_SKIP_SYNC_ANSWER, 128,	"U",	"C" },
	{ HA_MSG_RESYNC_CONTROL, 8,	"U",	"C" },
	{ HA_MSG_WRITE,		40,	"U",	"D",	0, M, 512 },
	{ HA_MSG_FLUSH,		40,	"U",	"D" },
	{ HA_MSG_READ,		40,	"U",	"D" },
	{ HA_MSG_ACK,		16,	"U",	"D" },
	{ HA_MSG_READ_DATA,	16,	"U",	"D",	0, M, 512 },
	{ HA_MSG_BITMAP,	16,	"U",	"R",	8, 256 * K, 8 },
	{ HA_MSG_BITMAP_END,	8,	"U",	"R" },
	{ HA_MSG_RESYNC_REQUEST, 24,	"U",	"R" },
	{ HA_MSG_RESYNC_DATA,	24,	"U",	"R",	0, M, 512 },
	{ HA_MSG_RESYNC_ACK,	16,	"U",	"R" },
	{ HA_MSG_DIGEST,	24,	"U",	"R",	0, 4 * K, 16 },
	{ HA_MSG_DIGEST_ANSWER,	24,	"U",	"R",	0, 32, 8 },
	{ HA_MSG_RESYNC_END,	736,	"U",	"R" },
	{ HA_MSG_RESYNC_END_ANSWER, 736, "U",	"R" },
	{ HA_MSG_LOSE_SLOT,	16,	"U",	"C",	0, 64 * K, 16 },
	{ HA_MSG_LOSE_SLOT_ANSWER, 128,	"U",	"C" },
};

static const struct expected *rule_of(u32 type)
{
	u32 i;

	for (i = 0; i < ARRAY_SIZE(expected); i++)
		if (expected[i].type == type)
			return &expected[i];
	return NULL;
}

static bool length_allowed(const struct expected *e, u32 body, u32 payload)
{
	if (body != e->body)
		return false;
	if (!e->max)
		return !payload;
	return payload >= e->min && payload <= e->max && !(payload % e->unit);
}

static int decode(u32 type, u32 phase, u32 stream, u32 body, u32 payload)
{
	struct ha_wire_head w;
	struct ha_head h;
	const char *why = NULL;
	int err;

	ha_head_encode(&w, type, 0, body, payload, 77, 5);
	err = ha_head_decode(&w, phase, stream, 77, 5, &h, &why);
	if (err && !why)
		return 1;
	if (!err && (h.type != type || h.body != body || h.payload != payload))
		return 2;
	return err;
}

static void rules_and_names(struct kunit *test)
{
	u32 type;

	for (type = 0; type <= 0xffff; type++) {
		const struct ha_msg_rule *rule = ha_msg_rule(type);

		KUNIT_EXPECT_EQ_MSG(test, !rule, !rule_of(type), "type %u",
				    type);
		KUNIT_EXPECT_EQ(test, !rule, !strcmp(ha_msg_name(type),
						     "unknown"));
		if (rule)
			KUNIT_EXPECT_LE(test, rule->body, HA_WIRE_MAX_BODY);
	}
}

/* Every type there could be, at every time, on every stream. */
static void types_phases_streams(struct kunit *test)
{
	static const char phases[] = "HANU?", streams[] = "CDRDDDDDDD?";
	const struct expected *e;
	u32 type, phase, stream;
	int err, want;

	for (type = 0; type < 0x10000; type += type < 200 ? 1 : 997) {
		e = rule_of(type);
		for (phase = 0; phase < 5; phase++) {
			for (stream = 0; stream < sizeof(streams) - 1; stream++) {
				err = decode(type, phase, stream,
					     e ? e->body : 0, e ? e->min : 0);
				want = !e ? -EOPNOTSUPP :
				       strchr(e->phases, phases[phase]) &&
				       strchr(e->streams, streams[stream]) ?
				       0 : -EPROTO;
				KUNIT_EXPECT_EQ_MSG(test, err, want,
						    "type %u in %c on %c: %d",
						    type, phases[phase],
						    streams[stream], err);
			}
		}
	}
	KUNIT_EXPECT_EQ(test, decode(HA_MSG_REFUSED, ~0u, 0, 128, 0), -EPROTO);
	KUNIT_EXPECT_EQ(test, decode(HA_MSG_REFUSED, 0, ~0u, 128, 0), -EPROTO);
}

static u32 phase_of(const struct expected *e)
{
	return strchr("HANU", e->phases[0]) - "HANU";
}

static u32 stream_of(const struct expected *e)
{
	return strchr("CDR", e->streams[0]) - "CDR";
}

static void try_length(struct kunit *test, const struct expected *e, u32 body,
		       u32 payload)
{
	int err = decode(e->type, phase_of(e), stream_of(e), body, payload);

	KUNIT_EXPECT_EQ_MSG(test, err,
			    length_allowed(e, body, payload) ? 0 : -EMSGSIZE,
			    "type %u body %u payload %u: %d", e->type, body,
			    payload, err);
}

static void lengths(struct kunit *test)
{
	static const u32 payloads[] = {
		0, 1, 2, 4, 7, 8, 9, 15, 16, 17, 24, 31, 32, 33, 40, 48, 256,
		511, 512, 513, 520, 528, 1024, 1536, 4095, 4096, 4097, 4104,
		4112, 4608, 65535, 65536, 65537, 65552, 262143, 262144, 262145,
		262152, M - 512, M - 1, M, M + 1, M + 8, M + 16, M + 512,
		1u << 31, (1u << 31) - 512, ~0u, ~0u - 511, ~0u - 7,
	};
	u32 i, k, body;

	for (i = 0; i < ARRAY_SIZE(expected); i++) {
		const struct expected *e = &expected[i];

		for (k = 0; k < ARRAY_SIZE(payloads); k++) {
			try_length(test, e, e->body, payloads[k]);
			try_length(test, e, e->body + 1, payloads[k]);
		}
		for (body = 0; body <= 0xffff; body += 1 + body / 2000)
			try_length(test, e, body, e->min);
	}
}

static void fields(struct kunit *test)
{
	struct ha_wire_head w;
	struct ha_head h;
	const char *why;
	u8 bytes[HA_WIRE_HEAD];

	ha_head_encode(&w, HA_MSG_WRITE, 0, 40, 1536, 0x12345678,
		       0x1122334455667788ull);
	KUNIT_EXPECT_EQ(test, w.crc, 0);
	w.crc = cpu_to_le32(0xabcdef01);
	memcpy(bytes, &w, sizeof(bytes));
	KUNIT_EXPECT_EQ(test, bytes[0], 'h');
	KUNIT_EXPECT_EQ(test, bytes[4], 32);
	KUNIT_EXPECT_EQ(test, bytes[8], 0x88);
	KUNIT_EXPECT_EQ(test, bytes[15], 0x11);
	KUNIT_EXPECT_EQ(test, bytes[16], 40);
	KUNIT_EXPECT_EQ(test, bytes[21], 1536 / 256);
	KUNIT_EXPECT_EQ(test, bytes[24], 0x78);
	KUNIT_EXPECT_EQ(test, bytes[28], 0x01);
	KUNIT_EXPECT_EQ(test, ha_head_decode(&w, HA_PHASE_UP, HA_STREAM_DATA,
					     0x12345678, 0x1122334455667788ull,
					     &h, &why), 0);
	KUNIT_EXPECT_EQ(test, h.type, HA_MSG_WRITE);
	KUNIT_EXPECT_EQ(test, h.flags, 0);
	KUNIT_EXPECT_EQ(test, h.body, 40);
	KUNIT_EXPECT_EQ(test, h.payload, 1536);
	KUNIT_EXPECT_EQ(test, h.tag, 0x12345678);
	KUNIT_EXPECT_EQ(test, h.sequence, 0x1122334455667788ull);
	KUNIT_EXPECT_EQ(test, h.crc, 0xabcdef01);
}

/* Each byte of a good header, changed: which are noticed, and as what. */
static void changed_bytes(struct kunit *test)
{
	struct ha_wire_head good, w;
	struct ha_head h;
	const char *why;
	u32 i, k;
	int err;

	ha_head_encode(&good, HA_MSG_PING, 0, 8, 0, 77, 5);
	for (i = 0; i < 28; i++) {	/* behind are 4 bytes of crc */
		for (k = 1; k < 256; k++) {
			w = good;
			((u8 *)&w)[i] ^= k;
			why = NULL;
			err = ha_head_decode(&w, HA_PHASE_UP, 0, 77, 5, &h,
					     &why);
			if (i == 4 && ((k ^ HA_MSG_PING) == HA_MSG_PONG ||
				       (k ^ HA_MSG_PING) ==
						HA_MSG_RESYNC_CONTROL)) {
				KUNIT_EXPECT_EQ(test, err, 0);
				continue;	/* of the same form */
			}
			KUNIT_EXPECT_TRUE_MSG(test, err && why, "byte %u ^ %#x",
					      i, k);
			if (i < 4 || i == 6 || i == 7 || (i >= 8 && i < 16) ||
			    i == 18 || i == 19 || i >= 24)
				KUNIT_EXPECT_EQ(test, err, -EPROTO);
			else if (i >= 16)
				KUNIT_EXPECT_EQ(test, err, -EMSGSIZE);
		}
	}
}

static void crc(struct kunit *test)
{
	u8 body[40], all[HA_WIRE_HEAD + 40], payload[] = "payload";
	struct ha_wire_head w;
	u64 random = 2;
	u32 sum, seed, i;

	test_fill(&random, body, sizeof(body));
	ha_head_encode(&w, HA_MSG_WRITE, 0, sizeof(body), sizeof(payload), 7,
		       8);
	memcpy(all, &w, sizeof(w));
	memcpy(all + sizeof(w), body, sizeof(body));
	seed = crc32c(~0u, payload, sizeof(payload));
	sum = ha_head_crc(&w, body, seed);
	KUNIT_EXPECT_EQ(test, sum, crc32c(seed, all, sizeof(all)));
	KUNIT_EXPECT_EQ(test, w.crc, 0);
	w.crc = cpu_to_le32(sum);
	KUNIT_EXPECT_EQ(test, ha_head_crc(&w, body, seed), sum);
	KUNIT_EXPECT_NE(test, ha_head_crc(&w, body, ~0u), sum);
	for (i = 0; i < sizeof(body); i++) {
		body[i] ^= 1u << i % 8;
		KUNIT_EXPECT_NE(test, ha_head_crc(&w, body, seed), sum);
		body[i] ^= 1u << i % 8;
	}
	ha_head_encode(&w, HA_MSG_BYE, 0, 0, 0, 7, 8);
	KUNIT_EXPECT_EQ(test, ha_head_crc(&w, NULL, ~0u),
			crc32c(~0u, &w, sizeof(w)));
}

/* Nothing but the decoder stands before random bytes. */
static void random_headers(struct kunit *test)
{
	struct ha_wire_head w;
	u64 random = 12;
	struct ha_head h;
	const char *why;
	u32 i, phase, stream;
	bool fits;
	int err;

	memset(&h, 0, sizeof(h));
	for (i = 0; i < 1000000 / TEST_STRIDE; i++) {
		test_fill(&random, &w, sizeof(w));
		if (i % 4)
			w.magic = cpu_to_le32(HA_WIRE_MAGIC);
		w.type = cpu_to_le16(test_pick(&random, 80));
		if (i % 8 > 1) {
			w.flags = 0;
			w.spare = 0;
			w.tag = 0;
			w.sequence = 0;
		}
		phase = test_pick(&random, 5);
		stream = test_pick(&random, HA_STREAM_MAX + 1);
		err = ha_head_decode(&w, phase, stream, 0, 0, &h, &why);
		fits = rule_of(h.type) && length_allowed(rule_of(h.type),
							 h.body, h.payload);
		if (!err)
			KUNIT_EXPECT_TRUE(test, fits);
		else
			KUNIT_EXPECT_TRUE(test, err == -EPROTO ||
					  err == -EOPNOTSUPP ||
					  err == -EMSGSIZE);
	}
}

static void op_edges(struct kunit *test)
{
	static const struct {
		u16 type;
		u32 op;
		int err;
	} list[] = {
		{ HA_MSG_WRITE, 0 },
		{ HA_MSG_WRITE, 0x0f },
		{ HA_MSG_WRITE, 0x10 },
		{ HA_MSG_WRITE, 0x3f },
		{ HA_MSG_WRITE, 0x20, -EINVAL },	/* unmap what is not zeroed */
		{ HA_MSG_WRITE, 0x40, -EINVAL },
		{ HA_MSG_WRITE, 0x80000000, -EINVAL },
		{ HA_MSG_FLUSH, 0x0f },
		{ HA_MSG_FLUSH, 0x10, -EINVAL },
		{ HA_MSG_READ, 0x0c },
		{ HA_MSG_READ, 0x01, -EINVAL },		/* the block layer warns */
		{ HA_MSG_READ, 0x02, -EINVAL },
		{ HA_MSG_READ, 0x10, -EINVAL },
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(list); i++)
		KUNIT_EXPECT_EQ_MSG(test, ha_op_check(list[i].type, list[i].op),
				    list[i].err, "%u %x", list[i].type,
				    list[i].op);
}

static void texts(struct kunit *test)
{
	u8 text[8] = { 'a', 0x1b, 0xff, 0x7f, '~', ' ', 'b', 'c' };

	ha_text_clean(text, sizeof(text));
	KUNIT_EXPECT_TRUE(test, !memcmp(text, "a???~ b", 8));
}

static void io_edges(struct kunit *test)
{
#define OK(...)		KUNIT_EXPECT_EQ(test, ha_io_check(__VA_ARGS__), 0)
#define BAD(...)	KUNIT_EXPECT_EQ(test, ha_io_check(__VA_ARGS__), -EINVAL)
	OK(0, 512, 512, true, 1);
	OK(0, 512, 0, false, 1);
	BAD(0, 0, 0, false, 1);			/* nothing */
	BAD(0, 0, 0, true, 1);
	BAD(0, 513, 513, true, 100);		/* odd */
	BAD(0, 511, 511, true, 100);
	BAD(0, 1024, 1024, true, 1);		/* beyond the end */
	BAD(1, 512, 512, true, 1);
	OK(99, 512, 512, true, 100);
	BAD(99, 1024, 1024, true, 100);
	BAD(100, 512, 512, true, 100);
	BAD(~0ull, 512, 512, true, 100);	/* the sum wraps */
	BAD(~0ull, 512, 512, true, ~0ull);
	OK(~0ull - 1, 512, 512, true, ~0ull);
	BAD(0, 512, 512, true, 0);
	OK(0, M, M, true, 1u << 30);		/* longest */
	BAD(0, M + 512, M + 512, true, 1u << 30);
	OK(0, 64 * M, 0, false, 1u << 30);
	BAD(0, 64 * M + 512, 0, false, 1u << 30);
	BAD(0, ~0u - 511, 0, false, ~0ull);
	BAD(0, ~0u - 511, ~0u - 511, true, ~0ull);
	BAD(0, 1024, 512, true, 100);		/* payload of another length */
	BAD(0, 512, 1024, true, 100);
	BAD(0, 512, 0, true, 100);
	BAD(0, 512, 512, false, 100);
#undef OK
#undef BAD
}

static void io_aligned(struct kunit *test)
{
	KUNIT_EXPECT_TRUE(test, ha_io_aligned(8, 8192, 4096));
	KUNIT_EXPECT_TRUE(test, ha_io_aligned(3, 512, 512));
	KUNIT_EXPECT_FALSE(test, ha_io_aligned(4, 4096, 4096));
	KUNIT_EXPECT_FALSE(test, ha_io_aligned(8, 4608, 4096));
	KUNIT_EXPECT_TRUE(test, ha_io_aligned(~0ull >> 9, 512, 1));
}

static struct kunit_case cases[] = {
	KUNIT_CASE(rules_and_names),
	KUNIT_CASE(types_phases_streams),
	KUNIT_CASE(lengths),
	KUNIT_CASE(fields),
	KUNIT_CASE(changed_bytes),
	KUNIT_CASE(crc),
	KUNIT_CASE(random_headers),
	KUNIT_CASE(io_edges),
	KUNIT_CASE(io_aligned),
	KUNIT_CASE(op_edges),
	KUNIT_CASE(texts),
	{ }
};

static struct kunit_suite wire = {
	.name = "ha_wire",
	.test_cases = cases,
};
kunit_test_suite(wire);

// SPDX-License-Identifier: GPL-2.0-only
/*
 * Pure: no lock, no clock, no allocation.  A resync climbs and descends a ladder
 * of steps, by the share of application writes that are slower than they may be.
 */
#include "pace.h"

#define WINDOW		64u	/* writes held against the calm at once */
#define FEW_SLOW	1u	/* of a window: one step up */
#define MANY_SLOW	3u	/* one step down; three times as many: two */
#define PATIENCE	64u	/* windows without a step up, at most */
#define LOOK_AGAIN	1024u	/* writes until the calm is looked at again */
#define REST		32u	/* writes without a resync, for that */

#define KIB		1024u

static const struct ha_pace_step ladder[] = {
	{ 16 * KIB, 1, 4 },
	{ 32 * KIB, 1, 4 },
	{ 64 * KIB, 1, 4 },
	{ 64 * KIB, 1, 0 },
	{ 128 * KIB, 1, 0 },
	{ 256 * KIB, 1, 0 },
	{ 256 * KIB, 2, 0 },
	{ 512 * KIB, 4, 0 },
};

#define STEPS	ARRAY_SIZE(ladder)

/* Nobody writes: as much as the disks and the link can take. */
static const struct ha_pace_step alone = { 1024 * KIB, 16, 0 };

/*
 * An estimate of a quantile without a list of values: up by an eighth where a
 * value lies above it, down by the hundredth of that where it lies below, so it
 * stays where one in about a hundred is above.
 */
static void learn(struct ha_pace *p, u64 ns)
{
	if (!p->learned)
		p->calm_ns = ns;
	else if (ns > p->calm_ns)
		p->calm_ns += (p->calm_ns >> 3) + 1;
	else
		p->calm_ns -= div_u64(p->calm_ns, 800);
	if (p->learned < HA_PACE_ENOUGH)
		p->learned++;
}

static void begin_rest(struct ha_pace *p)
{
	p->resting = true;
	p->rested = 0;
	p->since = 0;
}

/* One step up, but not at once where the last one was too much. */
static void climb(struct ha_pace *p)
{
	if (p->hold) {
		p->hold--;
		return;
	}
	if (p->level + 1 == STEPS)
		return;
	p->level++;
	p->patience >>= 1;
}

static void descend(struct ha_pace *p, u32 steps)
{
	p->level = p->level > steps ? p->level - steps : 0;
	p->patience = p->patience < PATIENCE ? 2 * p->patience + 2 : PATIENCE;
	p->hold = p->patience;
}

static void end_window(struct ha_pace *p)
{
	if (p->slow <= FEW_SLOW)
		climb(p);
	else if (p->slow >= MANY_SLOW)
		descend(p, p->slow >= 3 * MANY_SLOW ? 2 : 1);
	p->since += p->seen;
	p->seen = 0;
	p->slow = 0;
	if (p->since >= LOOK_AGAIN)
		begin_rest(p);
}

void ha_pace_write(struct ha_pace *p, u64 ns, bool beside)
{
	if (!beside || p->resting) {
		learn(p, ns);
		p->resting = beside && (++p->rested < REST ||
					p->learned < HA_PACE_ENOUGH);
		return;
	}
	if (p->learned < HA_PACE_ENOUGH) {
		begin_rest(p);
		return;
	}
	p->slow += ns > p->calm_ns + (p->calm_ns >> 1);
	if (++p->seen == WINDOW)
		end_window(p);
}

struct ha_pace_step ha_pace_step(const struct ha_pace *p, bool busy)
{
	struct ha_pace_step step = alone;

	if (!busy)
		return step;
	step = ladder[p->level < STEPS ? p->level : STEPS - 1];
	if (p->resting)
		step.out = 0;
	return step;
}

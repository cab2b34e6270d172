// SPDX-License-Identifier: GPL-2.0-only
/*
 * [pure] How two replicas descend from each other, as far as their histories
 * tell.  Knows generations only; what follows from it is the verdict's.
 */
#include "ancestry.h"

bool ha_ancestry_has(const struct ha_snapshot *s, u64 generation)
{
	u32 i;

	for (i = 0; i < HA_META_HISTORY && s->history[i].generation; i++)
		if (s->history[i].generation == generation)
			return true;
	return false;
}

bool ha_ancestry_bits_reach(const struct ha_snapshot *s, u64 generation)
{
	u64 base = s->base[s->peer_id];
	u32 i;

	if (!base || !generation)
		return false;
	if (base == generation)
		return true;
	if (!ha_ancestry_has(s, base))
		return false;
	for (i = 0; s->history[i].generation != base; i++)
		if (s->history[i].generation == generation)
			return true;
	return false;
}

/* 0 for current, then the history, then a base that fell out of it; or -1. */
static int age_of(const struct ha_snapshot *s, u64 generation)
{
	int i;

	if (s->current_gen == generation)
		return 0;
	for (i = 0; i < (int)HA_META_HISTORY && s->history[i].generation; i++)
		if (s->history[i].generation == generation)
			return i + 1;
	if (s->base[s->peer_id] == generation)
		return HA_META_HISTORY + 1;
	return -1;
}

/* The generation of age @age, see age_of(); 0 when there is none. */
static u64 generation_at(const struct ha_snapshot *s, u32 age)
{
	if (!age)
		return s->current_gen;
	if (age <= HA_META_HISTORY)
		return s->history[age - 1].generation;
	return s->base[s->peer_id];
}

u64 ha_ancestry_newest_common(const struct ha_snapshot *a,
			      const struct ha_snapshot *b)
{
	int age_b, sum, best_sum = 0;
	u64 generation, best = 0;
	u32 i;

	for (i = 0; i <= HA_META_HISTORY + 1; i++) {
		generation = generation_at(a, i);
		age_b = generation ? age_of(b, generation) : -1;
		if (age_b < 0)
			continue;
		sum = age_of(a, generation) + age_b;
		if (!best || sum < best_sum ||
		    (sum == best_sum && generation > best)) {
			best = generation;
			best_sum = sum;
		}
	}
	return best;
}

bool ha_ancestry_bits_meet(const struct ha_snapshot *a,
			   const struct ha_snapshot *b)
{
	u64 generation;
	u32 i;

	for (i = 0; i <= HA_META_HISTORY + 1; i++) {
		generation = generation_at(a, i);
		if (!generation)
			continue;
		if ((generation == a->current_gen ||
		     ha_ancestry_bits_reach(a, generation)) &&
		    (generation == b->current_gen ||
		     ha_ancestry_bits_reach(b, generation)))
			return true;
	}
	return false;
}

u64 ha_ancestry_left_at(const struct ha_snapshot *s, u64 generation)
{
	int age = age_of(s, generation);

	if (age < 1 || age > (int)HA_META_HISTORY)
		return 0;
	return s->history[age - 1].time;
}

u64 ha_diverged_at(const struct ha_snapshot *mine,
		   const struct ha_snapshot *theirs, u64 *time)
{
	u64 generation = ha_ancestry_newest_common(mine, theirs);
	u64 a, b;

	*time = 0;
	if (!generation)
		return 0;
	a = ha_ancestry_left_at(mine, generation);
	b = ha_ancestry_left_at(theirs, generation);
	*time = !a || (b && b < a) ? b : a;
	return generation;
}

bool ha_ancestry_is_ahead(const struct ha_snapshot *s,
			  const struct ha_snapshot *peer)
{
	return (s->flags & HA_SNAP_BEGUN) && peer->session &&
	       peer->session != s->session &&
	       peer->session == s->previous_session;
}

static bool remembers(const struct ha_snapshot *s, u64 session)
{
	return session == s->session || session == s->previous_session;
}

bool ha_ancestry_is_replaced(const struct ha_snapshot *a,
			     const struct ha_snapshot *b)
{
	if (ha_ancestry_is_ahead(a, b) || ha_ancestry_is_ahead(b, a))
		return true;
	return a->session && b->session && !remembers(a, b->session) &&
	       !remembers(b, a->session);
}

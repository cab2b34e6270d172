/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * As much of the kernel as the files of kernel/ need to run in a program with
 * one thread: types, atomics, bits, lists.  Locks do nothing; what sleeps, is
 * queued or does I/O goes to the simulated machine (machine.h).
 */
#ifndef EXPLORE_SHIM_H
#define EXPLORE_SHIM_H

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/types.h>
#include "../../include/ha_pure.h"
#include "../../include/ha_meta.h"

/* Regions of one block: two of them are enough. */
#undef HA_META_MIN_REGION_SHIFT
#define HA_META_MIN_REGION_SHIFT 12u

typedef unsigned int gfp_t;
typedef unsigned int blk_opf_t;
typedef u8 blk_status_t;
typedef s64 time64_t;

#define GFP_KERNEL		0
#define GFP_NOIO		0
#define __GFP_RETRY_MAYFAIL	0
#define __GFP_NOWARN		0
#define PAGE_SIZE		4096u
#define PAGE_SHIFT		12
#define SECTOR_SHIFT		9
#define BITS_PER_LONG		64
#define U64_MAX			UINT64_MAX
#define HZ			100
#define KBUILD_MODNAME		"ha"

#define __printf(a, b)
#define fallthrough		__attribute__((__fallthrough__))
#define READ_ONCE(x)		(x)
#define WRITE_ONCE(x, v)	((x) = (v))
#define smp_mb()		((void)0)
#define smp_rmb()		((void)0)
#define smp_wmb()		((void)0)
#define smp_store_release(p, v) ((void)(*(p) = (v)))
#define smp_load_acquire(p)	(*(p))
#define cond_resched()		((void)0)
#define lockdep_assert_held(l)	((void)(l))
#define IS_ERR(p)		((unsigned long)(p) >= (unsigned long)-4095)
#define PTR_ERR(p)		((int)(long)(p))
#define ERR_PTR(e)		((void *)(long)(e))
#define BUILD_BUG_ON(c)		((void)(c))

/* The kernel would complain on its console: a finding. */
void machine_warn(const char *what, const char *file, int line);
#define WARN_ON_ONCE(c) ({						\
	bool warned_ = !!(c);						\
	if (warned_)							\
		machine_warn(#c, __FILE__, __LINE__);			\
	warned_;							\
})
#define pr_info(...)			((void)0)
#define pr_warn(...)			((void)0)
#define pr_warn_ratelimited(...)	((void)0)

#define min(a, b)	({ __auto_type a_ = (a); __auto_type b_ = (b);	\
			   a_ < b_ ? a_ : b_; })
#define max(a, b)	({ __auto_type a_ = (a); __auto_type b_ = (b);	\
			   a_ > b_ ? a_ : b_; })
#define min_t(type, a, b)	min((type)(a), (type)(b))
#define max_t(type, a, b)	max((type)(a), (type)(b))
#define min3(a, b, c)		min(min(a, b), c)
#define round_up(x, y)		(((x) + (y) - 1) / (y) * (y))
#define round_down(x, y)	((x) / (y) * (y))
#define DIV_ROUND_UP(n, d)	(((n) + (d) - 1) / (d))
#define div64_u64_rem(n, d, r)	(*(r) = (n) % (d), (n) / (d))
#define div_u64_rem(n, d, r)	(*(r) = (u32)((n) % (d)), (n) / (d))

/* --- atomics of one thread --- */

typedef struct { int counter; } atomic_t;
typedef struct { s64 counter; } atomic64_t;
typedef struct { int refs; } refcount_t;
struct kref { int refs; };
struct sockaddr_storage { u16 ss_family; };

#define atomic_set(a, v)		((a)->counter = (v))
#define atomic_read(a)			((a)->counter)
#define atomic_inc(a)			((a)->counter++)
#define atomic_add(v, a)		((a)->counter += (v))
#define atomic_inc_return(a)		(++(a)->counter)
#define atomic_dec_and_test(a)		(--(a)->counter == 0)
#define atomic64_set(a, v)		((a)->counter = (v))
#define atomic64_read(a)		((a)->counter)
#define atomic64_add(v, a)		((a)->counter += (v))
#define atomic64_sub(v, a)		((a)->counter -= (v))
#define atomic_try_cmpxchg(a, old, new)	try_cmpxchg(&(a)->counter, old, new)
#define xchg(p, v)	({ __auto_type was_ = *(p); *(p) = (v); was_; })
#define cmpxchg(p, old, new) ({						\
	__auto_type was_ = *(p);					\
	if (was_ == (old))						\
		*(p) = (new);						\
	was_;								\
})
#define try_cmpxchg(p, old, new)					\
	(*(p) == *(old) ? (*(p) = (new), true) : (*(old) = *(p), false))
#define kref_init(k)	((k)->refs = 1)
#define kref_get(k)	((k)->refs++)
#define kref_put(k, release)						\
	((k)->refs-- == 1 ? ((release)(k), 1) : 0)

/* --- bits --- */

#define BITS_TO_LONGS(n)	(((n) + 63) / 64)
#define DECLARE_BITMAP(name, n)	unsigned long name[BITS_TO_LONGS(n)]
#define BITMAP_FIRST_WORD_MASK(s) (~0ul << ((s) & 63))
#define BITMAP_LAST_WORD_MASK(n) (~0ul >> (-(n) & 63))
#define hweight_long(x)		((unsigned int)__builtin_popcountl(x))
#define hweight64(x)		((unsigned int)__builtin_popcountll(x))
#define hweight32(x)		((unsigned int)__builtin_popcount(x))
#define __ffs64(x)		((unsigned int)__builtin_ctzll(x))
#define set_bit			__set_bit

static inline bool test_bit(u64 n, const unsigned long *map)
{
	return map[n / 64] >> (n % 64) & 1;
}

static inline void __set_bit(u64 n, unsigned long *map)
{
	map[n / 64] |= 1ul << (n % 64);
}

static inline void __clear_bit(u64 n, unsigned long *map)
{
	map[n / 64] &= ~(1ul << (n % 64));
}

static inline bool __test_and_set_bit(u64 n, unsigned long *map)
{
	bool was = test_bit(n, map);

	__set_bit(n, map);
	return was;
}

static inline bool __test_and_clear_bit(u64 n, unsigned long *map)
{
	bool was = test_bit(n, map);

	__clear_bit(n, map);
	return was;
}

static inline u64 find_bit_from(const unsigned long *map, u64 end, u64 n,
				unsigned long flip)
{
	while (n < end) {
		unsigned long word = (map[n / 64] ^ flip) >> (n % 64);

		if (word) {
			n += (u64)__builtin_ctzl(word);
			return n < end ? n : end;
		}
		n = (n / 64 + 1) * 64;
	}
	return end;
}

#define find_next_bit(map, end, n)	find_bit_from(map, end, n, 0ul)
#define find_next_zero_bit(map, end, n)	find_bit_from(map, end, n, ~0ul)
#define find_first_bit(map, end)	find_bit_from(map, end, 0, 0ul)
#define for_each_set_bit(n, map, end)					\
	for ((n) = find_next_bit(map, end, 0); (n) < (end);		\
	     (n) = find_next_bit(map, end, (n) + 1))
#define for_each_set_bitrange(b, e, map, end)				\
	for ((b) = find_next_bit(map, end, 0);				\
	     (b) < (end) && ((e) = find_next_zero_bit(map, end, b), 1);	\
	     (b) = find_next_bit(map, end, e))
#define for_each_clear_bitrange(b, e, map, end)				\
	for ((b) = find_next_zero_bit(map, end, 0);			\
	     (b) < (end) && ((e) = find_next_bit(map, end, b), 1);	\
	     (b) = find_next_zero_bit(map, end, e))

static inline void bitmap_set(unsigned long *map, u64 first, u64 count)
{
	for (; count; count--)
		__set_bit(first++, map);
}

static inline void bitmap_clear(unsigned long *map, u64 first, u64 count)
{
	for (; count && first % 64; count--)
		__clear_bit(first++, map);
	for (; count >= 64; count -= 64, first += 64)
		map[first / 64] = 0;
	for (; count; count--)
		__clear_bit(first++, map);
}

static inline u64 bitmap_weight(const unsigned long *map, u64 bits)
{
	u64 i, weight = 0;

	for (i = 0; i < bits / 64; i++)
		weight += hweight_long(map[i]);
	for (i *= 64; i < bits; i++)
		weight += test_bit(i, map);
	return weight;
}

#define bitmap_zero(map, bits)	memset(map, 0, BITS_TO_LONGS(bits) * 8)

/* --- lists --- */

#include "../unit/include/linux/list.h"

struct hlist_node { struct hlist_node *next, **pprev; };
struct hlist_head { struct hlist_node *first; };

#define INIT_HLIST_NODE(n)	((n)->next = NULL, (n)->pprev = NULL)
#define hlist_for_each_entry(p, head, member)				\
	for (struct hlist_node *at_ = (head)->first;			\
	     at_ && ((p) = container_of(at_, __typeof__(*(p)), member), 1);	\
	     at_ = at_->next)

static inline void hlist_add_head(struct hlist_node *n, struct hlist_head *h)
{
	n->next = h->first;
	if (n->next)
		n->next->pprev = &n->next;
	h->first = n;
	n->pprev = &h->first;
}

static inline void hlist_del_init(struct hlist_node *n)
{
	if (!n->pprev)
		return;
	*n->pprev = n->next;
	if (n->next)
		n->next->pprev = n->pprev;
	INIT_HLIST_NODE(n);
}

#include "shim_machine.h"

/* One processor, as everything in a step. */
#define raw_smp_processor_id()	0u

#define struct_size(p, member, n) \
	(sizeof(*(p)) + sizeof(*(p)->member) * (size_t)(n))

#endif

/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Included before each source of ha.ko for the storm (YIELDS=1 scripts/uml-run):
 * a task may lose the processor wherever it lets go of a spinlock and may sleep,
 * as it may anywhere on a kernel that is preemptible or has more processors.
 * Without this User Mode Linux changes tasks only where they sleep.
 */
#ifndef HA_TEST_YIELDS_H
#define HA_TEST_YIELDS_H

#include <linux/preempt.h>
#include <linux/random.h>
#include <linux/sched.h>
#include <linux/spinlock.h>

/* One time in 32, mostly for a tick, sometimes for as long as a session's end takes. */
static inline void ha_test_yield(void)
{
	u16 chance = get_random_u16();

	if (!in_atomic() && !irqs_disabled() && !(chance & 31))
		schedule_timeout_uninterruptible(chance >> 11 ? 1 : HZ / 4);
}

#define spin_unlock_irq(lock)			\
do {						\
	(spin_unlock_irq)(lock);		\
	ha_test_yield();			\
} while (0)

#define spin_unlock_irqrestore(lock, flags)	\
do {						\
	(spin_unlock_irqrestore)(lock, flags);	\
	ha_test_yield();			\
} while (0)

#endif

// SPDX-License-Identifier: GPL-2.0-only
/*
 * The gate of a resource: close, open, drain, thaw.
 */
#include "gate.h"
#include "request.h"
#include "workqueues.h"

void ha_gate_close(struct ha_resource *res, u32 reason)
{
	unsigned long flags;

	spin_lock_irqsave(&res->state_lock, flags);
	res->gate |= reason;
	spin_unlock_irqrestore(&res->state_lock, flags);
}

void ha_gate_open(struct ha_resource *res, u32 reasons)
{
	unsigned long flags;
	bool resume;

	spin_lock_irqsave(&res->state_lock, flags);
	res->gate &= ~reasons;
	resume = !list_empty(&res->parked);
	spin_unlock_irqrestore(&res->state_lock, flags);
	wake_up_all(&res->wait);
	if (resume)
		queue_work(ha_wq_meta, &res->resume_work);
}

int ha_gate_drain(struct ha_resource *res, u32 timeout_ms)
{
	long left;

	left = wait_event_killable_timeout(res->wait,
					   READ_ONCE(res->inflight) == 0,
					   msecs_to_jiffies(timeout_ms));
	if (left < 0)
		return -EINTR;
	return left ? 0 : -ETIMEDOUT;
}

void ha_thaw(struct ha_resource *res, u32 reasons)
{
	unsigned long flags;

	spin_lock_irqsave(&res->state_lock, flags);
	if (res->disk_state == HA_UPTODATE || ha_good_peer(res))
		reasons |= HA_GATE_NO_DATA;
	spin_unlock_irqrestore(&res->state_lock, flags);
	ha_gate_open(res, reasons);
}

// SPDX-License-Identifier: GPL-2.0-only
/*
 * Resources: creation, lookup by namespace and name, removal, and what becomes
 * of them when their namespace goes.
 */
#include <linux/module.h>
#include <linux/netlink.h>
#include <linux/slab.h>
#include <net/net_namespace.h>
#include "attach.h"
#include "device.h"
#include "gate.h"
#include "maintenance.h"
#include "netlink_event.h"
#include "request.h"
#include "role.h"
#include "workqueues.h"

/* Protects the lists of all namespaces and the set of minors. */
static DEFINE_MUTEX(resources_mutex);
static LIST_HEAD(resources);

/* Resources not yet freed: the module's exit waits for zero. */
static atomic_t live;
static DECLARE_WAIT_QUEUE_HEAD(live_wait);

void ha_resource_get(struct ha_resource *res)
{
	kref_get(&res->ref);
}

static void free_work(struct work_struct *work)
{
	struct ha_resource *res = container_of(work, struct ha_resource,
					       free_work);

	/* The last reference may have gone in one of them, or right behind. */
	cancel_work_sync(&res->done_work);
	cancel_work_sync(&res->resume_work);
	cancel_work_sync(&res->disk_failed_work);
	ha_device_free(res);
	bioset_exit(&res->bio_set);
	kfree(res);
	if (atomic_dec_and_test(&live))
		wake_up_all(&live_wait);
}

static void release(struct kref *ref)
{
	struct ha_resource *res = container_of(ref, struct ha_resource, ref);

	/* The last reference may go in interrupt, or in a work of ours. */
	queue_work(ha_wq_control, &res->free_work);
}

void ha_resource_put(struct ha_resource *res)
{
	kref_put(&res->ref, release);
}

static struct ha_resource *find_locked(struct net *net, const char *name)
{
	struct ha_resource *res;

	lockdep_assert_held(&resources_mutex);
	list_for_each_entry(res, &resources, node)
		if (net_eq(res->net, net) && !strcmp(res->name, name))
			return res;
	return NULL;
}

struct ha_resource *ha_resource_find(struct net *net, const char *name)
{
	struct ha_resource *res;

	mutex_lock(&resources_mutex);
	res = find_locked(net, name);
	if (res)
		ha_resource_get(res);
	mutex_unlock(&resources_mutex);
	return res;
}

struct ha_resource *ha_resource_next(struct net *net, unsigned int index)
{
	struct ha_resource *res, *found = NULL;

	mutex_lock(&resources_mutex);
	list_for_each_entry(res, &resources, node) {
		if (net_eq(res->net, net) && index-- == 0) {
			ha_resource_get(res);
			found = res;
			break;
		}
	}
	mutex_unlock(&resources_mutex);
	return found;
}

struct ha_peer *ha_peer_at(struct ha_resource *res, unsigned int i)
{
	struct ha_peer *peer;

	spin_lock_irq(&res->state_lock);
	peer = res->peer[i] ? ha_peer_get(res->peer[i]) : NULL;
	spin_unlock_irq(&res->state_lock);
	return peer;
}

static void init_fields(struct ha_resource *res)
{
	unsigned int i;

	kref_init(&res->ref);
	mutex_init(&res->conf_mutex);
	spin_lock_init(&res->state_lock);
	spin_lock_init(&res->open_lock);
	INIT_LIST_HEAD(&res->requests);
	INIT_LIST_HEAD(&res->parked);
	INIT_LIST_HEAD(&res->slow);
	INIT_LIST_HEAD(&res->openers);
	for (i = 0; i < ARRAY_SIZE(res->request_hash); i++)
		INIT_HLIST_HEAD(&res->request_hash[i]);
	init_waitqueue_head(&res->wait);
	ha_range_init(&res->ranges);
	INIT_WORK(&res->resume_work, ha_request_resume_work);
	INIT_WORK(&res->done_work, ha_request_done_work);
	INIT_WORK(&res->disk_failed_work, ha_disk_failed_work);
	INIT_WORK(&res->free_work, free_work);
	INIT_DELAYED_WORK(&res->tick_work, ha_maintenance_work);
	res->role = HA_SECONDARY;
	res->disk_state = HA_DISKLESS;
}

static int check_new(struct net *net, const char *name, u32 minor,
		     struct netlink_ext_ack *extack)
{
	struct ha_resource *res;

	lockdep_assert_held(&resources_mutex);
	if (!name[0] || strpbrk(name, "/ \t\n\"{};")) {
		NL_SET_ERR_MSG(extack, "a resource name is 1 to 63 characters without spaces, quotes, braces and slashes");
		return -EINVAL;
	}
	if (find_locked(net, name)) {
		NL_SET_ERR_MSG(extack, "a resource of this name exists already");
		return -EEXIST;
	}
	list_for_each_entry(res, &resources, node) {
		if (res->minor != minor)
			continue;
		NL_SET_ERR_MSG_FMT(extack, "/dev/ha%u belongs to resource %s",
				   minor, res->name);
		return -EEXIST;
	}
	return 0;
}

struct ha_resource *ha_resource_create(struct net *net, const char *name,
				       u32 node_id, u32 minor,
				       struct netlink_ext_ack *extack)
{
	struct ha_resource *res = kzalloc(sizeof(*res), GFP_KERNEL);
	int err;

	if (!res)
		return ERR_PTR(-ENOMEM);
	init_fields(res);
	strscpy(res->name, name, sizeof(res->name));
	res->net = net;
	res->node_id = node_id;
	res->minor = minor;
	err = bioset_init(&res->bio_set, 128, offsetof(struct ha_request, clone),
			  BIOSET_NEED_BVECS);
	if (err)
		goto out_free;
	mutex_lock(&resources_mutex);
	err = check_new(net, name, minor, extack);
	if (err)
		goto out_unlock;
	err = ha_device_create(res);
	if (err) {
		NL_SET_ERR_MSG(extack, "the device could not be made; is its minor in use?");
		goto out_unlock;
	}
	__module_get(THIS_MODULE);
	atomic_inc(&live);
	list_add_tail(&res->node, &resources);
	ha_resource_get(res);		/* the caller's */
	mutex_unlock(&resources_mutex);
	queue_delayed_work(ha_wq_control, &res->tick_work, HZ);
	return res;

out_unlock:
	mutex_unlock(&resources_mutex);
	bioset_exit(&res->bio_set);
out_free:
	kfree(res);
	return ERR_PTR(err);
}

static void stop_peers(struct ha_resource *res)
{
	unsigned int i;

	for (i = 0; i < HA_SLOTS; i++)
		if (res->peer[i])
			ha_connector_stop(res->peer[i]);
}

/* Nobody can reach the device any more; its last requests have ended. */
static void remove_now(struct ha_resource *res)
{
	struct ha_peer *peer;
	unsigned int i;

	spin_lock_irq(&res->state_lock);
	res->dead = true;
	spin_unlock_irq(&res->state_lock);
	ha_gate_open(res, ~0u);
	cancel_delayed_work_sync(&res->tick_work);
	cancel_work_sync(&res->disk_failed_work);
	flush_work(&res->resume_work);
	queue_work(ha_wq_done, &res->done_work);
	flush_work(&res->done_work);
	ha_device_remove(res);
	for (i = 0; i < HA_SLOTS; i++) {
		spin_lock_irq(&res->state_lock);
		peer = res->peer[i];
		res->peer[i] = NULL;
		spin_unlock_irq(&res->state_lock);
		if (peer)
			ha_peer_put(peer);
	}
	mutex_lock(&resources_mutex);
	list_del_init(&res->node);
	mutex_unlock(&resources_mutex);
	ha_event_removed(res);
	ha_resource_put(res);
	/* Exit waits for the netlink handler that runs this, and for @live. */
	module_put(THIS_MODULE);
}

int ha_resource_down(struct ha_resource *res, bool force,
		     struct netlink_ext_ack *extack)
{
	int err;

	lockdep_assert_held(&res->conf_mutex);
	/* Writes that a silent peer holds up end with its session. */
	if (ha_gate_drain(res, 1000) && (force || !res->open_count))
		stop_peers(res);
	err = ha_demote(res, force, extack);
	if (err)
		return err;
	if (!ha_device_block_open(res) && !force) {
		char who[60];

		ha_device_openers(res, who, sizeof(who));
		NL_SET_ERR_MSG_FMT(extack, "device is open: %s", who);
		return -EBUSY;
	}
	stop_peers(res);
	err = ha_detach(res, true, extack);
	if (err)
		ha_warn(res, "down: the disk did not detach cleanly (%d)\n",
			err);
	remove_now(res);
	return 0;
}

/*
 * The namespace goes: no socket of ours may outlive this.  A resource whose
 * device is open becomes an orphan in the initial namespace.
 */
static void net_pre_exit(struct net *net)
{
	struct ha_resource *res;
	unsigned int skip = 0;

	while ((res = ha_resource_next(net, skip))) {
		mutex_lock(&res->conf_mutex);
		stop_peers(res);
		if (ha_resource_down(res, false, NULL)) {
			ha_warn(res, "its network namespace is gone; the device is open: orphan\n");
			mutex_lock(&resources_mutex);
			res->net = &init_net;
			res->orphan = true;
			mutex_unlock(&resources_mutex);
		}
		mutex_unlock(&res->conf_mutex);
		ha_resource_put(res);
	}
}

static struct pernet_operations net_ops = {
	.pre_exit = net_pre_exit,
};

int ha_resources_init(void)
{
	return register_pernet_subsys(&net_ops);
}

void ha_resources_exit(void)
{
	unregister_pernet_subsys(&net_ops);
	wait_event(live_wait, !atomic_read(&live));
}

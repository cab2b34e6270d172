// SPDX-License-Identifier: GPL-2.0-only
/*
 * The thread that makes one session after the other with one peer.  The node
 * with the higher id opens the connections, the other listens.  All waits of
 * the thread end soon after connector.stop is set; nothing else ends it but a
 * session that leaves its peer StandAlone.
 */
#include <linux/jiffies.h>
#include <linux/kthread.h>
#include <linux/random.h>
#include <linux/sched/mm.h>
#include <net/sock.h>

#include "inbound.h"
#include "resource.h"
#include "session.h"
#include "tcp.h"

#define POLL	(HZ / 10)	/* for what wakes nobody */

static bool is_initiator(const struct ha_peer *p)
{
	return p->res->node_id > p->node_id;
}

static bool has_session(struct ha_peer *p)
{
	return READ_ONCE(p->session);
}

static bool is_over(struct ha_peer *p)
{
	return READ_ONCE(p->connector.stop) ||
	       (!has_session(p) && READ_ONCE(p->conn) == HA_STANDALONE);
}

/* The connect interval, +-20 % so that two nodes do not stay in step. */
static unsigned long retry_delay(struct ha_peer *p)
{
	u32 ms = max(READ_ONCE(p->conf.connect_interval), 100u);

	return msecs_to_jiffies(ms / 5 * 4 + get_random_u32_below(ms / 5 * 2));
}

static void pause_for(struct ha_peer *p, unsigned long delay)
{
	if (delay)
		wait_event_interruptible_timeout(p->connector.wait, is_over(p),
						 delay);
}

static void kill_session(struct ha_peer *p, const char *why)
{
	struct ha_session *s = NULL;

	spin_lock_irq(&p->res->state_lock);
	if (p->session)
		s = ha_session_get(p->session);
	spin_unlock_irq(&p->res->state_lock);
	if (!s)
		return;
	ha_session_kill(s, "%s", why);
	ha_session_put(s);
}

/*
 * Make the set a session and run its handshake.
 * Return: is it connected?
 */
static bool begin_session(struct ha_peer *p, struct ha_link_set *set)
{
	struct ha_session *s = ha_session_create(p, is_initiator(p), set);
	int err;

	if (IS_ERR(s))
		return false;
	if (READ_ONCE(p->connector.stop))
		ha_session_kill(s, "disconnected by the user");
	ha_peer_set_reason(p, "%s", "");
	err = ha_session_run_handshake(s);
	ha_session_put(s);
	return !err;
}

/* Open connection @stream of the session @set->id. */
static int open_link(struct ha_peer *p, struct ha_link_set *set,
		     unsigned int stream)
{
	const bool *stop = &p->connector.stop;
	struct ha_link l = {
		.initiator = true,
		.stream	   = stream,
		.session   = set->id,
	};
	int err;

	err = ha_tcp_connect(p->res->net, &p->local, &p->remote,
			     HA_HELLO_STEP_MS, stop, &l.sock);
	if (err) {
		if (err != -EINTR)
			ha_peer_set_reason(p, "cannot connect to %pISpc: %s",
					   &p->remote, ha_tcp_error(err));
		return err;
	}
	ha_tcp_tune(l.sock);
	err = ha_hello_run(p, &l, stop);
	if (!err) {
		ha_link_set_add(p, set, &l);
		return 0;
	}
	if (l.refused)
		ha_peer_set_reason(p, "%s", l.why);
	else if (err != -EINTR)
		ha_peer_set_reason(p, "no session with %pISpc: %s", &p->remote,
				   l.why);
	ha_tcp_close(l.sock);
	return err;
}

static int open_links(struct ha_peer *p, struct ha_link_set *set)
{
	unsigned int i;
	int err = 0;

	memset(set, 0, sizeof(*set));
	while (!set->id)
		set->id = get_random_u64();
	/* How many there are is known with the first, the control stream. */
	set->streams = 1;
	for (i = 0; i < set->streams && !err; i++)
		err = open_link(p, set, i);
	if (err)
		ha_link_set_close(set);
	return err;
}

/* Writes of an earlier session must end before a new one begins. */
static void await_drain(struct ha_peer *p)
{
	int left = atomic_read(&p->mirror_writes);

	if (left)
		ha_peer_set_reason(p, "finishing %d writes of an earlier connection",
				   left);
	while (atomic_read(&p->mirror_writes) && !is_over(p))
		wait_event_interruptible_timeout(p->mirror_wait,
						 !atomic_read(&p->mirror_writes),
						 POLL);
}

static void initiate(struct ha_peer *p)
{
	struct ha_link_set set;
	unsigned long delay = 0, began;

	while (!is_over(p)) {
		pause_for(p, delay);
		await_drain(p);
		if (is_over(p))
			return;
		delay = retry_delay(p);
		if (open_links(p, &set))
			continue;
		began = jiffies;
		if (!begin_session(p, &set))
			began = jiffies;
		wait_event_interruptible(p->connector.wait, !has_session(p));
		if (time_after(jiffies, began + delay))
			delay = 0;	/* a loss, not a failed attempt */
	}
}

/* Listen, as soon as that is possible; NULL when all is over first. */
static struct socket *listen_for(struct ha_peer *p)
{
	struct socket *listener;
	bool failed = false;
	int err;

	while (!is_over(p)) {
		err = ha_tcp_listen(p->res->net, &p->local, &listener);
		if (!err && failed)
			ha_peer_set_reason(p, "%s", "");
		if (!err)
			return listener;
		failed = true;
		ha_peer_set_reason(p, "cannot listen on %pISpc: %s", &p->local,
				   ha_tcp_error(err));
		pause_for(p, retry_delay(p));
	}
	return NULL;
}

/* Sleep until a connection arrives, one is ready for use, or all is over. */
static void await_connection(struct ha_peer *p, struct socket *listener)
{
	struct ha_connector *c = &p->connector;
	wait_queue_head_t *arrival = sk_sleep(listener->sk);
	DECLARE_WAITQUEUE(on_arrival, current);
	DECLARE_WAITQUEUE(on_event, current);

	add_wait_queue(arrival, &on_arrival);
	add_wait_queue(&c->wait, &on_event);
	set_current_state(TASK_INTERRUPTIBLE);
	if (!is_over(p) && !ha_tcp_arrived(listener))
		schedule_timeout(ha_inbound_collecting(c->inbound) ?
				 POLL : MAX_SCHEDULE_TIMEOUT);
	__set_current_state(TASK_RUNNING);
	remove_wait_queue(&c->wait, &on_event);
	remove_wait_queue(arrival, &on_arrival);
}

static bool take_set(struct ha_peer *p, struct ha_link_set *set)
{
	return !has_session(p) && !atomic_read(&p->mirror_writes) &&
	       ha_inbound_take(p->connector.inbound, set);
}

static void respond(struct ha_peer *p)
{
	struct socket *sock, *listener = listen_for(p);
	struct ha_link_set set = {};

	while (listener && !is_over(p)) {
		while (!ha_tcp_accept(listener, &sock))
			ha_inbound_offer(p->connector.inbound, sock);
		if (take_set(p, &set))
			begin_session(p, &set);
		else
			await_connection(p, listener);
	}
	ha_tcp_close(listener);
}

static int connector_thread(void *arg)
{
	unsigned int noio = memalloc_noio_save();
	struct ha_peer *p = arg;

	if (is_initiator(p))
		initiate(p);
	else
		respond(p);
	ha_inbound_destroy(p->connector.inbound);
	p->connector.inbound = NULL;
	kill_session(p, "disconnected by the user");
	wait_event(p->connector.wait, !has_session(p));
	memalloc_noio_restore(noio);
	kthread_complete_and_exit(&p->connector.exited, 0);
}

static void set_conn(struct ha_peer *p, enum ha_conn_word conn)
{
	spin_lock_irq(&p->res->state_lock);
	p->conn = conn;
	if (conn == HA_CONNECTING)
		p->reason[0] = '\0';
	spin_unlock_irq(&p->res->state_lock);
}

/* The thread is ending; once it has, nothing of it is left. */
static void reap(struct ha_peer *p)
{
	wait_for_completion(&p->connector.exited);
	p->connector.task = NULL;
	ha_peer_put(p);
}

int ha_connector_start(struct ha_peer *p)
{
	struct ha_connector *c = &p->connector;
	struct task_struct *task;

	lockdep_assert_held(&p->res->conf_mutex);
	if (c->task) {
		if (!is_over(p))
			return 0;
		reap(p);
	}
	reinit_completion(&c->exited);
	c->stop = false;
	if (!is_initiator(p)) {
		c->inbound = ha_inbound_create(p);
		if (!c->inbound)
			return -ENOMEM;
	}
	set_conn(p, HA_CONNECTING);
	task = kthread_create(connector_thread, p, "ha_conn_%s", p->res->name);
	if (IS_ERR(task)) {
		set_conn(p, HA_STANDALONE);
		ha_inbound_destroy(c->inbound);
		c->inbound = NULL;
		return PTR_ERR(task);
	}
	ha_peer_get(p);
	c->task = task;
	wake_up_process(task);
	ha_event(p->res, NULL);
	return 0;
}

void ha_connector_stop(struct ha_peer *p)
{
	struct ha_connector *c = &p->connector;

	lockdep_assert_held(&p->res->conf_mutex);
	if (!c->task)
		return;
	WRITE_ONCE(c->stop, true);
	kill_session(p, "disconnected by the user");
	wake_up_all(&c->wait);
	wake_up_all(&p->mirror_wait);
	reap(p);
	set_conn(p, HA_STANDALONE);
	ha_event(p->res, NULL);
}

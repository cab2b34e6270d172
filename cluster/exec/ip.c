// SPDX-License-Identifier: GPL-2.0-only
/* Members that are addresses: start, stop, monitor, announce. */
#include <errno.h>
#include <fcntl.h>
#include <linux/if_addr.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "ip.h"
#include "job.h"
#include "util.h"

#define REMOVALS 16

static void fail(struct ex_job *job, int error, const char *what)
{
	job_end(job, EX_END_DONE, error == -EPERM ? EX_CODE_PERM :
		EX_CODE_GENERIC, "%s: %s", what, strerror(-error));
}

/* Return: 0 and @place, or the job has ended. */
static int choose_place(struct ex_job *job, struct ip_service *ip,
			const struct ip_param *param, struct ip_place *place)
{
	int index = 0, ret;

	if (*param->dev) {
		index = if_nametoindex(param->dev);
		if (!index) {
			job_end(job, EX_END_DONE, EX_CODE_INSTALLED,
				"there is no interface %s", param->dev);
			return -ENODEV;
		}
	}
	if (index && param->prefix > 0) {
		*place = (struct ip_place){ index, param->prefix, 0 };
		return 0;
	}
	ret = ip_find_network(ip->requests, param, place);
	if (ret) {
		fail(job, ret, "cannot look for the network");
	} else if (!index && !place->index) {
		ret = -ENETUNREACH;
		job_end(job, EX_END_DONE, EX_CODE_INSTALLED,
			"no interface has a network with this address; name one with \"dev\"");
	} else if (index && place->index != index) {
		/* Its prefix is not said and not to be found there. */
		*place = (struct ip_place){ index,
			8 * ip_length(param->family), 0 };
	}
	return ret;
}

/*
 * Where the address is now. An interface that is named is the only one that
 * counts; one that is not there has no addresses.
 */
static int find_now(struct ip_service *ip, const struct ip_param *param,
		    struct ip_place *now)
{
	int index = *param->dev ? (int)if_nametoindex(param->dev) : 0;

	memset(now, 0, sizeof(*now));
	if (*param->dev && !index)
		return 0;
	return ip_find(ip->requests, param, index, now);
}

/* Return: NULL, or why the link does not carry. */
static const char *link_fault(const struct ip_param *param,
			      const struct ip_link *link)
{
	if (!link->up)
		return "is down";
	if (param->carrier && !link->carrier)
		return "has no carrier";
	return NULL;
}

static void announce(struct ex_job *job, struct ip_service *ip,
		     const struct ip_param *param, const struct ip_link *link)
{
	const char *fault = link_fault(param, link);
	int ret = fault ? 0 : ip_announce(ip, param, link);

	if (fault)
		job_end(job, EX_END_DONE, EX_CODE_GENERIC, "interface %s %s",
			link->name, fault);
	else if (ret)
		job_end(job, EX_END_DONE, EX_CODE_GENERIC,
			"the address cannot be announced on %s: %s", link->name,
			strerror(-ret));
	else
		job_end(job, EX_END_DONE, EX_CODE_OK, NULL);
}

static void add(struct ex_job *job, struct ip_service *ip,
		const struct ip_param *param)
{
	struct ip_place place;
	struct ip_link link;
	const char *fault;
	int ret;

	if (choose_place(job, ip, param, &place))
		return;
	ret = ip_find_link(ip->requests, place.index, &link);
	if (ret) {
		fail(job, ret, "cannot look at the interface");
		return;
	}
	fault = link_fault(param, &link);
	if (fault) {
		job_end(job, EX_END_DONE, EX_CODE_GENERIC, "interface %s %s",
			link.name, fault);
		return;
	}
	ret = ip_add(ip->requests, param, &place);
	if (ret && ret != -EEXIST)
		fail(job, ret, "the address cannot be added");
	else
		announce(job, ip, param, &link);
}

static void start_ip(struct ex_job *job, struct ip_service *ip,
		     const struct ip_param *param)
{
	struct ip_place now;
	struct ip_link link;
	int ret = find_now(ip, param, &now);

	if (!ret && !now.index)
		ret = ip_find(ip->requests, param, 0, &now);
	if (!ret && !now.index) {
		add(job, ip, param);
		return;
	}
	if (!ret)
		ret = ip_find_link(ip->requests, now.index, &link);
	if (ret)
		fail(job, ret, "cannot look for the address");
	else if (*param->dev && strcmp(param->dev, link.name))
		job_end(job, EX_END_DONE, EX_CODE_GENERIC,
			"interface %s has the address already", link.name);
	else
		announce(job, ip, param, &link);
}

/*
 * With this off, the kernel removes the other addresses of a network together
 * with its first one; a service must not take its neighbours with it.
 */
static void keep_others(const char *name)
{
	char *path = xasprintf("/proc/sys/net/ipv4/conf/%s/promote_secondaries",
			       name);
	int fd = open(path, O_WRONLY | O_CLOEXEC);

	if (fd >= 0) {
		if (write(fd, "1", 1) < 0)
			errno = 0;	/* then it was not ours to change */
		close(fd);
	}
	free(path);
}

static void stop_ip(struct ex_job *job, struct ip_service *ip,
		    const struct ip_param *param)
{
	int ret, left = REMOVALS;	/* on how many interfaces it may be */
	struct ip_place now;
	struct ip_link link;

	ip_announce_end(ip, param);
	while (!(ret = find_now(ip, param, &now)) && now.index) {
		if (param->family == AF_INET &&
		    !ip_find_link(ip->requests, now.index, &link))
			keep_others(link.name);
		ret = left-- ? ip_remove(ip->requests, param, &now) : -EBUSY;
		if (ret && ret != -EADDRNOTAVAIL)
			break;
	}
	if (ret)
		fail(job, ret, "the address cannot be removed");
	else
		job_end(job, EX_END_DONE, EX_CODE_OK, NULL);
}

static void monitor_ip(struct ex_job *job, struct ip_service *ip,
		       const struct ip_param *param)
{
	struct ip_place now;
	struct ip_link link;
	const char *fault;
	int ret = find_now(ip, param, &now);

	if (!ret && !now.index) {
		job_end(job, EX_END_DONE, EX_CODE_NOT_RUNNING, NULL);
		return;
	}
	if (!ret)
		ret = ip_find_link(ip->requests, now.index, &link);
	if (ret) {
		fail(job, ret, "cannot look for the address");
		return;
	}
	fault = link_fault(param, &link);
	if (now.flags & IFA_F_DADFAILED)
		job_end(job, EX_END_DONE, EX_CODE_GENERIC,
			"another machine has the address");
	else if (fault)
		job_end(job, EX_END_DONE, EX_CODE_GENERIC, "interface %s %s",
			link.name, fault);
	else
		job_end(job, EX_END_DONE, EX_CODE_OK, NULL);
}

/* After a partition: neighbours may have heard others. */
static void reload_ip(struct ex_job *job, struct ip_service *ip,
		      const struct ip_param *param)
{
	struct ip_place now;
	struct ip_link link;
	int ret = find_now(ip, param, &now);

	if (!ret && !now.index)
		job_end(job, EX_END_DONE, EX_CODE_NOT_RUNNING,
			"the address is not here");
	else if (ret || (ret = ip_find_link(ip->requests, now.index, &link)))
		fail(job, ret, "cannot look for the address");
	else
		announce(job, ip, param, &link);
}

static void start(struct ex_job *job)
{
	struct ip_service *ip;
	struct ip_param param;
	char *why = ip_param_read(&job->op, &param);
	int ret = why ? 0 : ip_service_get(job->ex, &ip);

	if (why)
		job_end(job, EX_END_DONE, EX_CODE_CONFIGURED, "%s", why);
	else if (ret)
		fail(job, ret, "no netlink");
	else if (job->op.action == EX_START)
		start_ip(job, ip, &param);
	else if (job->op.action == EX_STOP)
		stop_ip(job, ip, &param);
	else if (job->op.action == EX_MONITOR)
		monitor_ip(job, ip, &param);
	else if (job->op.action == EX_RELOAD)
		reload_ip(job, ip, &param);
	else if (job->op.action == EX_VALIDATE)
		job_end(job, EX_END_DONE, EX_CODE_OK, NULL);
	else
		job_end(job, EX_END_DONE, EX_CODE_UNIMPLEMENTED,
			"an address has no %s", ex_action_word(job->op.action));
	free(why);
}

const struct kind_ops ip_kind = { .start = start, .listen = ip_service_listen };

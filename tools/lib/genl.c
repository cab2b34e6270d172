// SPDX-License-Identifier: GPL-2.0-only
/* The generic netlink client; knows messages, not what they mean. */
#include <errno.h>
#include <libmnl/libmnl.h>
#include <linux/genetlink.h>
#include <linux/ha.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "genl.h"
#include "util.h"

#define RECEIVE_BUFFER	65536
#define EVENT_QUEUE	(1 << 20)	/* bytes of events the kernel keeps */

/**
 * struct ha_genl - a connection
 * @requests: socket of requests and dumps
 * @events: socket of the multicast group, or NULL
 * @family: number of the family
 * @group: number of its group "changes"
 * @interrupted: the dump under way missed a change
 */
struct ha_genl {
	struct mnl_socket *requests, *events;
	uint16_t family;
	uint32_t group;
	uint32_t sequence;
	bool interrupted;
	char error[512];
	_Alignas(8) char buffer[RECEIVE_BUFFER];
};

struct receiver {
	ha_genl_cb *cb;
	void *arg;
	uint16_t family;
};

const char *ha_genl_error(const struct ha_genl *genl)
{
	return genl->error;
}

static int fail(struct ha_genl *genl, int error)
{
	snprintf(genl->error, sizeof(genl->error), "%s", strerror(error));
	return -error;
}

/* Takes the text of an extended acknowledgement, if there is one. */
static void take_error(struct ha_genl *genl, const struct nlmsghdr *nlh)
{
	const struct nlmsgerr *err = mnl_nlmsg_get_payload(nlh);
	size_t offset = sizeof(*err);
	const struct nlattr *attr;
	int number = err->error < 0 ? -err->error : err->error;

	if (number == EPERM)
		snprintf(genl->error, sizeof(genl->error),
			 "only root may do this");
	else
		fail(genl, number);
	if (!(nlh->nlmsg_flags & NLM_F_ACK_TLVS))
		return;
	if (!(nlh->nlmsg_flags & NLM_F_CAPPED))
		offset += err->msg.nlmsg_len - sizeof(err->msg);
	if (nlh->nlmsg_len < sizeof(*nlh) + offset)
		return;
	mnl_attr_for_each(attr, nlh, offset)
		if (mnl_attr_get_type(attr) == NLMSGERR_ATTR_MSG)
			snprintf(genl->error, sizeof(genl->error), "%.*s",
				 (int)mnl_attr_get_payload_len(attr),
				 (const char *)mnl_attr_get_payload(attr));
}

static int receive_data(const struct nlmsghdr *nlh, void *data)
{
	const struct genlmsghdr *genlh = mnl_nlmsg_get_payload(nlh);
	struct receiver *receiver = data;

	if (nlh->nlmsg_type == receiver->family &&
	    mnl_nlmsg_get_payload_len(nlh) >= sizeof(*genlh) && receiver->cb)
		receiver->cb(genlh->cmd, nlh, receiver->arg);
	return MNL_CB_OK;
}

/* Passes on what one receive returned; libmnl stops at the first failure. */
static int dispatch(struct ha_genl *genl, void *buffer, size_t length,
		    struct receiver *receiver)
{
	struct nlmsghdr *nlh = buffer;
	int left = length, ret;

	for (; mnl_nlmsg_ok(nlh, left); nlh = mnl_nlmsg_next(nlh, &left)) {
		if (nlh->nlmsg_flags & NLM_F_DUMP_INTR &&
		    nlh->nlmsg_type != NLMSG_ERROR)
			genl->interrupted = true;
		if (genl->interrupted)
			nlh->nlmsg_flags &= ~NLM_F_DUMP_INTR;
		if (nlh->nlmsg_type == NLMSG_ERROR &&
		    mnl_nlmsg_get_payload_len(nlh) >= sizeof(struct nlmsgerr))
			take_error(genl, nlh);
	}
	ret = mnl_cb_run(buffer, length, genl->sequence,
			 mnl_socket_get_portid(genl->requests), receive_data,
			 receiver);
	return ret < 0 ? -errno : ret;
}

static int exchange(struct ha_genl *genl, struct nlmsghdr *nlh,
		    struct receiver *receiver)
{
	ssize_t length;
	int ret;

	nlh->nlmsg_seq = ++genl->sequence;
	genl->error[0] = '\0';
	genl->interrupted = false;
	if (mnl_socket_sendto(genl->requests, nlh, nlh->nlmsg_len) < 0)
		return fail(genl, errno);
	do {
		length = mnl_socket_recvfrom(genl->requests, genl->buffer,
					     sizeof(genl->buffer));
		if (length < 0)
			return fail(genl, errno);
		ret = dispatch(genl, genl->buffer, length, receiver);
	} while (ret > 0);
	if (ret < 0 && !genl->error[0])
		fail(genl, -ret);
	return ret;
}

static void take_group(const struct nlattr *nest, struct ha_genl *genl)
{
	const struct nlattr *group, *attr;

	mnl_attr_for_each_nested(group, nest) {
		const char *name = "";
		uint32_t id = 0;

		mnl_attr_for_each_nested(attr, group) {
			int type = mnl_attr_get_type(attr);

			if (type == CTRL_ATTR_MCAST_GRP_NAME)
				name = mnl_attr_get_str(attr);
			else if (type == CTRL_ATTR_MCAST_GRP_ID)
				id = mnl_attr_get_u32(attr);
		}
		if (!strcmp(name, HA_MCGRP_CHANGES))
			genl->group = id;
	}
}

static void take_family(uint8_t cmd, const struct nlmsghdr *nlh, void *arg)
{
	struct ha_genl *genl = arg;
	const struct nlattr *attr;

	(void)cmd;
	mnl_attr_for_each(attr, nlh, sizeof(struct genlmsghdr)) {
		if (mnl_attr_get_type(attr) == CTRL_ATTR_FAMILY_ID)
			genl->family = mnl_attr_get_u16(attr);
		else if (mnl_attr_get_type(attr) == CTRL_ATTR_MCAST_GROUPS)
			take_group(attr, genl);
	}
}

static int find_family(struct ha_genl *genl)
{
	struct receiver receiver = { take_family, genl, GENL_ID_CTRL };
	_Alignas(8) char buffer[HA_GENL_BUFFER];
	struct nlmsghdr *nlh;

	genl->family = GENL_ID_CTRL;
	nlh = ha_genl_begin(genl, buffer, CTRL_CMD_GETFAMILY);
	mnl_attr_put_strz(nlh, CTRL_ATTR_FAMILY_NAME, HA_GENL_NAME);
	return exchange(genl, nlh, &receiver);
}

static struct mnl_socket *open_socket(void)
{
	struct mnl_socket *socket = mnl_socket_open2(NETLINK_GENERIC,
						     SOCK_CLOEXEC);
	int on = 1;

	if (!socket)
		return NULL;
	/* Old kernels answer without the text, which is no reason to fail. */
	mnl_socket_setsockopt(socket, NETLINK_EXT_ACK, &on, sizeof(on));
	mnl_socket_setsockopt(socket, NETLINK_CAP_ACK, &on, sizeof(on));
	if (mnl_socket_bind(socket, 0, MNL_SOCKET_AUTOPID) < 0) {
		mnl_socket_close(socket);
		return NULL;
	}
	return socket;
}

struct ha_genl *ha_genl_open(char **error)
{
	struct ha_genl *genl = xcalloc(1, sizeof(*genl));
	int ret;

	genl->sequence = time(NULL);
	genl->requests = open_socket();
	ret = genl->requests ? find_family(genl) : -errno;
	if (!ret)
		return genl;
	if (ret == -ENOENT)
		*error = xstrdup("the kernel module is not loaded: modprobe ha");
	else
		*error = xasprintf("netlink: %s", strerror(-ret));
	ha_genl_close(genl);
	errno = -ret;
	return NULL;
}

void ha_genl_close(struct ha_genl *genl)
{
	if (!genl)
		return;
	if (genl->requests)
		mnl_socket_close(genl->requests);
	if (genl->events)
		mnl_socket_close(genl->events);
	free(genl);
}

struct nlmsghdr *ha_genl_begin(struct ha_genl *genl, void *buffer, uint8_t cmd)
{
	struct nlmsghdr *nlh = mnl_nlmsg_put_header(buffer);
	struct genlmsghdr *genlh;

	nlh->nlmsg_type = genl->family;
	nlh->nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK;
	genlh = mnl_nlmsg_put_extra_header(nlh, sizeof(*genlh));
	genlh->cmd = cmd;
	genlh->version = HA_GENL_VERSION;
	return nlh;
}

int ha_genl_request(struct ha_genl *genl, struct nlmsghdr *nlh)
{
	struct receiver receiver = { .family = genl->family };

	return exchange(genl, nlh, &receiver);
}

int ha_genl_dump(struct ha_genl *genl, ha_genl_cb *cb, void *arg)
{
	struct receiver receiver = { cb, arg, genl->family };
	_Alignas(8) char buffer[HA_GENL_BUFFER];
	struct nlmsghdr *nlh = ha_genl_begin(genl, buffer, HA_CMD_GET);

	int ret;

	nlh->nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP;
	ret = exchange(genl, nlh, &receiver);
	return !ret && genl->interrupted ? fail(genl, EINTR) : ret;
}

int ha_genl_subscribe(struct ha_genl *genl)
{
	int size = EVENT_QUEUE;

	genl->events = open_socket();
	if (!genl->events)
		return fail(genl, errno);
	setsockopt(mnl_socket_get_fd(genl->events), SOL_SOCKET, SO_RCVBUFFORCE,
		   &size, sizeof(size));
	if (mnl_socket_setsockopt(genl->events, NETLINK_ADD_MEMBERSHIP,
				  &genl->group, sizeof(genl->group)) < 0)
		return fail(genl, errno);
	return mnl_socket_get_fd(genl->events);
}

int ha_genl_events(struct ha_genl *genl, ha_genl_cb *cb, void *arg)
{
	struct receiver receiver = { cb, arg, genl->family };
	ssize_t length;

	length = mnl_socket_recvfrom(genl->events, genl->buffer,
				     sizeof(genl->buffer));
	if (length < 0)
		return fail(genl, errno);
	if (mnl_cb_run(genl->buffer, length, 0, 0, receive_data, &receiver) < 0)
		return fail(genl, errno);
	return 0;
}

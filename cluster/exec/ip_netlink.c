// SPDX-License-Identifier: GPL-2.0-only
/* Asks and tells rtnetlink. */
#include <errno.h>
#include <net/if.h>		/* before those of the kernel */
#include <libmnl/libmnl.h>
#include <linux/if_addr.h>
#include <linux/if_arp.h>
#include <linux/rtnetlink.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ip_netlink.h"

#define BUFFER		32768
#define LOOPBACK	1	/* in every namespace */

static unsigned int sequence;

static int exchange(struct mnl_socket *netlink, struct nlmsghdr *request,
		    mnl_cb_t take, void *arg)
{
	unsigned int port = mnl_socket_get_portid(netlink);
	static _Alignas(8) char buffer[BUFFER];	/* one thread */
	ssize_t length;
	int ret;

	request->nlmsg_seq = ++sequence;
	if (mnl_socket_sendto(netlink, request, request->nlmsg_len) < 0)
		return -errno;
	do {
		length = mnl_socket_recvfrom(netlink, buffer, sizeof(buffer));
		if (length < 0)
			return -errno;
		/* What is left of an earlier exchange that failed. */
		if (((struct nlmsghdr *)buffer)->nlmsg_seq != sequence) {
			ret = 1;
			continue;
		}
		ret = mnl_cb_run(buffer, length, sequence, port, take, arg);
	} while (ret > 0);
	return ret < 0 ? -errno : 0;
}

static struct nlmsghdr *begin(void *buffer, int type, int flags, size_t size,
			      void **body)
{
	struct nlmsghdr *request = mnl_nlmsg_put_header(buffer);

	request->nlmsg_type = type;
	request->nlmsg_flags = NLM_F_REQUEST | flags;
	*body = mnl_nlmsg_put_extra_header(request, size);
	return request;
}

/**
 * struct search - what a dump of addresses looks for
 * @network: an address whose network holds ours, not the address itself
 */
struct search {
	const struct ip_param *param;
	bool network;
	int index;
	struct ip_place *place;
};

static void take_address(const struct ifaddrmsg *message, const void *address,
			 unsigned int flags, struct search *search)
{
	const struct ip_param *param = search->param;
	bool found;

	if (search->network)
		found = message->ifa_prefixlen < 8 * ip_length(param->family) &&
			(param->prefix < 0 ||
			 param->prefix == message->ifa_prefixlen) &&
			ip_in_network(address, param->address,
				      message->ifa_prefixlen);
	else
		found = !memcmp(address, param->address,
				ip_length(param->family));
	/* Of several networks the smallest. */
	if (!found || (search->place->index &&
		       search->place->prefix >= message->ifa_prefixlen))
		return;
	*search->place = (struct ip_place){
		.index = message->ifa_index, .prefix = message->ifa_prefixlen,
		.flags = flags,
	};
}

static int on_address(const struct nlmsghdr *nlh, void *arg)
{
	const struct ifaddrmsg *message = mnl_nlmsg_get_payload(nlh);
	struct search *search = arg;
	unsigned int flags = message->ifa_flags;
	const void *address = NULL, *local = NULL;
	const struct nlattr *attr;
	size_t length = ip_length(search->param->family);

	if (message->ifa_family != search->param->family ||
	    (search->index ? (int)message->ifa_index != search->index :
			     message->ifa_index == LOOPBACK))
		return MNL_CB_OK;
	mnl_attr_for_each(attr, nlh, sizeof(*message)) {
		int type = mnl_attr_get_type(attr);

		if (type == IFA_FLAGS)
			flags = mnl_attr_get_u32(attr);
		if (mnl_attr_get_payload_len(attr) != length)
			continue;
		if (type == IFA_LOCAL)
			local = mnl_attr_get_payload(attr);
		else if (type == IFA_ADDRESS)
			address = mnl_attr_get_payload(attr);
	}
	if (local || address)
		take_address(message, local ? local : address, flags, search);
	return MNL_CB_OK;
}

static int dump(struct mnl_socket *netlink, struct search *search)
{
	_Alignas(8) char buffer[256];
	struct ifaddrmsg *body;
	struct nlmsghdr *request = begin(buffer, RTM_GETADDR, NLM_F_DUMP,
					 sizeof(*body), (void **)&body);
	int ret, tries = 5;

	body->ifa_family = search->param->family;
	do {	/* again when something changed meanwhile */
		memset(search->place, 0, sizeof(*search->place));
		ret = exchange(netlink, request, on_address, search);
	} while (ret == -EINTR && --tries);
	return ret;
}

int ip_find(struct mnl_socket *netlink, const struct ip_param *param,
	    int index, struct ip_place *place)
{
	struct search search = { .param = param, .index = index,
				 .place = place };

	return dump(netlink, &search);
}

static int on_route(const struct nlmsghdr *nlh, void *arg)
{
	const struct rtmsg *message = mnl_nlmsg_get_payload(nlh);
	struct ip_place *place = arg;
	const struct nlattr *attr;
	int index = 0;

	mnl_attr_for_each(attr, nlh, sizeof(*message)) {
		if (mnl_attr_get_type(attr) == RTA_OIF)
			index = mnl_attr_get_u32(attr);
		else if (mnl_attr_get_type(attr) == RTA_GATEWAY)
			return MNL_CB_OK;	/* not of that network */
	}
	if (message->rtm_type == RTN_UNICAST)
		place->index = index;
	return MNL_CB_OK;
}

static int find_route(struct mnl_socket *netlink, const struct ip_param *param,
		      struct ip_place *place)
{
	int bits = 8 * ip_length(param->family), ret;
	_Alignas(8) char buffer[256];
	struct rtmsg *body;
	struct nlmsghdr *request = begin(buffer, RTM_GETROUTE, NLM_F_ACK,
					 sizeof(*body), (void **)&body);

	body->rtm_family = param->family;
	body->rtm_dst_len = bits;
	mnl_attr_put(request, RTA_DST, bits / 8, param->address);
	*place = (struct ip_place){ .prefix = bits };
	ret = exchange(netlink, request, on_route, place);
	if (ret == -ENETUNREACH || ret == -EHOSTUNREACH || ret == -EINVAL)
		ret = 0;	/* no route: nowhere */
	return ret;
}

int ip_find_network(struct mnl_socket *netlink, const struct ip_param *param,
		    struct ip_place *place)
{
	struct search search = { .param = param, .network = true,
				 .place = place };
	int ret = dump(netlink, &search);

	if (ret || place->index)
		return ret;
	ret = find_route(netlink, param, place);
	if (param->prefix > 0)
		place->prefix = param->prefix;
	return ret;
}

static int on_link(const struct nlmsghdr *nlh, void *arg)
{
	const struct ifinfomsg *message = mnl_nlmsg_get_payload(nlh);
	struct ip_link *link = arg;
	const struct nlattr *attr;

	link->index = message->ifi_index;
	link->up = message->ifi_flags & IFF_UP;
	link->carrier = message->ifi_flags & IFF_RUNNING;
	mnl_attr_for_each(attr, nlh, sizeof(*message)) {
		int type = mnl_attr_get_type(attr);

		if (type == IFLA_IFNAME)
			snprintf(link->name, sizeof(link->name), "%s",
				 mnl_attr_get_str(attr));
		if (type == IFLA_ADDRESS &&
		    mnl_attr_get_payload_len(attr) == 6 &&
		    message->ifi_type == ARPHRD_ETHER &&
		    !(message->ifi_flags & IFF_NOARP)) {
			link->ethernet = true;
			memcpy(link->mac, mnl_attr_get_payload(attr), 6);
		}
	}
	return MNL_CB_OK;
}

int ip_find_link(struct mnl_socket *netlink, int index, struct ip_link *link)
{
	_Alignas(8) char buffer[256];
	struct ifinfomsg *body;
	struct nlmsghdr *request = begin(buffer, RTM_GETLINK, NLM_F_ACK,
					 sizeof(*body), (void **)&body);

	body->ifi_index = index;
	memset(link, 0, sizeof(*link));
	return exchange(netlink, request, on_link, link);
}

static struct nlmsghdr *address_request(void *buffer, int type, int flags,
					const struct ip_param *param,
					const struct ip_place *place)
{
	struct ifaddrmsg *body;
	struct nlmsghdr *request = begin(buffer, type, flags | NLM_F_ACK,
					 sizeof(*body), (void **)&body);
	int length = ip_length(param->family);

	body->ifa_family = param->family;
	body->ifa_prefixlen = place->prefix;
	body->ifa_index = place->index;
	mnl_attr_put(request, IFA_LOCAL, length, param->address);
	/* A removal with it would miss addresses that have a peer's. */
	if (type == RTM_NEWADDR)
		mnl_attr_put(request, IFA_ADDRESS, length, param->address);
	return request;
}

int ip_add(struct mnl_socket *netlink, const struct ip_param *param,
	   const struct ip_place *place)
{
	_Alignas(8) char buffer[512];
	struct nlmsghdr *request = address_request(buffer, RTM_NEWADDR,
						   NLM_F_CREATE | NLM_F_EXCL,
						   param, place);
	struct ifa_cacheinfo life = { .ifa_valid = UINT32_MAX,
				      .ifa_prefered = UINT32_MAX };
	unsigned char broadcast[4];

	if (param->family == AF_INET) {
		if (ip_broadcast(param->address, place->prefix, broadcast))
			mnl_attr_put(request, IFA_BROADCAST, 4, broadcast);
		if (*param->label)
			mnl_attr_put_strz(request, IFA_LABEL, param->label);
	} else {
		/* Who may have it is decided; a duplicate is not looked for. */
		mnl_attr_put_u32(request, IFA_FLAGS, IFA_F_NODAD);
		if (!param->prefer)
			life.ifa_prefered = 0;
		mnl_attr_put(request, IFA_CACHEINFO, sizeof(life), &life);
	}
	return exchange(netlink, request, NULL, NULL);
}

int ip_remove(struct mnl_socket *netlink, const struct ip_param *param,
	      const struct ip_place *place)
{
	_Alignas(8) char buffer[512];

	return exchange(netlink, address_request(buffer, RTM_DELADDR, 0, param,
						 place), NULL, NULL);
}

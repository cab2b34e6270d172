// SPDX-License-Identifier: GPL-2.0-only
/* From a request to its netlink message. */
#include <libmnl/libmnl.h>

#include "address.h"
#include "genl.h"
#include "request.h"

static void put_options(struct nlmsghdr *nlh, const struct ha_values *values,
			int first, int last)
{
	for (int id = first; id < last; id++) {
		if (!(values->set & (1u << id)))
			continue;
		if (ha_options[id].kind == HA_KIND_RATE)
			mnl_attr_put_u64(nlh, ha_options[id].attr,
					 values->value[id]);
		else
			mnl_attr_put_u32(nlh, ha_options[id].attr,
					 values->value[id]);
	}
}

static void put_address(struct nlmsghdr *nlh, uint16_t type,
			const struct sockaddr_storage *address)
{
	if (address->ss_family)
		mnl_attr_put(nlh, type, ha_address_length(address), address);
}

static void put_peer(struct nlmsghdr *nlh, const struct ha_request *req)
{
	struct nlattr *nest;

	if (req->peer < 0)
		return;
	nest = mnl_attr_nest_start(nlh, HA_A_PEER);
	mnl_attr_put_u32(nlh, HA_PEER_NODE_ID, req->peer);
	if (req->peer_name)
		mnl_attr_put_strz(nlh, HA_PEER_NAME, req->peer_name);
	put_address(nlh, HA_PEER_LOCAL_ADDRESS, &req->local);
	put_address(nlh, HA_PEER_PEER_ADDRESS, &req->remote);
	if (req->secret)
		mnl_attr_put_strz(nlh, HA_PEER_SECRET, req->secret);
	put_options(nlh, &req->values, HA_OPT_RESOURCE_NR, HA_OPT_NR);
	mnl_attr_nest_end(nlh, nest);
}

int ha_request_send(const struct ha_request *req, struct ha_genl *genl)
{
	_Alignas(8) char buffer[HA_GENL_BUFFER];
	struct nlmsghdr *nlh = ha_genl_begin(genl, buffer, req->kind->cmd);

	mnl_attr_put_strz(nlh, HA_A_NAME, req->name);
	if (req->node_id >= 0)
		mnl_attr_put_u32(nlh, HA_A_NODE_ID, req->node_id);
	if (req->minor >= 0)
		mnl_attr_put_u32(nlh, HA_A_MINOR, req->minor);
	if (req->disk)
		mnl_attr_put_strz(nlh, HA_A_DISK, req->disk);
	if (req->meta_disk)
		mnl_attr_put_strz(nlh, HA_A_META_DISK, req->meta_disk);
	put_options(nlh, &req->values, 0, HA_OPT_RESOURCE_NR);
	if (req->force)
		mnl_attr_put(nlh, HA_A_FORCE, 0, NULL);
	if (req->discard_my_data)
		mnl_attr_put(nlh, HA_A_DISCARD_MY_DATA, 0, NULL);
	put_peer(nlh, req);
	return ha_genl_request(genl, nlh);
}

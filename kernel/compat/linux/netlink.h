/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef HA_COMPAT_LINUX_NETLINK_H
#define HA_COMPAT_LINUX_NETLINK_H

#include_next <linux/netlink.h>

#ifdef COMPAT_NO_EXTACK_FMT

#include <linux/atomic.h>
#include <linux/kernel.h>

#define NETLINK_MAX_FMTMSG_LEN	80
#define COMPAT_FMTMSG_SLOTS	16	/* a power of two */

/*
 * The text must live until the answer to the request is sent, and the extended
 * ack has no room for it: a ring, long enough for the requests that are
 * refused at the same time.
 */
static inline char *compat_fmtmsg(void)
{
	static char text[COMPAT_FMTMSG_SLOTS][NETLINK_MAX_FMTMSG_LEN];
	static atomic_t last;

	return text[atomic_inc_return(&last) & (COMPAT_FMTMSG_SLOTS - 1)];
}

#define NL_SET_ERR_MSG_FMT(extack, fmt, args...) do {			\
	struct netlink_ext_ack *__extack = (extack);			\
	char *__text;							\
									\
	if (!__extack)							\
		break;							\
	__text = compat_fmtmsg();					\
	snprintf(__text, NETLINK_MAX_FMTMSG_LEN, fmt, ##args);		\
	__extack->_msg = __text;					\
} while (0)

#endif
#endif

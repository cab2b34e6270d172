// SPDX-License-Identifier: GPL-2.0-only
/* Sends announcements, at once and again later: the first may be lost. */
#include <arpa/inet.h>
#include <errno.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "ip.h"
#include "ip_packet.h"
#include "job.h"
#include "util.h"

#define AT_ONCE 3

/* After the first burst, ms from one to the next: at 1 s and at 5 s. */
static const int64_t pauses_ms[] = { 1000, 4000 };

/**
 * struct announcer - one address that is announced
 * @sent: how often after the burst
 */
struct announcer {
	struct ip_service *ip;
	struct announcer *next, **prev;
	struct ip_param param;
	struct ip_link link;
	unsigned int sent;
	sd_event_source *clock;
};

static bool forwards(const char *name)
{
	char *path = xasprintf("/proc/sys/net/ipv6/conf/%s/forwarding", name);
	FILE *file = fopen(path, "re");
	bool yes = file && fgetc(file) == '1';

	if (file)
		fclose(file);
	free(path);
	return yes;
}

static int send_frame(int fd, const struct ip_link *link,
		      const unsigned char *frame, size_t length)
{
	struct sockaddr_ll to = {
		.sll_family = AF_PACKET, .sll_ifindex = link->index,
		.sll_halen = 6,
	};

	memcpy(to.sll_addr, frame, 6);
	if (sendto(fd, frame, length, MSG_DONTWAIT, (struct sockaddr *)&to,
		   sizeof(to)) < 0)
		return -errno;
	return 0;
}

static int send_all(struct ip_service *ip, const struct ip_param *param,
		    const struct ip_link *link, int times)
{
	unsigned char frame[IP_FRAME_MAX];
	size_t length;
	int fd, ret = 0;

	if (ip->packet < 0)
		ip->packet = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0);
	fd = ip->packet;
	if (fd < 0)
		return -errno;
	for (int i = 0; !ret && i < times; i++) {
		if (param->family == AF_INET6) {
			length = ip_na_frame(link->mac, param->address,
					     forwards(link->name), frame);
			ret = send_frame(fd, link, frame, length);
			continue;
		}
		for (int reply = 0; !ret && reply < 2; reply++) {
			length = ip_arp_frame(link->mac, param->address, reply,
					      frame);
			ret = send_frame(fd, link, frame, length);
		}
	}
	return ret;
}

static void announcer_free(struct announcer *announcer)
{
	sd_event_source_disable_unref(announcer->clock);
	*announcer->prev = announcer->next;
	if (announcer->next)
		announcer->next->prev = announcer->prev;
	free(announcer);
}

static int on_clock(sd_event_source *source, uint64_t usec, void *arg)
{
	struct announcer *announcer = arg;

	(void)usec;
	send_all(announcer->ip, &announcer->param, &announcer->link, 1);
	if (++announcer->sent == ARRAY_SIZE(pauses_ms)) {
		announcer_free(announcer);
		return 0;
	}
	sd_event_source_set_time_relative(source,
		pauses_ms[announcer->sent] * 1000);
	return sd_event_source_set_enabled(source, SD_EVENT_ONESHOT);
}

int ip_announce(struct ip_service *ip, const struct ip_param *param,
		const struct ip_link *link)
{
	struct announcer *announcer;

	ip_announce_end(ip, param);
	if (!link->ethernet || !param->announce)
		return 0;
	announcer = xcalloc(1, sizeof(*announcer));
	*announcer = (struct announcer){ .ip = ip, .param = *param,
					 .link = *link, .next = ip->announcers,
					 .prev = &ip->announcers };
	if (announcer->next)
		announcer->next->prev = &announcer->next;
	ip->announcers = announcer;
	if (sd_event_add_time_relative(ip->ex->event, &announcer->clock,
				       CLOCK_MONOTONIC, pauses_ms[0] * 1000,
				       1000, on_clock, announcer) < 0)
		abort();
	return send_all(ip, param, link, AT_ONCE);
}

void ip_announce_end(struct ip_service *ip, const struct ip_param *param)
{
	struct announcer *next;

	for (struct announcer *one = ip->announcers; one; one = next) {
		next = one->next;
		if (one->param.family == param->family &&
		    !memcmp(one->param.address, param->address, 16))
			announcer_free(one);
	}
}

void ip_announce_end_all(struct ip_service *ip)
{
	while (ip->announcers)
		announcer_free(ip->announcers);
}

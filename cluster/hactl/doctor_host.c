// SPDX-License-Identifier: GPL-2.0-only
/* The doctor's checks of a host that runs: units, kernel, clock, scheduling. */
#include <glob.h>
#include <stdlib.h>
#include <string.h>
#include <sys/timex.h>
#include <time.h>

#include "corosync_conf.h"
#include "doctor.h"
#include "files.h"
#include "util.h"

#define MEASURE_MS	1500
#define GAPS_IN_TOKEN	5

/* systemd would start it at boot: some .wants or .requires names it. */
static bool is_enabled(const struct doctor *d, const char *unit)
{
	char *path = xasprintf("%s/etc/systemd/system/*.[wr]*/%s",
			       strcmp(d->root, "/") ? d->root : "", unit);
	glob_t found;
	bool enabled = !glob(path, 0, NULL, &found);

	if (enabled)
		globfree(&found);
	free(path);
	return enabled;
}

static bool is_installed(const struct doctor *d, const char *unit)
{
	static const char *const dirs[] = {
		"/etc/systemd/system", "/run/systemd/system",
		"/usr/lib/systemd/system", "/lib/systemd/system",
	};
	bool found = false;

	for (size_t i = 0; i < ARRAY_SIZE(dirs) && !found; i++) {
		char *path = xasprintf("%s/%s", dirs[i], unit);

		found = doctor_exists(d, path);
		free(path);
	}
	return found;
}

void doctor_units(struct doctor *d)
{
	static const char *const units[] = { "corosync.service",
					     "haclusterd.service" };

	for (size_t i = 0; i < ARRAY_SIZE(units); i++) {
		if (!is_installed(d, units[i]))
			doctor_say(d, DOCTOR_BAD, "units",
				   "install its package", "there is no %s",
				   units[i]);
		else if (!is_enabled(d, units[i]))
			doctor_say(d, DOCTOR_WARN, "units",
				   "hactl cluster enable",
				   "%s does not start at boot", units[i]);
		else
			doctor_say(d, DOCTOR_OK, "units", NULL,
				   "%s starts at boot", units[i]);
	}
}

static void check_managed(struct doctor *d, const char *unit)
{
	char *hint;

	if (strchr(unit, '@'))
		return;
	if (!is_installed(d, unit)) {
		doctor_say(d, DOCTOR_BAD, "managed units",
			   "install its package on every node",
			   "there is no %s here", unit);
	} else if (is_enabled(d, unit)) {
		hint = xasprintf("systemctl disable %s", unit);
		doctor_say(d, DOCTOR_BAD, "managed units", hint,
			   "systemd starts %s at boot, wherever the cluster wants it",
			   unit);
		free(hint);
	}
}

void doctor_managed_units(struct doctor *d)
{
	size_t before = json_array_size(d->findings);

	for (unsigned int i = 0; i < d->conf->n_services; i++) {
		const struct hc_service *service = &d->conf->services[i];

		for (unsigned int j = 0; j < service->n_members; j++)
			if (service->members[j].kind == HC_SYSTEMD)
				check_managed(d, service->members[j].what);
	}
	if (json_array_size(d->findings) == before)
		doctor_say(d, DOCTOR_OK, "managed units", NULL,
			   "left to the cluster");
}

static bool has_kind(const struct hc_service *service, int kind)
{
	for (unsigned int i = 0; i < service->n_members; i++)
		if (service->members[i].kind == kind)
			return true;
	return false;
}

/* An address that follows a clone: the clone binds it where it is not. */
void doctor_nonlocal_bind(struct doctor *d)
{
	char *text = doctor_file(d, "/proc/sys/net/ipv4/ip_nonlocal_bind");

	for (unsigned int i = 0; i < d->conf->n_services; i++) {
		const struct hc_service *service = &d->conf->services[i];

		for (unsigned int j = 0; j < service->n_rules; j++) {
			if (service->rules[j].kind != HC_WITH ||
			    !has_kind(service, HC_IP))
				continue;
			if (text && *text == '0')
				doctor_say(d, DOCTOR_WARN, "ip_nonlocal_bind",
					   "sysctl net.ipv4.ip_nonlocal_bind=1, also in /etc/sysctl.d",
					   "what binds the address of %s cannot start where the address is not",
					   service->name);
			else
				doctor_say(d, DOCTOR_OK, "ip_nonlocal_bind",
					   NULL, "is on");
			free(text);
			return;
		}
	}
	free(text);
}

void doctor_clock(struct doctor *d)
{
	struct timex t = { 0 };

	if (!d->alive)
		return;
	if (adjtimex(&t) < 0 || (t.status & STA_UNSYNC))
		doctor_say(d, DOCTOR_WARN, "clock",
			   "run chrony or systemd-timesyncd",
			   "the clock is not synchronised: times of different nodes cannot be compared");
	else
		doctor_say(d, DOCTOR_OK, "clock", NULL, "is synchronised");
}

static int64_t now_us(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * INT64_C(1000000) + ts.tv_nsec / 1000;
}

/* The longest time this process had to wait for a CPU, beyond its sleep. */
static int64_t longest_gap_ms(void)
{
	const struct timespec nap = { .tv_nsec = 1000000 };
	int64_t begin = now_us(), last = begin, longest = 0, now;

	while (last - begin < MEASURE_MS * 1000) {
		nanosleep(&nap, NULL);
		now = now_us();
		if (now - last > longest)
			longest = now - last;
		last = now;
	}
	return longest / 1000;
}

void doctor_scheduling(struct doctor *d)
{
	int64_t token = hc_token(d->conf), gap;

	if (!d->alive)
		return;
	gap = longest_gap_ms();
	if (gap * GAPS_IN_TOKEN > token)
		doctor_say(d, DOCTOR_BAD, "scheduling",
			   "hactl set detect balanced, or relaxed; or give the host more CPU",
			   "processes wait for a CPU up to %d ms: a token of %d ms can be lost by that alone",
			   (int)gap, (int)token);
	else
		doctor_say(d, DOCTOR_OK, "scheduling", NULL,
			   "longest wait for a CPU %d ms, token %d ms",
			   (int)gap, (int)token);
}

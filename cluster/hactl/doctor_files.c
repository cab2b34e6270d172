// SPDX-License-Identifier: GPL-2.0-only
/* The doctor's checks of files: corosync, keys, watchdog, agents. */
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "corosync_conf.h"
#include "doctor.h"
#include "files.h"
#include "grade.h"
#include "util.h"

void doctor_corosync(struct doctor *d)
{
	char *text = doctor_file(d, "/etc/corosync/corosync.conf");
	char *wanted = hc_corosync_conf(d->conf);

	if (!text)
		doctor_say(d, DOCTOR_BAD, "corosync.conf",
			   "hactl cluster init makes it", "there is none");
	else if (strstr(text, "crypto_cipher: none") ||
		 !strstr(text, "crypto_cipher:") ||
		 !strstr(text, "crypto_hash:") ||
		 strstr(text, "crypto_hash: none"))
		doctor_say(d, DOCTOR_BAD, "encryption",
			   "hactl set crypto.cipher aes256; hactl set crypto.hash sha256",
			   "corosync's packets are not encrypted: who reaches the network can command the cluster");
	else if (strcmp(text, wanted))
		doctor_say(d, DOCTOR_WARN, "corosync.conf",
			   "compare it with hactl config corosync",
			   "it is not the one the configuration leads to: somebody changed it by hand");
	else
		doctor_say(d, DOCTOR_OK, "corosync.conf", NULL,
			   "as configured, encrypted");
	if (text && strstr(text, "watchdog_device"))
		doctor_say(d, DOCTOR_BAD, "watchdog",
			   "take resources.watchdog_device out of corosync.conf",
			   "corosync wants the watchdog, which is the cluster manager's");
	free(text);
	free(wanted);
}

void doctor_authkey(struct doctor *d)
{
	char *path = file_below(d->root, "/etc/corosync/authkey");
	struct stat st;

	if (stat(path, &st))
		doctor_say(d, DOCTOR_BAD, "authkey",
			   "copy it from another node", "there is none");
	else if (st.st_mode & 077)
		doctor_say(d, DOCTOR_BAD, "authkey",
			   "chmod 400 /etc/corosync/authkey",
			   "others than root can read the key");
	else if (st.st_size < 128)
		doctor_say(d, DOCTOR_BAD, "authkey", "corosync-keygen",
			   "the key is too short");
	else
		doctor_say(d, DOCTOR_OK, "authkey", NULL, "only root reads it");
	free(path);
}

/* Is a setting of systemd's own configuration switched on? */
static bool systemd_takes_watchdog(const struct doctor *d)
{
	char *text = doctor_file(d, "/etc/systemd/system.conf"), *line, *rest;
	bool takes = false;

	rest = text;
	while (rest && (line = strsep(&rest, "\n"))) {
		line += strspn(line, " \t");
		if (!strncmp(line, "RuntimeWatchdogSec=", 19))
			takes = line[19] && strcmp(line + 19, "0") &&
				strcmp(line + 19, "off");
	}
	free(text);
	return takes;
}

void doctor_watchdog(struct doctor *d)
{
	const char *device = d->conf->watchdog.device;
	char *modules;

	if (!device) {
		doctor_say(d, DOCTOR_WARN, "watchdog",
			   "hactl set watchdog.device /dev/watchdog",
			   "none is configured: a node that hangs does not reset itself");
		return;
	}
	if (!doctor_exists(d, device)) {
		doctor_say(d, DOCTOR_BAD, "watchdog",
			   "load the driver of the hardware, or softdog to try things out",
			   "there is no %s", device);
		return;
	}
	if (systemd_takes_watchdog(d)) {
		doctor_say(d, DOCTOR_BAD, "watchdog",
			   "set RuntimeWatchdogSec=off in /etc/systemd/system.conf",
			   "systemd holds the watchdog");
		return;
	}
	if (!doctor_exists(d, "/run/hawatchd/hawatchd.sock")) {
		doctor_say(d, DOCTOR_BAD, "watchdog", "systemctl start hawatchd.service",
			   "hawatchd does not run: %s guards nothing", device);
		return;
	}
	modules = doctor_file(d, "/proc/modules");
	if (modules && strstr(modules, "softdog "))
		doctor_say(d, DOCTOR_WARN, "watchdog",
			   "use the hardware's where there is one",
			   "softdog hangs when the kernel hangs");
	else
		doctor_say(d, DOCTOR_OK, "watchdog", NULL, "hawatchd runs, for %s",
			   device);
	free(modules);
}

void doctor_agents(struct doctor *d)
{
	char *ocf = file_below(d->root, "/usr/lib/ocf");
	char *fence = file_below(d->root, "/usr/sbin");
	struct conf_errors errors = { 0 };

	hc_agents_check(d->conf, ocf, fence, &errors);
	for (unsigned int i = 0; i < errors.count; i++)
		doctor_say(d, DOCTOR_BAD, "agents",
			   "install resource-agents or fence-agents", "%s",
			   errors.text[i]);
	if (!errors.count)
		doctor_say(d, DOCTOR_OK, "agents", NULL,
			   "all that are named are installed");
	conf_errors_free(&errors);
	free(ocf);
	free(fence);
}

void doctor_module(struct doctor *d)
{
	if (!d->conf->n_devices)
		return;
	if (doctor_exists(d, "/sys/module/ha"))
		doctor_say(d, DOCTOR_OK, "module", NULL, "ha is loaded");
	else
		doctor_say(d, DOCTOR_BAD, "module",
			   "modprobe ha; echo ha > /etc/modules-load.d/ha.conf",
			   "devices are configured and ha is not loaded");
}

void doctor_safety(struct doctor *d)
{
	struct grade grade;

	grade_config(d->conf, &grade);
	doctor_say(d, grade.letter <= 'B' ? DOCTOR_OK : grade.letter == 'F' ?
		   DOCTOR_BAD : DOCTOR_WARN, "safety", grade.hint, "%c: %s",
		   grade.letter, grade.text);
}

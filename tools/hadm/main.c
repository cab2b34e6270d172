// SPDX-License-Identifier: GPL-2.0-only
/* hadm: reads the command line and the file, then runs the verb. */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "hadm.h"

#define DEFAULT_CONF	"/etc/hadm.conf"
#define HOST_VARIABLE	"HADM_HOST"

int hadm_usage(const char *fmt, ...)
{
	va_list ap;

	fputs("hadm: ", stderr);
	va_start(ap, fmt);
	vfprintf(stderr, fmt, ap);
	va_end(ap);
	fputc('\n', stderr);
	return HA_EXIT_USAGE;
}

int hadm_error(const char *name, const char *fmt, ...)
{
	va_list ap;

	fputs("hadm: ", stderr);
	if (name)
		fprintf(stderr, "%s: ", name);
	va_start(ap, fmt);
	vfprintf(stderr, fmt, ap);
	va_end(ap);
	fputc('\n', stderr);
	return HA_EXIT_FAILED;
}

static int find_host(struct hadm *hadm)
{
	const char *given = getenv(HOST_VARIABLE);

	if (given && *given) {
		snprintf(hadm->host, sizeof(hadm->host), "%s", given);
		return 0;
	}
	if (gethostname(hadm->host, sizeof(hadm->host) - 1))
		return hadm_error(NULL, "no host name: %s", strerror(errno));
	return 0;
}

/* Verbs about what the kernel has work also where there is no file. */
static int load_conf(struct hadm *hadm)
{
	struct conf_errors errors = { 0 };

	if ((hadm->verb->takes & HADM_KERNEL) &&
	    !strcmp(hadm->conf_path, DEFAULT_CONF) &&
	    access(hadm->conf_path, F_OK)) {
		hadm->conf = xcalloc(1, sizeof(*hadm->conf));
		return 0;
	}
	hadm->conf = ha_conf_load(hadm->conf_path, NULL, &errors);
	if (hadm->conf)
		return 0;
	conf_errors_print(&errors, stderr);
	conf_errors_free(&errors);
	return HA_EXIT_FAILED;
}

static int run(struct hadm *hadm)
{
	int ret;

	if (hadm->verb->takes & HADM_NO_FILE)
		return hadm->verb->run(hadm);
	ret = find_host(hadm);
	if (!ret)
		ret = load_conf(hadm);
	if (!ret)
		ret = hadm_find_targets(hadm);
	return ret ? ret : hadm->verb->run(hadm);
}

int main(int argc, char **argv)
{
	struct hadm hadm = { .conf_path = DEFAULT_CONF };
	int ret = hadm_parse(&hadm, argc, argv);

	if (!ret)
		ret = run(&hadm);
	ha_genl_close(hadm.genl);
	ha_conf_free(hadm.conf);
	free(hadm.targets);
	if (fflush(stdout) || ferror(stdout)) {
		perror("hadm: cannot write");
		return HA_EXIT_FAILED;
	}
	return ret;
}

// SPDX-License-Identifier: GPL-2.0-only
/* hactl: finds the verb of the command line and runs it. */
#include <stdarg.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "hactl.h"

#define SOCKET		"/run/hacluster/hacluster.sock"
#define SOCKET_VARIABLE	"HACTL_SOCKET"

static void complain(const char *fmt, va_list ap)
{
	fputs("hactl: ", stderr);
	vfprintf(stderr, fmt, ap);
	fputc('\n', stderr);
}

int hactl_usage(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	complain(fmt, ap);
	va_end(ap);
	return HACTL_USAGE;
}

int hactl_error(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	complain(fmt, ap);
	va_end(ap);
	return HACTL_FAILED;
}

int hactl_print_json(json_t *data)
{
	json_t *whole = json_pack("{s:i, s:o}", "schema", HACTL_SCHEMA, "data",
				  data ? data : json_null());

	json_dumpf(whole, stdout, JSON_INDENT(2));
	putchar('\n');
	json_decref(whole);
	return HACTL_OK;
}

int main(int argc, char **argv)
{
	const char *socket = getenv(SOCKET_VARIABLE);
	struct hactl h = {
		.socket = socket && *socket ? socket : SOCKET,
		.fd = -1,
		.colour = isatty(STDOUT_FILENO) && !getenv("NO_COLOR"),
		.now_ms = (int64_t)time(NULL) * 1000,
	};
	int ret = hactl_parse(&h, argc, argv);

	if (!ret)
		ret = h.verb->run(&h);
	else if (ret < 0)
		ret = HACTL_OK;
	if (h.fd >= 0)
		close(h.fd);
	hactl_free(&h);
	if (fflush(stdout) || ferror(stdout)) {
		perror("hactl: cannot write");
		return HACTL_FAILED;
	}
	return ret;
}

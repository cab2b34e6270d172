// SPDX-License-Identifier: GPL-2.0-only
/*
 * Messages go to stderr, a line each, with the level as journald reads it. A
 * reader that does not read must not stop the daemon: what does not fit is lost.
 */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "daemon.h"

void say(int level, const char *fmt, ...)
{
	char line[1024];
	va_list ap;
	int n = snprintf(line, sizeof(line), "<%d>", level);

	va_start(ap, fmt);
	vsnprintf(line + n, sizeof(line) - n - 1, fmt, ap);
	va_end(ap);
	for (char *at = line; *at; at++)
		if (*at == '\n')
			*at = ' ';
	strcat(line, "\n");
	if (write(STDERR_FILENO, line, strlen(line)) < 0)
		return;
}

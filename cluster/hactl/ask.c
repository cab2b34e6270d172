// SPDX-License-Identifier: GPL-2.0-only
/* Questions to the person at the terminal. */
#include <string.h>
#include <unistd.h>

#include "hactl.h"

bool hactl_confirm(const struct hactl *h, const char *question)
{
	char answer[16];

	if (h->yes)
		return true;
	if (!isatty(STDIN_FILENO) || !isatty(STDERR_FILENO)) {
		hactl_error("%s Nobody can be asked; --yes answers.", question);
		return false;
	}
	fprintf(stderr, "%s [y/N] ", question);
	return fgets(answer, sizeof(answer), stdin) &&
	       (*answer == 'y' || *answer == 'Y');
}

bool hactl_wanted_wait(const struct hactl *h)
{
	return !h->options[OPT_NO_WAIT].n;
}

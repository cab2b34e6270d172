// SPDX-License-Identifier: GPL-2.0-only
/* The verbs about fencing: devices, fencing by hand, passwords. */
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "change.h"
#include "cmd.h"
#include "ipc.h"
#include "member.h"
#include "util.h"

/* fence add NAME AGENT [PARAM=VALUE...] --node NODE [--secret @NAME] */
static int edit_add(struct hactl *h, struct hc_edit *edit)
{
	const struct hc_words *nodes = &h->options[OPT_NODE];
	struct statements list = { 0 };
	char *names = xstrdup("for"), *longer;
	int ret = HACTL_OK;

	statements_add(&list, xasprintf("agent %s;", h->words[1]));
	for (unsigned int i = 0; i < nodes->n; i++) {
		longer = xasprintf("%s %s", names, nodes->word[i]);
		free(names);
		names = longer;
	}
	statements_add(&list, xasprintf("%s;", names));
	free(names);
	if (hactl_opt(h, OPT_SECRET))
		statements_add(&list, xasprintf("secret %s;",
						hactl_opt(h, OPT_SECRET)));
	for (unsigned int i = 2; i < h->n_words; i++) {
		char *equals = strchr(h->words[i], '='), *value;

		if (!equals) {
			ret = hactl_usage("\"%s\" is no parameter: write NAME=VALUE",
					  h->words[i]);
			break;
		}
		value = hc_quote(equals + 1);
		statements_add(&list, xasprintf("param %.*s %s;",
						(int)(equals - h->words[i]),
						h->words[i], value));
		free(value);
	}
	if (!ret)
		hc_edit_block(edit, "fence", h->words[0], list.text, list.n);
	statements_free(&list);
	return ret;
}

int cmd_fence_add(struct hactl *h)
{
	if (!h->options[OPT_NODE].n)
		return hactl_usage("which node does it switch? --node NODE");
	return hactl_change(h, edit_add);
}

static int edit_remove(struct hactl *h, struct hc_edit *edit)
{
	hc_edit_remove(edit, "fence", h->words[0]);
	return HACTL_OK;
}

int cmd_fence_remove(struct hactl *h)
{
	return hactl_change(h, edit_remove);
}

static int decide_node(struct hactl *h, const char *what, const char *question,
		       const char *done)
{
	char *text = xasprintf(question, h->words[0]);
	bool agreed = h->dry_run || hactl_confirm(h, text);
	int ret = HACTL_UNSAFE;

	free(text);
	text = xasprintf("%s %s", h->words[0], done);
	if (agreed)
		ret = hactl_decide(h, json_pack("{s:s, s:s}", "what", what,
						"node", h->words[0]),
				   NULL, text);
	free(text);
	return ret;
}

int cmd_fence_node(struct hactl *h)
{
	return decide_node(h, "fence", "Switch off %s now?", "is fenced");
}

int cmd_fence_confirm(struct hactl *h)
{
	return decide_node(h, "confirm-fence",
			   "Have you seen that %s is off? If it still runs, data will be lost.",
			   "is taken for off");
}

/* Asks the devices for the node's state: nothing is switched. */
int cmd_fence_test(struct hactl *h)
{
	json_t *data;
	int ret = hactl_call(h, "decide", json_pack("{s:s, s:s}", "what",
						    "fence-test", "node",
						    h->words[0]), &data);

	if (!ret && h->json)
		hactl_print_json(json_incref(data));
	else if (!ret)
		printf("the fence devices of %s answer\n", h->words[0]);
	json_decref(data);
	return ret;
}

/* From the terminal without an echo, else the first line of the input. */
static char *read_secret(void)
{
	bool terminal = isatty(STDIN_FILENO);
	struct termios old, quiet;
	char *line = NULL;
	size_t size = 0;
	ssize_t length;

	if (terminal && !tcgetattr(STDIN_FILENO, &old)) {
		fputs("Secret: ", stderr);
		quiet = old;
		quiet.c_lflag &= ~ECHO;
		tcsetattr(STDIN_FILENO, TCSANOW, &quiet);
		length = getline(&line, &size, stdin);
		tcsetattr(STDIN_FILENO, TCSANOW, &old);
		fputc('\n', stderr);
	} else {
		length = getline(&line, &size, stdin);
	}
	if (length > 0 && line[length - 1] == '\n')
		line[--length] = '\0';
	if (length <= 0) {
		free(line);
		return NULL;
	}
	return line;
}

int cmd_secret_set(struct hactl *h)
{
	const char *name = h->words[0] + (*h->words[0] == '@');
	char *secret = read_secret();
	json_t *data;
	int ret;

	if (!secret)
		return hactl_usage("there is no secret on the input");
	ret = hactl_call(h, "set_secret", json_pack("{s:s, s:s}", "name", name,
						    "value", secret), &data);
	explicit_bzero(secret, strlen(secret));
	free(secret);
	json_decref(data);
	return ret;
}

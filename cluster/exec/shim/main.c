// SPDX-License-Identifier: GPL-2.0-only
/* One program with many names: which command it is, its own name tells. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

#include "client.h"
#include "util.h"

#define PATIENCE_S	30
#define PRESET_SOCKET	"/run/hacluster/shim.sock"

static const struct {
	const char *name;
	client_command *run;
} commands[] = {
	{ "crm_attribute", client_crm_attribute },
	{ "crm_master", client_crm_master },
	{ "attrd_updater", client_attrd_updater },
	{ "crm_node", client_crm_node },
	{ "crm_resource", client_crm_resource },
};

int client_usage(const char *command)
{
	fprintf(stderr, "%s: this is not supported\n", command);
	return SHIM_EXIT_USAGE;
}

json_t *client_attribute(const char *verb, const char *scope, const char *node,
			 const char *name)
{
	json_t *request = json_object();

	json_object_set_new(request, "verb", json_string(verb));
	json_object_set_new(request, "scope", json_string(scope));
	json_object_set_new(request, "name", json_string(name));
	if (node && strcmp(node, "localhost"))
		json_object_set_new(request, "node", json_string(node));
	return request;
}

char *client_score_name(const char *member)
{
	const char *of = member ? member : getenv("OCF_RESOURCE_INSTANCE");

	if (!of || !*of)
		return NULL;
	/* Instances of a clone have one score for each node. */
	return xasprintf("master-%.*s", (int)strcspn(of, ":"), of);
}

static int connect_daemon(void)
{
	struct timeval patience = { .tv_sec = PATIENCE_S };
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	const char *path = getenv("HA_SHIM_SOCKET");
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	path = path && *path ? path : PRESET_SOCKET;
	if (fd < 0 || strlen(path) >= sizeof(address.sun_path))
		return -1;
	strcpy(address.sun_path, path);
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
	setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof(patience));
	if (connect(fd, (struct sockaddr *)&address, sizeof(address)) == 0)
		return fd;
	close(fd);
	return -1;
}

static json_t *exchange(json_t *request)
{
	int fd = connect_daemon();
	json_t *answer = NULL;
	FILE *stream = fd < 0 ? NULL : fdopen(fd, "r+");
	char *line = NULL;
	size_t size = 0;

	if (!stream)
		return NULL;
	if (!json_dumpf(request, stream, JSON_COMPACT) &&
	    fputc('\n', stream) != EOF && !fflush(stream) &&
	    getline(&line, &size, stream) > 0)
		answer = json_loads(line, 0, NULL);
	free(line);
	fclose(stream);
	return answer;
}

int client_ask(json_t *request, json_t **value)
{
	const char *member = getenv("OCF_RESOURCE_INSTANCE"), *text;
	json_t *answer;
	int error;

	json_object_set_new(request, "v", json_integer(1));
	if (member)
		json_object_set_new(request, "member", json_string(member));
	answer = exchange(request);
	json_decref(request);
	*value = NULL;
	if (!answer) {
		fprintf(stderr, "haclusterd does not answer\n");
		return SHIM_EXIT_UNAVAILABLE;
	}
	if (json_is_true(json_object_get(answer, "ok"))) {
		*value = json_incref(json_object_get(answer, "value"));
		json_decref(answer);
		return SHIM_EXIT_OK;
	}
	error = json_integer_value(json_object_get(answer, "error"));
	text = json_string_value(json_object_get(answer, "text"));
	if (error != ENXIO)
		fprintf(stderr, "haclusterd: %s\n", text ? text : "refused");
	json_decref(answer);
	return error == ENXIO ? SHIM_EXIT_NONE : SHIM_EXIT_ERROR;
}

int main(int argc, char **argv)
{
	const char *slash = strrchr(argv[0], '/');
	const char *name = slash ? slash + 1 : argv[0];

	for (size_t i = 0; i < ARRAY_SIZE(commands); i++)
		if (!strcmp(commands[i].name, name))
			return commands[i].run(argc, argv);
	/* ha-shim COMMAND ..., for people. */
	for (size_t i = 0; argc > 1 && i < ARRAY_SIZE(commands); i++)
		if (!strcmp(commands[i].name, argv[1]))
			return commands[i].run(argc - 1, argv + 1);
	return client_usage(name);
}

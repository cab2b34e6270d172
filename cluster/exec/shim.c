// SPDX-License-Identifier: GPL-2.0-only
/* The socket of the shim: one request on each connection, one answer. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "shim.h"
#include "util.h"

#define LINE_MAX_BYTES	16384
#define CALLS_MAX	256
#define PATIENCE_MS	30000

/**
 * struct shim - the socket
 * @calls: open connections, @n_calls of them
 */
struct shim {
	sd_event *event;
	char *path, *node;
	int fd;
	sd_event_source *source;
	shim_request *request;
	void *arg;
	struct shim_call *calls;
	unsigned int n_calls;
};

/**
 * struct shim_call - one connection
 * @asked: its request was handed on; the caller has it now
 * @gone: the client has left; freed with the answer
 */
struct shim_call {
	struct shim *shim;
	struct shim_call *next, **prev;
	int fd;
	sd_event_source *source, *clock;
	char line[LINE_MAX_BYTES];
	size_t length;
	json_t *asked;
	bool gone;
};

static void call_close(struct shim_call *call)
{
	call->source = sd_event_source_disable_unref(call->source);
	call->clock = sd_event_source_disable_unref(call->clock);
	if (call->fd >= 0)
		close(call->fd);
	call->fd = -1;
}

static void call_free(struct shim_call *call)
{
	call_close(call);
	if (call->shim) {
		*call->prev = call->next;
		if (call->next)
			call->next->prev = call->prev;
		call->shim->n_calls--;
	}
	json_decref(call->asked);
	free(call);
}

/* The answer is small and the socket empty: it fits, or nobody wants it. */
static void answer(struct shim_call *call, json_t *object)
{
	char *text = json_dumps(object, JSON_COMPACT);
	char *line = xasprintf("%s\n", text);

	if (call->fd >= 0 && send(call->fd, line, strlen(line),
				  MSG_DONTWAIT | MSG_NOSIGNAL) < 0)
		call->gone = true;
	free(line);
	free(text);
	json_decref(object);
	call_free(call);
}

void shim_answer(struct shim_call *call, json_t *value)
{
	answer(call, json_pack("{s:b, s:o}", "ok", 1, "value",
			       value ? value : json_null()));
}

void shim_refuse(struct shim_call *call, int error, const char *text)
{
	answer(call, json_pack("{s:b, s:i, s:s}", "ok", 0, "error", -error,
			       "text", text));
}

static void handle(struct shim_call *call)
{
	struct shim *shim = call->shim;
	struct shim_ask ask;
	const char *wrong;

	call->clock = sd_event_source_disable_unref(call->clock);
	call->asked = json_loadb(call->line, call->length, 0, NULL);
	wrong = call->asked ? shim_parse(call->asked, shim->node, &ask) :
			      "it is no JSON";
	if (wrong)
		shim_refuse(call, -EINVAL, wrong);
	else
		shim->request(call, &ask, shim->arg);
}

static int on_data(sd_event_source *source, int fd, uint32_t events, void *arg)
{
	struct shim_call *call = arg;
	size_t room = sizeof(call->line) - call->length;
	ssize_t length = recv(fd, call->line + call->length, room,
			      MSG_DONTWAIT);
	char *end;

	(void)source;
	(void)events;
	if (length < 0 && (errno == EAGAIN || errno == EINTR))
		return 0;
	if (length <= 0) {
		if (call->asked)
			call_close(call);	/* freed with the answer */
		else
			call_free(call);
		return 0;
	}
	if (call->asked)
		return 0;	/* one request only */
	call->length += length;
	end = memchr(call->line, '\n', call->length);
	if (!end && call->length == sizeof(call->line)) {
		shim_refuse(call, -EMSGSIZE, "the line is too long");
	} else if (end) {
		call->length = end - call->line;
		handle(call);
	}
	return 0;
}

static int on_patience(sd_event_source *source, uint64_t usec, void *arg)
{
	(void)source;
	(void)usec;
	call_free(arg);
	return 0;
}

static int on_connect(sd_event_source *source, int fd, uint32_t events,
		      void *arg)
{
	struct shim *shim = arg;
	struct shim_call *call;
	int client = accept4(fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);

	(void)source;
	(void)events;
	if (client < 0)
		return 0;
	if (shim->n_calls == CALLS_MAX) {
		close(client);
		return 0;
	}
	call = xcalloc(1, sizeof(*call));
	*call = (struct shim_call){ .shim = shim, .fd = client,
				    .next = shim->calls,
				    .prev = &shim->calls };
	if (call->next)
		call->next->prev = &call->next;
	shim->calls = call;
	shim->n_calls++;
	if (sd_event_add_io(shim->event, &call->source, client, EPOLLIN,
			    on_data, call) < 0 ||
	    sd_event_add_time_relative(shim->event, &call->clock,
				       CLOCK_MONOTONIC, PATIENCE_MS * 1000,
				       1000, on_patience, call) < 0)
		call_free(call);
	return 0;
}

static int open_socket(const char *path)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int fd, ret = 0;
	mode_t mask;

	if (strlen(path) >= sizeof(address.sun_path))
		return -ENAMETOOLONG;
	strcpy(address.sun_path, path);
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0)
		return -errno;
	unlink(path);
	mask = umask(0177);	/* root only: agents are root */
	if (bind(fd, (struct sockaddr *)&address, sizeof(address)) < 0 ||
	    listen(fd, 64) < 0)
		ret = -errno;
	umask(mask);
	if (ret) {
		close(fd);
		return ret;
	}
	return fd;
}

int shim_new(sd_event *event, const char *path, const char *node,
	     shim_request *request, void *arg, struct shim **out)
{
	int fd = open_socket(path), ret;
	struct shim *shim;

	if (fd < 0)
		return fd;
	shim = xcalloc(1, sizeof(*shim));
	*shim = (struct shim){ .event = sd_event_ref(event), .fd = fd,
			       .path = xstrdup(path), .node = xstrdup(node),
			       .request = request, .arg = arg };
	ret = sd_event_add_io(event, &shim->source, fd, EPOLLIN, on_connect,
			      shim);
	if (ret < 0) {
		shim_free(shim);
		return ret;
	}
	*out = shim;
	return 0;
}

/* Calls that were handed on live until they are answered. */
static void let_go(struct shim_call *call)
{
	*call->prev = call->next;
	if (call->next)
		call->next->prev = call->prev;
	call->shim = NULL;
	call_close(call);
}

void shim_free(struct shim *shim)
{
	if (!shim)
		return;
	while (shim->calls)
		if (shim->calls->asked)
			let_go(shim->calls);
		else
			call_free(shim->calls);
	sd_event_source_disable_unref(shim->source);
	close(shim->fd);
	unlink(shim->path);
	free(shim->path);
	free(shim->node);
	sd_event_unref(shim->event);
	free(shim);
}

// SPDX-License-Identifier: GPL-2.0-only
/* Clients: reading requests, writing replies, both without waiting. */
#include <arpa/inet.h>
#include <errno.h>
#include <grp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "answers.h"
#include "ipc.h"
#include "util.h"

#define CLIENTS		64
#define LONGEST		(4u << 20)	/* of a request */
#define BACKLOG		(32u << 20)	/* of replies that nobody reads */
#define READERS		"haclient"
#define WRITERS		"haclient-admin"

/**
 * struct client - one connection
 * @in: what has come of a request, @out: what has not been taken of replies
 * @calls: under way; the client is freed after the last
 */
struct client {
	struct ipc *ipc;
	struct client *next;
	int fd;
	sd_event_source *io;
	struct ucred who;
	char name[16];
	bool may_write, subscribed, gone;
	char *in, *out;
	size_t n_in, n_out;
	unsigned int calls;
};

struct ipc {
	struct daemon *d;
	int fd;
	sd_event_source *io;
	struct client *first;
	unsigned int clients;
};

struct ipc_call {
	struct client *client;
	json_t *args;
};

static void client_free(struct client *c)
{
	struct client **at = &c->ipc->first;

	while (*at != c)
		at = &(*at)->next;
	*at = c->next;
	c->ipc->clients--;
	free(c->in);
	free(c->out);
	free(c);
}

static void hang_up(struct client *c)
{
	if (!c->gone) {
		sd_event_source_disable_unref(c->io);
		close(c->fd);
		c->gone = true;
	}
	if (!c->calls)
		client_free(c);
}

static void want(struct client *c)
{
	sd_event_source_set_io_events(c->io, EPOLLIN |
				      (c->n_out ? EPOLLOUT : 0));
}

/* Return: false when the client is of no use any more. */
static bool push(struct client *c)
{
	while (c->n_out) {
		ssize_t n = send(c->fd, c->out, c->n_out,
				 MSG_NOSIGNAL | MSG_DONTWAIT);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return errno == EAGAIN;
		c->n_out -= n;
		memmove(c->out, c->out + n, c->n_out);
	}
	return true;
}

static void answer(struct client *c, const json_t *message)
{
	char *text = json_dumps(message, JSON_COMPACT);
	size_t size = strlen(text);
	uint32_t length = htonl(size);

	if (!c->gone && c->n_out + size < BACKLOG) {
		c->out = xreallocarray(c->out, c->n_out + size + 4, 1);
		memcpy(c->out + c->n_out, &length, 4);
		memcpy(c->out + c->n_out + 4, text, size);
		c->n_out += size + 4;
		push(c);
		want(c);
	}
	free(text);
}

static void finish(struct ipc_call *call, json_t *reply)
{
	struct client *c = call->client;

	answer(c, reply);
	json_decref(reply);
	json_decref(call->args);
	free(call);
	c->calls--;
	if (c->gone && !c->calls)
		client_free(c);
}

void ipc_ok(struct ipc_call *call, json_t *data)
{
	json_t *reply = json_pack("{s:b}", "ok", 1);

	json_object_set_new(reply, "data", data ? data : json_object());
	finish(call, reply);
}

void ipc_fail(struct ipc_call *call, const char *code, const char *fmt, ...)
{
	char *text;
	va_list ap;

	va_start(ap, fmt);
	text = xvasprintf(fmt, ap);
	va_end(ap);
	finish(call, json_pack("{s:b, s:s, s:s}", "ok", 0, "code", code,
			       "error", text));
	free(text);
}

const char *ipc_who(const struct ipc_call *call)
{
	return call->client->name;
}

const json_t *ipc_args(const struct ipc_call *call)
{
	return call->args;
}

const char *ipc_text(const struct ipc_call *call, const char *key)
{
	return json_string_value(json_object_get(call->args, key));
}

void ipc_subscribe(struct ipc_call *call)
{
	call->client->subscribed = true;
}

void ipc_event(struct ipc *ipc, const json_t *what)
{
	json_t *event = json_copy((json_t *)what);
	struct client *c, *next;

	if (!json_object_get(event, "event"))
		json_object_set(event, "event", json_object_get(event, "kind"));
	for (c = ipc ? ipc->first : NULL; c; c = next) {
		next = c->next;
		if (c->subscribed)
			answer(c, event);
	}
	json_decref(event);
}

static void request(struct client *c, json_t *message)
{
	const char *verb = json_string_value(json_object_get(message, "verb"));
	struct ipc_call *call = xcalloc(1, sizeof(*call));

	call->client = c;
	call->args = message;
	c->calls++;
	if (!verb)
		ipc_fail(call, "usage", "a request names its verb");
	else if (!c->may_write && answers_changes(verb))
		ipc_fail(call, "failed", "%s may look, but not change anything",
			 c->name);
	else
		answers_call(c->ipc->d, verb, call);
}

/* Return: false when it is no request. */
static bool take_requests(struct client *c)
{
	uint32_t length;
	json_t *message;

	while (!c->gone && c->n_in >= 4) {
		memcpy(&length, c->in, 4);
		length = ntohl(length);
		if (length > LONGEST)
			return false;
		if (c->n_in < 4 + (size_t)length)
			return true;
		message = json_loadb(c->in + 4, length, 0, NULL);
		c->n_in -= 4 + length;
		memmove(c->in, c->in + 4 + length, c->n_in);
		if (!json_is_object(message)) {
			json_decref(message);
			return false;
		}
		request(c, message);
	}
	return true;
}

static bool pull(struct client *c)
{
	ssize_t n;

	c->in = xreallocarray(c->in, c->n_in + 65536, 1);
	n = recv(c->fd, c->in + c->n_in, 65536, MSG_DONTWAIT);
	if (n < 0)
		return errno == EAGAIN || errno == EINTR;
	c->n_in += n;
	return n > 0 && take_requests(c);
}

static int on_client(sd_event_source *source, int fd, uint32_t events, void *arg)
{
	struct client *c = arg;
	bool good = true;

	(void)source;
	(void)fd;
	c->calls++;
	if (events & EPOLLIN)
		good = pull(c);
	if (good && !c->gone && events & EPOLLOUT)
		good = push(c);
	if (!(events & EPOLLIN) && events & (EPOLLHUP | EPOLLERR))
		good = false;
	c->calls--;
	if (!good || c->gone)
		hang_up(c);
	else
		want(c);
	return 0;
}

static bool in_group(const struct ucred *who, const char *name)
{
	struct group *group = getgrnam(name);

	return group && group->gr_gid == who->gid;
}

static void admit(struct ipc *ipc, int fd)
{
	struct client *c = xcalloc(1, sizeof(*c));
	socklen_t size = sizeof(c->who);
	bool may_read;

	c->ipc = ipc;
	c->fd = fd;
	if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &c->who, &size))
		c->who.uid = c->who.gid = -1;
	c->may_write = !c->who.uid || in_group(&c->who, WRITERS);
	may_read = c->may_write || in_group(&c->who, READERS);
	if (c->who.uid)
		snprintf(c->name, sizeof(c->name), "%u", c->who.uid);
	else
		strcpy(c->name, "root");
	if (!may_read || ipc->clients >= CLIENTS ||
	    sd_event_add_io(ipc->d->event, &c->io, fd, EPOLLIN, on_client, c) < 0) {
		close(fd);
		free(c);
		return;
	}
	c->next = ipc->first;
	ipc->first = c;
	ipc->clients++;
}

static int on_connect(sd_event_source *source, int fd, uint32_t events,
		      void *arg)
{
	int client = accept4(fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);

	(void)source;
	(void)events;
	if (client >= 0)
		admit(arg, client);
	return 0;
}

int ipc_start(struct daemon *d, struct ipc **out)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	struct ipc *ipc = xcalloc(1, sizeof(*ipc));
	int ret;

	ipc->d = d;
	*out = ipc;
	if (strlen(d->places.socket) >= sizeof(address.sun_path))
		return -ENAMETOOLONG;
	strcpy(address.sun_path, d->places.socket);
	unlink(d->places.socket);
	ipc->fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (ipc->fd < 0 ||
	    bind(ipc->fd, (struct sockaddr *)&address, sizeof(address)) ||
	    chmod(d->places.socket, 0666) || listen(ipc->fd, 16))
		return -errno;
	ret = sd_event_add_io(d->event, &ipc->io, ipc->fd, EPOLLIN, on_connect,
			      ipc);
	return ret < 0 ? ret : 0;
}

void ipc_stop(struct ipc *ipc)
{
	if (!ipc)
		return;
	sd_event_source_disable_unref(ipc->io);
	if (ipc->fd >= 0)
		close(ipc->fd);
	unlink(ipc->d->places.socket);
}

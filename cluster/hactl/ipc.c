// SPDX-License-Identifier: GPL-2.0-only
/* The socket: a length of four bytes in network order, then JSON. */
#include <arpa/inet.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "ipc.h"
#include "util.h"

#define MESSAGE_MAX	(64u << 20)

static int open_socket(struct hactl *h, char **error)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };

	if (h->fd >= 0)
		return 0;
	if (strlen(h->socket) >= sizeof(address.sun_path)) {
		*error = xasprintf("the path of the socket is too long: %s",
				   h->socket);
		return -1;
	}
	strcpy(address.sun_path, h->socket);
	h->fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (h->fd >= 0 &&
	    !connect(h->fd, (struct sockaddr *)&address, sizeof(address)))
		return 0;
	*error = xasprintf("haclusterd does not answer on this node (%s: %s)",
			   h->socket, strerror(errno));
	if (h->fd >= 0)
		close(h->fd);
	h->fd = -1;
	return -1;
}

static bool send_all(int fd, const void *data, size_t size)
{
	const char *at = data;

	while (size) {
		ssize_t n = send(fd, at, size, MSG_NOSIGNAL);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return false;
		at += n;
		size -= n;
	}
	return true;
}

static bool receive_all(int fd, void *data, size_t size)
{
	char *at = data;

	while (size) {
		ssize_t n = recv(fd, at, size, 0);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return false;
		at += n;
		size -= n;
	}
	return true;
}

static bool send_message(int fd, const json_t *message)
{
	char *text = json_dumps(message, JSON_COMPACT);
	size_t size = text ? strlen(text) : 0;
	uint32_t length = htonl(size);
	bool sent = text && send_all(fd, &length, sizeof(length)) &&
		    send_all(fd, text, size);

	free(text);
	return sent;
}

json_t *hactl_next(struct hactl *h)
{
	uint32_t length;
	json_t *message;
	char *text;

	if (!receive_all(h->fd, &length, sizeof(length)))
		return NULL;
	length = ntohl(length);
	if (length > MESSAGE_MAX)
		return NULL;
	text = xcalloc(length + 1, 1);
	message = receive_all(h->fd, text, length) ?
		  json_loadb(text, length, 0, NULL) : NULL;
	free(text);
	return message;
}

static int status_of(const char *code)
{
	static const char *const codes[] = {
		[HACTL_FAILED] = "failed", [HACTL_USAGE] = "usage",
		[HACTL_NO_QUORUM] = "no-quorum", [HACTL_CONFLICT] = "conflict",
		[HACTL_UNSAFE] = "unsafe",
	};

	for (size_t i = HACTL_FAILED; code && i < ARRAY_SIZE(codes); i++)
		if (!strcmp(codes[i], code))
			return i;
	return HACTL_FAILED;
}

int hactl_try(struct hactl *h, const char *verb, json_t *args, json_t **data,
	      char **error)
{
	json_t *request = args ? args : json_object(), *reply = NULL;
	const char *text = NULL, *code = NULL;
	int ok = 0;

	*data = NULL;
	*error = NULL;
	json_object_set_new(request, "verb", json_string(verb));
	if (open_socket(h, error)) {
		json_decref(request);
		return HACTL_FAILED;
	}
	if (send_message(h->fd, request))
		reply = hactl_next(h);
	json_decref(request);
	if (!reply || json_unpack(reply, "{s:b, s?s, s?s}", "ok", &ok, "error",
				  &text, "code", &code)) {
		*error = xasprintf("no answer from haclusterd to %s", verb);
		json_decref(reply);
		return HACTL_FAILED;
	}
	*data = json_incref(json_object_get(reply, "data"));
	if (!ok)
		*error = xstrdup(text ? text : "it gave no reason");
	ok = ok ? HACTL_OK : status_of(code);
	json_decref(reply);
	return ok;
}

int hactl_call(struct hactl *h, const char *verb, json_t *args, json_t **data)
{
	char *error;
	int ret = hactl_try(h, verb, args, data, &error);

	if (ret)
		hactl_error("%s", error);
	free(error);
	return ret;
}

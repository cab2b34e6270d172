// SPDX-License-Identifier: GPL-2.0-only
/*
 * Fuzz target: a state message as the tools take it from the kernel, and what
 * they print of it. The JSON must be read by a JSON reader, whatever a peer has
 * put into its reason.
 *
 * Input: the attributes of one message.
 */
#include <libmnl/libmnl.h>
#include <linux/genetlink.h>
#include <linux/netlink.h>

#include "fuzz.h"
#include "status.h"

static void check_json(const struct ha_state *state)
{
	json_error_t error;
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);
	json_t *read;

	ha_status_json_list(state, 1, out);
	fclose(out);
	read = json_loadb(text, size, 0, &error);
	if (!read)
		fprintf(stderr, "%s\n%s\n", error.text, text);
	MUST(read);
	json_decref(read);
	free(text);
}

static void check_text(const struct ha_state *state)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	ha_status_text(state, false, out);
	fclose(out);
	MUST(size);
	free(text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	size_t head = MNL_NLMSG_HDRLEN + MNL_ALIGN(sizeof(struct genlmsghdr));
	struct ha_state state;
	struct nlmsghdr *nlh;

	if (size > 8192)
		return -1;
	nlh = calloc(1, head + size);
	nlh->nlmsg_len = head + size;
	if (size)
		memcpy((char *)nlh + head, data, size);
	if (!ha_state_decode(nlh, &state)) {
		check_json(&state);
		check_text(&state);
	}
	free(nlh);
	return 0;
}

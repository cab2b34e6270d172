// SPDX-License-Identifier: GPL-2.0-only
/*
 * The steps of a handshake, which the module runs in one thread that waits
 * between them; here each is a step of its own.
 */
#include "handshake.c"

int step_quiesce(struct ha_session *s);
int step_carry_out(struct ha_session *s);
void step_connected(struct ha_session *s);

int step_quiesce(struct ha_session *s)
{
	return quiesce(s);
}

int step_carry_out(struct ha_session *s)
{
	return carry_out(s);
}

/* The end of ha_session_run_handshake(). */
void step_connected(struct ha_session *s)
{
	if (connected(s)) {
		ha_session_kill(s, "stale");
		ha_gate_open(s->res, HA_GATE_HANDSHAKE);
		return;
	}
	ha_thaw(s->res, HA_GATE_HANDSHAKE);
	ha_state_send(s->res);
}

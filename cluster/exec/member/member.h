/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * ha-member: does for the executor what may sleep in the kernel. Answers with
 * an exit code of OCF and, on stderr, a reason.
 */
#ifndef HA_MEMBER_H
#define HA_MEMBER_H

#include "exec.h"

/**
 * failed() - say why
 * @code: enum ex_code
 *
 * Return: @code.
 */
int failed(int code, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* Verbs; each takes the words after its name, as many as its table says. */
typedef int member_verb(char **words);

member_verb member_mount, member_umount, member_kill_umount, member_check;
member_verb member_kill_member, member_kill_openers, member_pause;
member_verb member_primary, member_take_over;
member_verb member_secondary, member_force_secondary;

#endif

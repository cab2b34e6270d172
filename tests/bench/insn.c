// SPDX-License-Identifier: GPL-2.0-only
/*
 * A plugin for QEMU's TCG: count the guest's instructions in a file others can map.
 *
 *	-plugin insn.so,FILE
 *
 * Debian has no header for plugins; the five declarations are those of version 1 of
 * QEMU's interface. With more than one CPU counts may get lost: one number, no lock.
 */
#include <fcntl.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

struct qemu_plugin_tb;
typedef uint64_t plugin_id;

enum { ADD_U64 = 0 };

void qemu_plugin_register_vcpu_tb_trans_cb(plugin_id id,
					   void (*cb)(plugin_id, struct qemu_plugin_tb *));
size_t qemu_plugin_tb_n_insns(const struct qemu_plugin_tb *tb);
void qemu_plugin_register_vcpu_tb_exec_inline(struct qemu_plugin_tb *tb, int op,
					      void *counter, uint64_t value);
int qemu_plugin_install(plugin_id id, const void *info, int argc, char **argv);

int qemu_plugin_version = 1;
static uint64_t *count;

static void translated(plugin_id id, struct qemu_plugin_tb *tb)
{
	(void)id;
	qemu_plugin_register_vcpu_tb_exec_inline(tb, ADD_U64, count,
						 qemu_plugin_tb_n_insns(tb));
}

/* argv[0] is "FILE=on": QEMU completes a word that is no assignment. */
int qemu_plugin_install(plugin_id id, const void *info, int argc, char **argv)
{
	char *end;
	int fd;

	(void)info;
	if (argc != 1)
		return 1;
	end = strrchr(argv[0], '=');
	if (end)
		*end = '\0';
	fd = open(argv[0], O_RDWR | O_CREAT | O_TRUNC, 0600);
	if (fd < 0 || ftruncate(fd, sizeof(*count)))
		return 1;
	count = mmap(NULL, sizeof(*count), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	close(fd);
	if (count == MAP_FAILED)
		return 1;
	qemu_plugin_register_vcpu_tb_trans_cb(id, translated);
	return 0;
}

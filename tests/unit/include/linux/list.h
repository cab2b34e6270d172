/* SPDX-License-Identifier: GPL-2.0-only */
/* As much of the kernel's lists as tests in user space need. */
#ifndef SHIM_LIST_H
#define SHIM_LIST_H

#include "../../../../include/ha_pure.h"

struct list_head {
	struct list_head *next, *prev;
};

#define container_of(p, type, member)					\
	((type *)((char *)(p) - offsetof(type, member)))
#define LIST_HEAD(name)		struct list_head name = { &(name), &(name) }
#define list_of(p, like, member)					\
	container_of(p, __typeof__(*(like)), member)
#define list_for_each_entry(p, head, member)				\
	for (p = list_of((head)->next, p, member); &p->member != (head);	\
	     p = list_of(p->member.next, p, member))
#define list_for_each_entry_safe(p, n, head, member)			\
	for (p = list_of((head)->next, p, member),			\
	     n = list_of(p->member.next, p, member);			\
	     &p->member != (head);					\
	     p = n, n = list_of(n->member.next, n, member))
#define INIT_LIST_HEAD(head)	((head)->next = (head)->prev = (head))
#define list_empty(head)	((head)->next == (head))
#define list_add_tail(new, head)	list_add(new, (head)->prev)
#define list_del_init(entry)	(list_del(entry), INIT_LIST_HEAD(entry))
#define list_move_tail(entry, head)	(list_del(entry), list_add_tail(entry, head))

static inline void list_add(struct list_head *new, struct list_head *head)
{
	new->next = head->next;
	new->prev = head;
	head->next->prev = new;
	head->next = new;
}

static inline void list_del(struct list_head *entry)
{
	entry->next->prev = entry->prev;
	entry->prev->next = entry->next;
}

static inline void list_splice(struct list_head *from, struct list_head *to)
{
	if (list_empty(from))
		return;
	from->prev->next = to->next;
	to->next->prev = from->prev;
	from->next->prev = to;
	to->next = from->next;
}

static inline void list_splice_init(struct list_head *from,
				    struct list_head *to)
{
	list_splice(from, to);
	INIT_LIST_HEAD(from);
}

#endif

/* SPDX-License-Identifier: MIT */
/* The branch target buffer. See btb.h. */
#include "cpu/timing/inorder/btb.h"

#include <string.h>

#define NO_PC 1 /* odd, unlike the address of an instruction */

void inorder_btb_reset(struct inorder_btb *btb, unsigned entries, bool tagged)
{
	memset(btb, 0, sizeof(*btb));
	btb->tagged = tagged;
	btb->entries = btb->table.entries = entries;
	for (unsigned n = 0; n < entries; n++)
		btb->pc[n] = NO_PC;
}

static void inorder_btb_enlist(struct inorder_btb *btb, unsigned entry)
{
	u16 *first = inorder_btb_list(btb, btb->pc[entry]);

	btb->next[entry] = *first;
	*first = (u16)(entry + 1);
}

static void inorder_btb_delist(struct inorder_btb *btb, unsigned entry)
{
	u16 *link = inorder_btb_list(btb, btb->pc[entry]);

	while (*link && *link != entry + 1)
		link = &btb->next[*link - 1];
	if (*link)
		*link = btb->next[entry];
}

void inorder_btb_loaded(struct inorder_btb *btb)
{
	memset(btb->first, 0, sizeof(btb->first));
	for (unsigned n = 0; n < btb->entries; n++)
		if (btb->pc[n] != NO_PC)
			inorder_btb_enlist(btb, n);
}

static unsigned inorder_btb_oldest(const struct inorder_btb *btb)
{
	unsigned entry = 0;

	for (unsigned n = 1; n < btb->entries; n++)
		if (btb->used[n] < btb->used[entry])
			entry = n;
	return entry;
}

void inorder_btb_learn_new(struct inorder_btb *btb, u64 pc, u64 target)
{
	unsigned entry;

	if (!btb->tagged) {
		btb_learn(&btb->table, pc, target);
		return;
	}
	entry = inorder_btb_oldest(btb);
	inorder_btb_delist(btb, entry);
	btb->pc[entry] = pc;
	inorder_btb_enlist(btb, entry);
	btb->target[entry] = target;
	btb->used[entry] = ++btb->lookups;
}

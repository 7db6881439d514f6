/* SPDX-License-Identifier: MIT */
/* The branch target buffer. See targets.h. */
#include "cpu/timing/inorder/targets.h"

#include <string.h>

#define NO_PC 1 /* odd, unlike the address of an instruction */

void inorder_targets_reset(struct inorder_targets *targets, unsigned entries, bool tagged)
{
	memset(targets, 0, sizeof(*targets));
	targets->tagged = tagged;
	targets->entries = targets->table.entries = entries;
	for (unsigned n = 0; n < entries; n++)
		targets->pc[n] = NO_PC;
}

static void inorder_targets_enlist(struct inorder_targets *targets, unsigned entry)
{
	u16 *first = inorder_targets_list(targets, targets->pc[entry]);

	targets->next[entry] = *first;
	*first = (u16)(entry + 1);
}

static void inorder_targets_delist(struct inorder_targets *targets, unsigned entry)
{
	u16 *link = inorder_targets_list(targets, targets->pc[entry]);

	while (*link && *link != entry + 1)
		link = &targets->next[*link - 1];
	if (*link)
		*link = targets->next[entry];
}

void inorder_targets_loaded(struct inorder_targets *targets)
{
	memset(targets->first, 0, sizeof(targets->first));
	for (unsigned n = 0; n < targets->entries; n++)
		if (targets->pc[n] != NO_PC)
			inorder_targets_enlist(targets, n);
}

static unsigned inorder_targets_oldest(const struct inorder_targets *targets)
{
	unsigned entry = 0;

	for (unsigned n = 1; n < targets->entries; n++)
		if (targets->used[n] < targets->used[entry])
			entry = n;
	return entry;
}

void inorder_targets_learn_new(struct inorder_targets *targets, u64 pc, u64 target)
{
	unsigned entry;

	if (!targets->tagged) {
		btb_learn(&targets->table, pc, target);
		return;
	}
	entry = inorder_targets_oldest(targets);
	inorder_targets_delist(targets, entry);
	targets->pc[entry] = pc;
	inorder_targets_enlist(targets, entry);
	targets->target[entry] = target;
	targets->used[entry] = ++targets->lookups;
}

/* SPDX-License-Identifier: MIT */
/* Targets of jumps. See targets.h. */
#include "cpu/timing/inorder/targets.h"

#include <string.h>

#define NO_PC 1 /* instructions are at even addresses */

void inorder_targets_reset(struct inorder_targets *targets, unsigned entries, bool tagged)
{
	memset(targets, 0, sizeof(*targets));
	targets->tagged = tagged;
	targets->entries = targets->table.entries = entries;
	for (unsigned n = 0; n < entries; n++)
		targets->pc[n] = NO_PC;
}

/* The entry of pc, or `entries`. */
static unsigned find(struct inorder_targets *targets, u64 pc)
{
	u16 *likely = &targets->likely[(pc >> 1) % INORDER_TARGETS_LIKELY];
	unsigned n = 0;

	if (targets->pc[*likely] == pc)
		return *likely;
	while (n < targets->entries && targets->pc[n] != pc)
		n++;
	if (n < targets->entries)
		*likely = (u16)n;
	return n;
}

bool inorder_targets_guess(struct inorder_targets *targets, u64 pc, u64 *target)
{
	unsigned entry;

	if (!targets->tagged)
		return btb_guess(&targets->table, pc, target);
	entry = find(targets, pc);
	if (entry == targets->entries)
		return false;
	targets->used[entry] = ++targets->lookups;
	*target = targets->target[entry];
	return true;
}

static unsigned oldest(const struct inorder_targets *targets)
{
	unsigned entry = 0;

	for (unsigned n = 1; n < targets->entries; n++)
		if (targets->used[n] < targets->used[entry])
			entry = n;
	return entry;
}

void inorder_targets_learn(struct inorder_targets *targets, u64 pc, u64 target)
{
	unsigned entry;

	if (!targets->tagged) {
		btb_learn(&targets->table, pc, target);
		return;
	}
	entry = find(targets, pc);
	if (entry == targets->entries)
		entry = oldest(targets);
	targets->pc[entry] = pc;
	targets->target[entry] = target;
	targets->used[entry] = ++targets->lookups;
}

/* SPDX-License-Identifier: MIT */
/* Registers tables of hooks with a hart, and removes them (see hooks.h). */
#include "cpu/hart/hooks.h"

#include "cpu/hart/hart.h"

#include <string.h>

typedef void (*hook)(void);

/* All rows are pointers to functions, of one size. */
#define HOOKS (sizeof(struct hart_hooks) / sizeof(hook))
static_assert(sizeof(struct hart_hooks) % sizeof(hook) == 0, "rows are pointers to functions");

static hook row_of(const struct hart_hooks *hooks, size_t row)
{
	hook found;

	memcpy(&found, (const u8 *)hooks + row * sizeof(found), sizeof(found));
	return found;
}

static void set_row(struct hart *hart, size_t row, hook set)
{
	memcpy((u8 *)&hart->hooks + row * sizeof(set), &set, sizeof(set));
}

void hart_hooks_add(struct hart *hart, const struct hart_hooks *hooks)
{
	for (size_t row = 0; row < HOOKS; row++) {
		hook ours = row_of(hooks, row), there = row_of(&hart->hooks, row);

		if (!ours)
			continue;
		assert(!there || there == ours || there == row_of(&hart_untimed, row));
		set_row(hart, row, ours);
	}
}

void hart_hooks_remove(struct hart *hart, const struct hart_hooks *hooks)
{
	for (size_t row = 0; row < HOOKS; row++)
		if (row_of(hooks, row) && row_of(hooks, row) == row_of(&hart->hooks, row))
			set_row(hart, row, row_of(&hart_untimed, row));
}

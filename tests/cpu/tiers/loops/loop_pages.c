/* SPDX-License-Identifier: MIT */
/* Makes pages for loops (see loop_pages.h). */
#include "tests/cpu/tiers/loops/loop_pages.h"

#include "cpu/mmu/pte.h"
#include "tests/cpu/random.h"

#define TRAPS (RAM_BASE + PAGE_SIZE)
#define TABLE (RAM_BASE + 2 * PAGE_SIZE) /* three pages, one of each level */
#define LEAVES (TABLE + 2 * PAGE_SIZE)
#define RIVALS (LEAVES + PAGE_SIZE) /* the leaves of LOOP_RIVAL */
#define SV39 (8ull << 60)
#define LEAF (PTE_V | PTE_R | PTE_W | PTE_X | PTE_A | PTE_D)

/* Maps the code as it is in RAM, from address 0 on, and the pages of data in other orders. */
static void make_leaves(const struct emit *e, u64 rights)
{
	static const u64 lacks[] = { 0, PTE_W, 0, PTE_D };

	emit_put(e, LEAVES, RAM_BASE >> 2 | rights);
	for (u64 page = 0; page < LOOP_PAGES; page++) {
		const u64 at = ((LOOP_DATA >> PAGE_SHIFT) + page) * PTE_SIZE,
			  data = RAM_BASE + LOOP_DATA;

		emit_put(e, LEAVES + at, (data + page * 7 % LOOP_PAGES * PAGE_SIZE) >> 2 | rights);
		emit_put(e, RIVALS + at,
			 (data + page * 5 % LOOP_PAGES * PAGE_SIZE) >> 2 |
				 (rights & ~lacks[page % ARRAY_SIZE(lacks)]));
	}
}

static void make_tables(const struct emit *e)
{
	const u64 rivals = TABLE + PAGE_SIZE + (LOOP_RIVAL >> 21) * PTE_SIZE;

	emit_put(e, TABLE, (TABLE + PAGE_SIZE) >> 2 | PTE_V);
	emit_put(e, TABLE + (LOOP_FAR >> 30) * PTE_SIZE, (TABLE + PAGE_SIZE) >> 2 | PTE_V);
	emit_put(e, TABLE + PAGE_SIZE, LEAVES >> 2 | PTE_V);
	emit_put(e, rivals, RIVALS >> 2 | PTE_V);
	make_leaves(e, LEAF);
}

static void make_data(struct machines *machines, const struct emit *e, u64 *seed)
{
	ram_mark(&machines->m[0].ram, TABLE - RAM_BASE, PAGE_SIZE);
	for (u64 page = 0; page < LOOP_PAGES; page++)
		ram_mark(&machines->m[0].ram, LOOP_DATA + page * PAGE_SIZE, PAGE_SIZE);
	for (u64 at = 0; at < LOOP_PAGES * PAGE_SIZE; at += 8)
		emit_put(e, RAM_BASE + LOOP_DATA + at, random_u64(seed));
}

struct hart *loop_begin(struct machines *machines, struct emit *emit, u64 *seed)
{
	struct hart *hart = directed_begin(machines, emit, RAM_BASE);

	hart->priv = PRIV_S;
	hart->pc = 0;
	hart->mtvec = TRAPS;
	hart->s[BANK_HS].atp = SV39 | TABLE >> PAGE_SHIFT;
	make_tables(emit);
	make_data(machines, emit, seed);
	return hart;
}

void loop_in_user_mode(struct hart *hart, const struct emit *emit)
{
	hart->priv = PRIV_U;
	make_leaves(emit, LEAF | PTE_U);
}

void loop_count_rest(struct emit *emit, unsigned reg)
{
	const u64 here = emit->pc;

	emit_addi(emit, reg, reg, 1);
	emit_jump(emit, here);
}

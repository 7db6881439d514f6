/* SPDX-License-Identifier: MIT */
/*
 * Tests what else the TLB must forget besides translations: rights to write, jumps to evicted code.
 */
#include "tests/cpu/tables.h"

#include "cpu/mmu/tlb.h"

#define PC (RAM_BASE + 0xff000)
#define VA 0x40200000ull
#define PA (RAM_BASE + 4 * MiB)
#define RWX (PTE_V | PTE_R | PTE_W | PTE_X | PTE_A | PTE_D)
#define SD 0x00a5b023 /* sd a0, 0(a1) */

static void tlb_store(struct machine *machine, u64 va)
{
	machine->hart.x[10] = va;
	machine->hart.x[11] = va;
	assert_true(machine_step(machine, PC, SD));
}

/*
 * After rights to write were removed, the first store to each page marks it, for few or many pages.
 */
static void test_stores_mark(void **unused)
{
	struct machine *machine = machine_create(EXT_TOGETHER);
	struct stage stage = { 0 };
	struct tables tables;

	machine_open_pmp(machine);
	tables_init(&tables, machine, &stage, 3);
	tables_map(&tables, PC, 0, (PC & PAGE_MASK) >> 2 | RWX);
	tables_map(&tables, VA, 1, PA >> 2 | RWX);
	machine->hart.s[BANK_HS].atp = 8ull << 60 | stage.root >> 12;
	machine->hart.priv = PRIV_S;
	hart_regime_changed(&machine->hart);
	for (u64 pages = 1; pages <= 2 * TLB_WRITTEN; pages++) {
		u64 first = (PA - RAM_BASE) >> PAGE_SHIFT;

		tlb_forget_writes(machine->hart.tlb);
		ram_clean(&machine->ram);
		for (u64 n = 0; n < pages; n++) {
			tlb_store(machine, VA + n * PAGE_SIZE);
			assert_true(machine->ram.dirty[first + n]);
		}
		assert_false(machine->ram.dirty[first + pages]);
	}
	machine_free(machine);
}

/*
 * Forgets the blocks at these addresses, and returns whether the block at 16 * n still has a jump.
 */
static bool tlb_keeps_jump(struct machine *machine, u64 n, struct tlb_range one,
			   struct tlb_range other)
{
	struct hart *hart = &machine->hart;
	bool kept;

	tlb_jump_set(hart->fetch, 2 * n, (struct block *)(uintptr_t)(16 * n), NULL);
	tlb_forget_code(hart->tlb, &one);
	if (other.end)
		tlb_forget_code(hart->tlb, &other);
	assert_true(hart->fetch->jumps_stale);
	tlb_refresh(hart->fetch);
	assert_false(hart->fetch->jumps_stale);
	kept = tlb_jump_block(hart->fetch, 2 * n);
	tlb_jump_set(hart->fetch, 2 * n, (struct block *)(uintptr_t)(16 * n), NULL);
	return kept;
}

/* Jumps to blocks whose memory is reused are forgotten, and no others. */
static void test_jumps_to_evicted_code(void **unused)
{
	const struct tlb_range none = { 0, 0 }, ten = { 160, 320 }, all = { 0, UINT64_MAX };
	struct machine *machine = machine_create(EXT_TOGETHER);

	for (u64 n = 1; n < 40; n++) {
		assert_int_equal(tlb_keeps_jump(machine, n, ten, none), n < 10 || n >= 20);
		assert_int_equal(tlb_keeps_jump(machine, n, ten, (struct tlb_range){ 32, 48 }),
				 n < 2 || n >= 20);
		assert_false(tlb_keeps_jump(machine, n, all, none));
	}
	machine_free(machine);
}

/*
 * The space that remembers nothing does not find a page that another one forgot, not even page 0.
 */
static void test_forgotten_page(void **unused)
{
	struct machine *machine = machine_create(EXT_TOGETHER);
	struct spaces *spaces = &machine->hart.tlb->spaces;
	struct space *space = machine->hart.data->space;
	/* This address is in the first entry of the table. */
	const u64 va = -space->salt & PAGE_MASK;
	const struct space_page *found;

	space_enter(spaces, space, va, PA | 0xff);
	assert_ptr_equal(space_find(spaces, space, va), spaces->page);
	space_forget_page(spaces, space, va);
	assert_null(space_find(spaces, space, va));
	found = space_find(spaces, &spaces->none, 0);
	assert_true(!found || !found->addend);
	machine_free(machine);
}

const struct CMUnitTest unit_tests[] = {
	cmocka_unit_test(test_stores_mark),
	cmocka_unit_test(test_jumps_to_evicted_code),
	cmocka_unit_test(test_forgotten_page),
	{ 0 },
};

/* SPDX-License-Identifier: MIT */
/* Tests what the TLB must forget apart from fences: rights to write. */
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

/* Without rights to write, the first store to each page marks it, few pages or many. */
static void test_stores_mark(void **unused)
{
	struct machine *machine = machine_create(EXT_ALL);
	struct stage stage = { 0 };
	struct tables tables;

	(void)unused;
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

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_stores_mark),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

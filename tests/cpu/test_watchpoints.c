/* SPDX-License-Identifier: MIT */
/*
 * Tests in which address spaces a watchpoint is found (debug.h). Code runs in M-mode, and its loads
 * and stores are translated by page tables of S-mode or of a guest (mstatus.MPRV). Also tests which
 * breakpoints stop a hart whose fetch will fault.
 */
#include "cpu/debug/debug.h"
#include "cpu/hart/harts.h"
#include "cpu/hart/storage.h"
#include "cpu/isa/csr_bits.h"
#include "cpu/mmu/regime.h"
#include "cpu/mmu/tlb.h"
#include "cpu/mmu/view.h"
#include "tests/cpu/tables.h"

#include <errno.h>

#define KERNEL_VA 0xffffffc000003008ull
#define ALIAS_VA 0x40005008ull
#define PAGE_PA (RAM_BASE + 8 * MiB) /* to which the virtual addresses are mapped */
#define CODE (RAM_BASE + 16 * MiB)
#define SD_ZERO_A0 0x00053023 /* sd zero, 0(a0) */
#define LEAF (PTE_V | PTE_R | PTE_W | PTE_U | PTE_A | PTE_D)
#define GUEST 3 /* the VMID of the guest */

/* The tables of S-mode or VS-mode, and the G-stage's, which maps RAM to the same addresses. */
struct watched {
	struct machine machine; /* without its hart */
	struct harts harts;
	struct hart *hart;
	struct debug *debug;
	struct stage first, second;
	struct tables tables, g;
};

static struct watched *watched_create(void)
{
	const struct harts_config config = { .count = 1, .extensions = EXT_TOGETHER };
	struct watched *watched = hart_storage(sizeof(*watched));
	u32 raw = SD_ZERO_A0;

	assert_non_null(watched);
	machine_platform(&watched->machine);
	assert_int_equal(harts_init(&watched->harts, &watched->machine.platform,
				    &watched->machine.timebase, &config),
			 0);
	watched->hart = watched->harts.hart[0];
	harts_reset(&watched->harts, CODE);
	hart_open_pmp(watched->hart);
	watched->debug = debug_attach(&watched->harts);
	assert_non_null(watched->debug);
	watched->debug->tier = interp_run;
	memcpy(machine_ram(&watched->machine, CODE), &raw, sizeof(raw));
	tables_init(&watched->tables, &watched->machine, &watched->first, 3);
	watched->second.widen = 2;
	tables_init_at(&watched->g, &watched->machine, &watched->second, 3, MiB);
	tables_map(&watched->g, RAM_BASE, 2, RAM_BASE >> 2 | LEAF);
	return watched;
}

static void watched_free(struct watched *watched)
{
	debug_detach(watched->debug);
	harts_free(&watched->harts);
	platform_free(&watched->machine.platform);
	ram_free(&watched->machine.ram);
	free(watched);
}

static void map(struct watched *watched, u64 va, u64 pa)
{
	tables_map(&watched->tables, va, 0, (pa & PAGE_MASK) >> 2 | LEAF);
}

static u64 atp(const struct stage *stage, u64 number)
{
	return 8ull << 60 | number << 44 | stage->root >> 12;
}

/* The modes whose translation loads and stores use. */
enum mode { BARE, S_MODE, GUEST_BARE, GUEST_MODE };

/* Gives loads and stores the translation of a mode, whose ASID is 1 or another one. */
static void use(struct watched *watched, enum mode mode, u64 asid)
{
	struct hart *hart = watched->hart;
	u64 first = atp(&watched->first, asid);

	hart->mstatus &= ~(MSTATUS_MPRV | MSTATUS_MPP | MSTATUS_MPV);
	if (mode != BARE)
		hart->mstatus |= MSTATUS_MPRV | (u64)PRIV_S << 11 | MSTATUS_SUM;
	if (mode >= GUEST_BARE)
		hart->mstatus |= MSTATUS_MPV;
	hart->s[BANK_VS].status |= MSTATUS_SUM;
	hart->s[BANK_HS].atp = first;
	hart->s[BANK_VS].atp = mode == GUEST_MODE ? first : 0;
	hart->hgatp = atp(&watched->second, GUEST);
	hart_regime_changed(hart);
}

static void watch_in(struct watched *watched, u64 va, enum debug_reach reach)
{
	const struct debug_range range = { watched->hart, watched->hart->data_regime, reach, va,
					   8 };

	assert_int_equal(debug_insert(watched->debug, DEBUG_WRITE, &range), 0);
}

static void watch(struct watched *watched, u64 va)
{
	watch_in(watched, va, DEBUG_EVERYWHERE);
}

/* Returns the result of setting a watchpoint at physical addresses. */
static int watch_physical(struct watched *watched, u64 pa, u64 size)
{
	struct regime bare;
	const struct debug_range range = { watched->hart, &bare, DEBUG_NOWHERE, pa, size };

	regime_of(watched->hart, PRIV_M, false, &bare);
	return debug_insert(watched->debug, DEBUG_WRITE, &range);
}

/* Returns whether the hart stops before a store to the address. */
static bool stops(struct watched *watched, u64 va)
{
	struct hart *hart = watched->hart;

	debug_forget(watched->debug); /* the store before which it has stopped last is another */
	hart->pc = CODE;
	hart->x[10] = va;
	hart->limit = hart->steps + 1;
	debug_run(hart);
	if (debug_take(watched->debug, hart).why == DEBUG_NO_STOP)
		return false;
	assert_int_equal(hart->pc, CODE);
	return true;
}

/* A virtual address that is watched with translation off is found when translation is on. */
static void test_translation_off(void **state)
{
	struct watched *watched = watched_create();

	use(watched, BARE, 1);
	watch(watched, KERNEL_VA);
	map(watched, KERNEL_VA, PAGE_PA);
	for (u64 asid = 1; asid < 3; asid++) {
		use(watched, S_MODE, asid);
		assert_true(stops(watched, KERNEL_VA));
		assert_false(stops(watched, KERNEL_VA + 8));
		use(watched, GUEST_MODE, asid);
		assert_true(stops(watched, KERNEL_VA));
	}
	watched_free(watched);
}

/* So is a physical address, through any virtual one. */
static void test_physical_address(void **state)
{
	struct watched *watched = watched_create();

	use(watched, BARE, 1);
	watch(watched, PAGE_PA + 8);
	assert_true(stops(watched, PAGE_PA + 8));
	map(watched, ALIAS_VA, PAGE_PA);
	use(watched, S_MODE, 1);
	assert_true(stops(watched, ALIAS_VA));
	use(watched, GUEST_MODE, 1);
	assert_true(stops(watched, ALIAS_VA));
	watched_free(watched);
}

/* An address that is mapped is found through other virtual addresses, and in no other space. */
static void test_mapped(void **state)
{
	struct watched *watched = watched_create();

	map(watched, KERNEL_VA, PAGE_PA);
	use(watched, S_MODE, 1);
	watch(watched, KERNEL_VA);
	assert_true(stops(watched, KERNEL_VA));
	map(watched, ALIAS_VA, PAGE_PA);
	assert_true(stops(watched, ALIAS_VA));
	use(watched, BARE, 1);
	assert_true(stops(watched, PAGE_PA + 8));
	map(watched, KERNEL_VA, PAGE_PA + PAGE_SIZE);
	use(watched, S_MODE, 2);
	assert_false(stops(watched, KERNEL_VA));
	use(watched, GUEST_MODE, 1);
	assert_false(stops(watched, KERNEL_VA));
	watched_free(watched);
}

/* An address of a guest that has no translation yet is one of this guest alone. */
static void test_guest(void **state)
{
	struct watched *watched = watched_create();

	use(watched, GUEST_BARE, 1);
	watch(watched, KERNEL_VA);
	map(watched, KERNEL_VA, PAGE_PA);
	use(watched, GUEST_MODE, 1);
	assert_true(stops(watched, KERNEL_VA));
	use(watched, S_MODE, 1);
	assert_false(stops(watched, KERNEL_VA));
	watched_free(watched);
}

/* Nor is an address of the host alone one of its guest. */
static void test_host(void **state)
{
	struct watched *watched = watched_create();

	use(watched, BARE, 1);
	watch_in(watched, KERNEL_VA, DEBUG_IN_GUEST);
	map(watched, KERNEL_VA, PAGE_PA);
	for (u64 asid = 1; asid < 3; asid++) {
		use(watched, S_MODE, asid);
		assert_true(stops(watched, KERNEL_VA));
		use(watched, GUEST_MODE, asid);
		assert_false(stops(watched, KERNEL_VA));
	}
	watched_free(watched);
}

/* An address that is said to be a physical one is not compared with virtual ones. */
static void test_physical_alone(void **state)
{
	struct watched *watched = watched_create();
	u64 end = RAM_BASE + RAM_SIZE;

	use(watched, S_MODE, 1);
	assert_int_equal(watch_physical(watched, PAGE_PA + 8, 8), 0);
	map(watched, PAGE_PA + 8, PAGE_PA + PAGE_SIZE);
	assert_false(stops(watched, PAGE_PA + 8));
	map(watched, KERNEL_VA, PAGE_PA);
	assert_true(stops(watched, KERNEL_VA));
	assert_int_equal(watch_physical(watched, HOLE, 8), -EFAULT);
	assert_int_equal(watch_physical(watched, end - 8, 16), -EFAULT);
	assert_int_equal(watched->debug->count, 1);
	watched_free(watched);
}

#define STRADDLES (KERNEL_VA + PAGE_SIZE - 10) /* the last two bytes of a page */

/* Lets the hart fetch in a mode with the translation of use(), until the tables change. */
static void fetch_as(struct watched *watched, u8 priv, bool virt)
{
	struct hart *hart = watched->hart;

	use(watched, virt ? GUEST_MODE : S_MODE, 1);
	hart->mstatus &= ~MSTATUS_MPRV;
	hart->priv = priv;
	hart->virt = virt;
	hart_mode_changed(hart);
	tlb_flush_all(hart->tlb);
}

static void map_code(struct watched *watched, u64 va, u64 bits)
{
	tables_map(&watched->tables, va, 0, PAGE_PA >> 2 | PTE_V | PTE_R | bits);
	tlb_flush_all(watched->hart->tlb);
}

/* Returns whether a breakpoint of this kind stops the hart. If it does not, a fault is next. */
static bool breaks(struct watched *watched, enum debug_kind kind, u64 va)
{
	struct hart *hart = watched->hart;
	const struct debug_range range = { hart, hart->fetch_regime, DEBUG_EVERYWHERE, va, 4 };
	enum hart_exit left;
	bool stopped;

	assert_int_equal(debug_insert(watched->debug, kind, &range), 0);
	hart->pc = va;
	hart->stop = false;
	hart->limit = hart->steps + 1;
	left = debug_run(hart);
	stopped = debug_take(watched->debug, hart).why != DEBUG_NO_STOP;
	assert_int_equal(left == EXIT_TRAP, !stopped);
	assert_int_equal(hart->pc, va);
	assert_int_equal(debug_remove(watched->debug, kind, va, 4), 0);
	return stopped;
}

/* A program's software breakpoint waits until its kernel has served the faults of the fetch. */
static void test_break_in_program(void **state)
{
	static const u64 faulty[] = {
		0,
		PTE_U | PTE_X, /* not accessed yet */
		PTE_U | PTE_A, /* not executable */
		PTE_X | PTE_A, /* the kernel's */
	};
	struct watched *watched = watched_create();
	u32 raw = SD_ZERO_A0;

	memcpy(machine_ram(&watched->machine, PAGE_PA + PAGE_SIZE - 2), &raw, 2);
	fetch_as(watched, PRIV_U, false);
	assert_false(breaks(watched, DEBUG_SOFTWARE, KERNEL_VA));
	for (unsigned n = 0; n < ARRAY_SIZE(faulty); n++) {
		map_code(watched, KERNEL_VA, faulty[n]);
		assert_false(breaks(watched, DEBUG_SOFTWARE, KERNEL_VA));
		assert_true(breaks(watched, DEBUG_HARDWARE, KERNEL_VA));
	}
	map_code(watched, KERNEL_VA, PTE_U | PTE_X | PTE_A);
	assert_true(breaks(watched, DEBUG_SOFTWARE, KERNEL_VA));
	assert_false(breaks(watched, DEBUG_SOFTWARE, STRADDLES));
	map_code(watched, KERNEL_VA + PAGE_SIZE, PTE_U | PTE_X | PTE_A);
	assert_true(breaks(watched, DEBUG_SOFTWARE, STRADDLES));
	watched_free(watched);
}

/* A guest's waits for its hypervisor, but that of a kernel whose own page tables fault does not. */
static void test_break_in_kernel(void **state)
{
	struct watched *watched = watched_create();

	fetch_as(watched, PRIV_S, false);
	assert_true(breaks(watched, DEBUG_SOFTWARE, KERNEL_VA));
	fetch_as(watched, PRIV_S, true);
	assert_true(breaks(watched, DEBUG_SOFTWARE, KERNEL_VA));
	map_code(watched, KERNEL_VA, PTE_X | PTE_A);
	assert_false(breaks(watched, DEBUG_SOFTWARE, KERNEL_VA)); /* the G-stage has no PTE_X */
	assert_true(breaks(watched, DEBUG_HARDWARE, KERNEL_VA));
	tables_map(&watched->g, RAM_BASE, 2, RAM_BASE >> 2 | LEAF | PTE_X);
	tlb_flush_all(watched->hart->tlb);
	assert_true(breaks(watched, DEBUG_SOFTWARE, KERNEL_VA));
	watched_free(watched);
}

const struct CMUnitTest unit_tests[] = {
	cmocka_unit_test(test_translation_off),
	cmocka_unit_test(test_physical_address),
	cmocka_unit_test(test_mapped),
	cmocka_unit_test(test_guest),
	cmocka_unit_test(test_host),
	cmocka_unit_test(test_physical_alone),
	cmocka_unit_test(test_break_in_program),
	cmocka_unit_test(test_break_in_kernel),
	{ 0 },
};

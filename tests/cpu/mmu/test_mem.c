/* SPDX-License-Identifier: MIT */
/*
 * Tests memory as instructions see it: a load's path to a device, accesses at any alignment, what
 * the TLB may remember and what it must not (satp, MPRV, SUM and MXR, PMP, entries), reservations
 * and cache-block operations. The interpreter executes all of it, one instruction at a time.
 */
#include "cpu/mmu/peek.h"
#include "tests/cpu/tables.h"

#define PC (RAM_BASE + 0xff000)
#define VA 0x40200000ull
#define LOW (RAM_BASE + 4 * MiB) /* two physical pages that are not neighbours */
#define HIGH (RAM_BASE + 6 * MiB)
#define RWX (PTE_V | PTE_R | PTE_W | PTE_X | PTE_A | PTE_D)

/* The rd or data register is a0, the address register a1. */
#define LB 0x00058503
#define LW 0x0005a503
#define LD 0x0005b503
#define LBU 0x0005c503
#define LHU 0x0005d503
#define LWU 0x0005e503
#define SB 0x00a58023
#define SH 0x00a59023
#define SW 0x00a5a023
#define SD 0x00a5b023
#define LR_W 0x1005a52f
#define LR_D 0x1005b52f
#define SC_W 0x18a5a52f /* a0 -> a0 */
#define SC_D 0x18a5b52f
#define AMOADD_D 0x00a5b52f
#define SFENCE 0x12000073
#define SFENCE_VA 0x12058073
#define SFENCE_ASID 0x12a00073
#define CBO_ZERO 0x0045a00f
#define CBO_CLEAN 0x0015a00f
#define HLV_WU 0x6815c573
#define HLVX_HU 0x6435c573
#define HLVX_WU 0x6835c573

static const u32 loads[] = { LBU, LHU, LWU, LD }, stores[] = { SB, SH, SW, SD };

struct world {
	struct machine *machine;
	struct hart *hart;
	struct stage stage;
	struct tables tables;
};

/* Starts in S-mode with Sv39; code and two pages at VA are mapped. PMP allows all. */
static void world_init(struct world *world)
{
	world->machine = machine_create(EXT_TOGETHER);
	world->hart = &world->machine->hart;
	world->stage = (struct stage){ 0 };
	machine_open_pmp(world->machine);
	tables_init(&world->tables, world->machine, &world->stage, 3);
	tables_map(&world->tables, PC, 0, (PC & PAGE_MASK) >> 2 | RWX);
	tables_map(&world->tables, VA, 0, LOW >> 2 | RWX);
	tables_map(&world->tables, VA + PAGE_SIZE, 0, HIGH >> 2 | RWX);
	world->hart->s[BANK_HS].atp = 8ull << 60 | world->stage.root >> 12;
	world->hart->priv = PRIV_S;
	hart_regime_changed(world->hart);
}

static void world_free(struct world *world)
{
	machine_free(world->machine);
}

static void set_status(struct world *world, u64 mstatus)
{
	csr_set_mstatus(world->hart, mstatus);
	hart_regime_changed(world->hart);
}

/* Executes one instruction with a0 and a1; the mode is kept, whatever happens. */
static bool mem_execute(struct world *world, u32 raw, u64 a0, u64 a1)
{
	u8 priv = world->hart->priv;
	u64 mstatus = world->hart->mstatus;
	bool good;

	world->hart->x[10] = a0;
	world->hart->x[11] = a1;
	good = machine_step(world->machine, PC, raw);
	world->hart->priv = priv;
	set_status(world, mstatus);
	return good;
}

static u64 mem_load_raw(struct world *world, u32 raw, u64 va)
{
	assert_true(mem_execute(world, raw, 0, va));
	return world->hart->x[10];
}

static void expect_fault(struct world *world, u32 raw, u64 va, enum cause cause,
			 enum trap_reason reason)
{
	assert_false(mem_execute(world, raw, 0, va));
	assert_trap(world->machine, cause, va, reason);
}

/* A device that records the last access. */
struct recorder {
	u64 offset, value;
	unsigned size, count;
};

static bool recorder_read(void *ctx, u64 offset, unsigned size, u64 *value)
{
	struct recorder *recorder = ctx;

	*recorder = (struct recorder){ offset, 0, size, recorder->count + 1 };
	*value = 0xfedcba9876543210ull;
	return offset != 0x80;
}

static bool recorder_write(void *ctx, u64 offset, unsigned size, u64 value)
{
	struct recorder *recorder = ctx;

	*recorder = (struct recorder){ offset, value, size, recorder->count + 1 };
	return offset != 0x80;
}

/* Stores to read-only memory fault, and it keeps its contents. */
static void test_read_only_memory(void **unused)
{
	struct machine *machine = machine_create(EXT_TOGETHER);
	struct hart *hart = &machine->hart;
	struct ram rom;
	const struct region region = {
		.name = "rom", .base = HOLE, .size = PAGE_SIZE, .ram = &rom, .readonly = true,
	};
	static const u32 writes[] = { SB, SH, SW, SD, AMOADD_D, CBO_ZERO };

	assert_int_equal(ram_init(&rom, PAGE_SIZE), 0);
	assert_int_equal(bus_attach(&machine->platform.bus, &region), 0);
	memset(rom.host, 0x5a, 64);
	hart->x[11] = HOLE;
	/*
	 * A load enters the page into the TLB. If that gave a right to write, the store would use
	 * it.
	 */
	for (unsigned n = 0; n < ARRAY_SIZE(writes); n++) {
		assert_true(machine_step(machine, PC, LD));
		assert_true(hart->x[10] == 0x5a5a5a5a5a5a5a5aull);
		assert_false(machine_step(machine, PC, writes[n]));
		assert_int_equal(hart->mcause, CAUSE_STORE_ACCESS);
		hart->priv = PRIV_M;
		hart_regime_changed(hart);
	}
	for (unsigned n = 0; n < 64; n++)
		assert_int_equal(rom.host[n], 0x5a);
	machine_free(machine);
	ram_free(&rom);
}

/* Each access arrives at the device, whole and once: by LOAD, mem_load_slow() and bus_load(). */
static void test_device(void **unused)
{
	static const struct bus_ops ops = { recorder_read, recorder_write };
	struct recorder recorder = { 0 };
	const struct region region = {
		.name = "recorder", .base = HOLE, .size = PAGE_SIZE, .ops = &ops, .ctx = &recorder,
	};
	struct world world;

	world_init(&world);
	assert_int_equal(bus_attach(&world.machine->platform.bus, &region), 0);
	tables_map(&world.tables, VA, 0, HOLE >> 2 | RWX);
	for (unsigned n = 0; n < 4; n++) {
		unsigned size = 1u << n;
		u64 mask = n == 3 ? UINT64_MAX : BIT(8 * size) - 1;

		assert_int_equal(mem_load_raw(&world, loads[n], VA + 0x40),
				 0xfedcba9876543210ull & mask);
		assert_int_equal(recorder.offset, 0x40);
		assert_int_equal(recorder.size, size);
		assert_true(mem_execute(&world, stores[n], 0x1122334455667788ull, VA + 0x48));
		assert_int_equal(recorder.offset, 0x48);
		assert_int_equal(recorder.size, size);
		assert_int_equal(recorder.value, 0x1122334455667788ull & mask);
		assert_int_equal(recorder.count, 2 * n + 2);
		if (n == 0)
			continue;
		/* Devices get no misaligned accesses. */
		expect_fault(&world, loads[n], VA + 1, CAUSE_LOAD_MISALIGNED, REASON_misaligned);
		expect_fault(&world, stores[n], VA + 1, CAUSE_STORE_MISALIGNED, REASON_misaligned);
		assert_int_equal(recorder.count, 2 * n + 2);
	}
	/* An access that the device refuses is an access fault. */
	expect_fault(&world, LW, VA + 0x80, CAUSE_LOAD_ACCESS, REASON_nothing_there);
	expect_fault(&world, SW, VA + 0x80, CAUSE_STORE_ACCESS, REASON_nothing_there);
	/* Only RAM has atomics, reservations and cache-block operations. */
	expect_fault(&world, AMOADD_D, VA, CAUSE_STORE_ACCESS, REASON_not_ram);
	expect_fault(&world, LR_W, VA, CAUSE_LOAD_ACCESS, REASON_not_ram);
	/* HLVX needs the right to execute, which devices do not grant. The guest is bare. */
	recorder.count = 0;
	expect_fault(&world, HLVX_HU, HOLE + 0x40, CAUSE_LOAD_ACCESS, REASON_nothing_there);
	expect_fault(&world, HLVX_WU, HOLE + 0x40, CAUSE_LOAD_ACCESS, REASON_nothing_there);
	assert_int_equal(recorder.count, 0);
	assert_int_equal(mem_load_raw(&world, HLV_WU, HOLE + 0x40), 0x76543210);
	assert_int_equal(recorder.count, 1);
	assert_int_equal(mem_load_raw(&world, HLVX_WU, PC), HLVX_WU);
	world_free(&world);
}

/*
 * Tests every size at every alignment around the end of a page whose next page is elsewhere in RAM.
 */
static void test_misaligned(void **unused)
{
	struct world world;
	u8 *low, *high;

	world_init(&world);
	low = (u8 *)machine_ram(world.machine, LOW) + PAGE_SIZE - 16;
	high = (u8 *)machine_ram(world.machine, HIGH);
	for (unsigned n = 0; n < 4; n++)
		for (unsigned at = 0; at < 24; at++) {
			unsigned size = 1u << n;
			u64 value = 0, va = VA + PAGE_SIZE - 16 + at;
			u8 expected[32];

			for (unsigned i = 0; i < 32; i++)
				*(i < 16 ? &low[i] : &high[i - 16]) = expected[i] = (u8)(i + 1);
			memcpy(&value, expected + at, size);
			assert_int_equal(mem_load_raw(&world, loads[n], va), value);
			value = 0xf1e2d3c4b5a69788ull;
			memcpy(expected + at, &value, size);
			assert_true(mem_execute(&world, stores[n], value, va));
			assert_memory_equal(low, expected, 16);
			assert_memory_equal(high, expected + 16, 16);
		}
	world_free(&world);
}

/* If an access to two pages faults in the second, it has no effect, and reports the second page. */
static void test_half_an_access(void **unused)
{
	u64 va = VA + PAGE_SIZE - 4;
	struct world world;

	world_init(&world);
	tables_map(&world.tables, VA + PAGE_SIZE, 0, 0);
	memset(machine_ram(world.machine, LOW), 0x77, PAGE_SIZE);
	assert_false(mem_execute(&world, SD, 0, va));
	assert_trap(world.machine, CAUSE_STORE_PAGE, VA + PAGE_SIZE, REASON_pte_invalid);
	assert_false(mem_execute(&world, LD, 0, va));
	assert_trap(world.machine, CAUSE_LOAD_PAGE, VA + PAGE_SIZE, REASON_pte_invalid);
	assert_int_equal(mem_load_raw(&world, LWU, va), 0x77777777);
	world_free(&world);
}

/*
 * satp goes from 0 to Sv39 and back with no fence: translations of one mode do not apply in the
 * other.
 */
static void test_bare_and_back(void **unused)
{
	struct world world;
	u64 satp;

	world_init(&world);
	satp = world.hart->s[BANK_HS].atp;
	/* The address of RAM is also a virtual address, of another page. */
	tables_map(&world.tables, LOW, 0, HIGH >> 2 | RWX);
	*machine_ram(world.machine, LOW) = 1;
	*machine_ram(world.machine, HIGH) = 2;
	for (unsigned n = 0; n < 5; n++) {
		world.hart->s[BANK_HS].atp = n & 1 ? satp : 0;
		hart_regime_changed(world.hart);
		assert_int_equal(mem_load_raw(&world, LD, LOW), n & 1 ? 2 : 1);
		assert_true(mem_execute(&world, SB, n & 1 ? 2 : 1, LOW));
	}
	assert_int_equal(*machine_ram(world.machine, LOW), 1);
	assert_int_equal(*machine_ram(world.machine, HIGH), 2);
	world_free(&world);
}

/*
 * MPRV gives loads and stores another mode, but not fetches: tested on the page that is executed.
 */
static void test_mprv(void **unused)
{
	struct world world;

	world_init(&world);
	world.hart->priv = PRIV_M;
	set_status(&world, MSTATUS_MPRV | (u64)PRIV_S << 11);
	tables_map(&world.tables, PC, 0, HIGH >> 2 | RWX);
	machine_ram(world.machine, HIGH)[0x100 / 8] = 0x1234;
	for (unsigned n = 0; n < 3; n++) {
		assert_int_equal(mem_load_raw(&world, LD, PC + 0x100), 0x1234 + n);
		assert_true(mem_execute(&world, SD, 0x1235 + n, PC + 0x100));
	}
	assert_int_equal(*machine_ram(world.machine, PC + 0x100), 0);
	/* In user mode the page is not accessible; in M-mode itself nothing is translated. */
	set_status(&world, MSTATUS_MPRV | (u64)PRIV_U << 11);
	expect_fault(&world, LD, PC + 0x100, CAUSE_LOAD_PAGE, REASON_pte_supervisor);
	set_status(&world, MSTATUS_MPRV | (u64)PRIV_M << 11);
	assert_int_equal(mem_load_raw(&world, LD, PC + 0x100), 0);
	set_status(&world, (u64)PRIV_S << 11);
	assert_int_equal(mem_load_raw(&world, LD, PC + 0x100), 0);
	world_free(&world);
}

/* SUM and MXR take effect from the next instruction on, without a fence. */
static void test_sum_and_mxr(void **unused)
{
	struct world world;

	world_init(&world);
	tables_map(&world.tables, VA, 0, LOW >> 2 | RWX | PTE_U);
	tables_map(&world.tables, VA + PAGE_SIZE, 0, HIGH >> 2 | PTE_V | PTE_X | PTE_A);
	for (unsigned n = 0; n < 6; n++) {
		set_status(&world, n & 1 ? MSTATUS_SUM : 0);
		if (n & 1)
			mem_load_raw(&world, LD, VA);
		else
			expect_fault(&world, LD, VA, CAUSE_LOAD_PAGE, REASON_pte_user);
		set_status(&world, n & 1 ? MSTATUS_MXR : 0);
		if (n & 1)
			mem_load_raw(&world, LD, VA + PAGE_SIZE);
		else
			expect_fault(&world, LD, VA + PAGE_SIZE, CAUSE_LOAD_PAGE, REASON_pte_read);
	}
	world_free(&world);
}

/* A load must not remember the right to store to a page whose D bit is clear. */
static void test_dirty_bit(void **unused)
{
	u64 pte = LOW >> 2 | (RWX & ~(PTE_A | PTE_D));
	struct world world;

	world_init(&world);
	tables_map(&world.tables, VA, 0, pte | PTE_A);
	mem_load_raw(&world, LD, VA);
	expect_fault(&world, SD, VA, CAUSE_STORE_PAGE, REASON_pte_dirty);
	world.hart->menvcfg |= MENVCFG_ADUE;
	hart_regime_changed(world.hart);
	tables_map(&world.tables, VA, 0, pte);
	mem_load_raw(&world, LD, VA);
	assert_int_equal(*tables_entry(&world.tables, VA, 0), pte | PTE_A);
	assert_true(mem_execute(&world, SD, 5, VA));
	assert_int_equal(*tables_entry(&world.tables, VA, 0), pte | PTE_A | PTE_D);
	world_free(&world);
}

/*
 * The entry is rewritten again and again while this hart uses it: A and D are set in the entry as
 * it is at that time, never in a copy that was read before.
 */
static void test_entry_rewritten(void **unused)
{
	struct world world;
	u64 seed = 25;

	world_init(&world);
	world.hart->menvcfg |= MENVCFG_ADUE;
	hart_regime_changed(world.hart);
	*machine_ram(world.machine, LOW) = LOW;
	*machine_ram(world.machine, HIGH) = HIGH;
	for (unsigned n = 0; n < 2000; n++) {
		u64 page = random_u64(&seed) & 1 ? LOW : HIGH;
		bool store = random_u64(&seed) & 1;
		u64 pte = page >> 2 | PTE_V | PTE_R | PTE_W;

		tables_map(&world.tables, VA, 0, pte);
		assert_true(mem_execute(&world, n & 2 ? SFENCE : SFENCE_VA, 0, VA));
		if (store)
			assert_true(mem_execute(&world, SD, page, VA));
		else
			assert_int_equal(mem_load_raw(&world, LD, VA), page);
		assert_int_equal(*tables_entry(&world.tables, VA, 0),
				 pte | PTE_A | (store ? PTE_D : 0));
	}
	assert_int_equal(*machine_ram(world.machine, LOW), LOW);
	assert_int_equal(*machine_ram(world.machine, HIGH), HIGH);
	world_free(&world);
}

/*
 * After each fence the new entry is used, for all of a superpage, whatever address in it the fence
 * names.
 */
static void test_fences(void **unused)
{
	static const struct {
		u32 raw;
		u8 level;
		u64 named; /* a1: an offset from VA */
		u64 asid; /* a0 */
	} cases[] = {
		{ SFENCE, 0, 0, 0 },
		{ SFENCE_VA, 0, 0, 0 },
		{ SFENCE_VA, 0, 0xfff, 0 },
		{ SFENCE_ASID, 0, 0, 7 },
		{ SFENCE_ASID, 0, 0, 0xabcd0007 },
		{ SFENCE, 1, 0, 0 },
		{ SFENCE_VA, 1, 0, 0 },
		{ SFENCE_VA, 1, 0x1ff000, 0 },
		{ SFENCE_ASID, 1, 0, 7 },
		{ 0x12a58073, 1, 0x5000, 7 }, /* sfence.vma a1, a0 */
		{ 0x16058073, 1, 0x5000, 7 }, /* sinval.vma a1, zero */
	};
	struct world world;

	world_init(&world);
	world.hart->s[BANK_HS].atp |= 7ull << 44;
	hart_regime_changed(world.hart);
	for (unsigned i = 0; i < ARRAY_SIZE(cases); i++) {
		u64 size = PAGE_SIZE << (9 * cases[i].level), va = VA + 8 * MiB * (i + 1);

		for (u64 at = 0; at < size; at += 0x3000) {
			*machine_ram(world.machine, LOW + at) = 1;
			*machine_ram(world.machine, HIGH + at) = 2;
		}
		tables_map(&world.tables, va, cases[i].level, LOW >> 2 | RWX);
		for (u64 at = 0; at < size; at += 0x3000)
			assert_int_equal(mem_load_raw(&world, LD, va + at), 1);
		tables_map(&world.tables, va, cases[i].level, HIGH >> 2 | RWX);
		assert_true(mem_execute(&world, cases[i].raw, cases[i].asid, va + cases[i].named));
		for (u64 at = 0; at < size; at += 0x3000)
			assert_int_equal(mem_load_raw(&world, LD, va + at), 2);
	}
	world_free(&world);
}

/* PMP splits a page: no word may use the rights of its neighbour. */
static void test_pmp_within_a_page(void **unused)
{
	struct world world;
	struct pmp *pmp;

	world_init(&world);
	pmp = &world.hart->pmp;
	pmp->addr[0] = (LOW + 0x100) >> 2;
	pmp->cfg[0] = PMP_NA4 << 3;
	pmp->addr[1] = (LOW + 0x200) >> 2;
	pmp->cfg[1] = PMP_NA4 << 3 | PMP_R;
	pmp_update(pmp);
	hart_pmp_changed(world.hart);
	for (unsigned n = 0; n < 3; n++) {
		assert_true(mem_execute(&world, SW, 1, VA + 0xfc));
		assert_true(mem_execute(&world, SW, 1, VA + 0x104));
		expect_fault(&world, LB, VA + 0x103, CAUSE_LOAD_ACCESS, REASON_pmp);
		/* An access across the boundary matches no region entirely. */
		expect_fault(&world, LD, VA + 0xfc, CAUSE_LOAD_ACCESS, REASON_pmp);
		mem_load_raw(&world, LW, VA + 0x200);
		expect_fault(&world, SW, VA + 0x200, CAUSE_STORE_ACCESS, REASON_pmp);
	}
	/* A change of the registers takes effect at once. */
	pmp->cfg[0] = PMP_NA4 << 3 | PMP_R | PMP_W;
	pmp_update(pmp);
	hart_pmp_changed(world.hart);
	assert_true(mem_execute(&world, SW, 1, VA + 0x100));
	world_free(&world);
}

static void test_pmp_whole_page(void **unused)
{
	struct world world;
	struct pmp *pmp;

	world_init(&world);
	pmp = &world.hart->pmp;
	mem_load_raw(&world, LD, VA);
	assert_true(mem_execute(&world, SD, 1, VA));
	pmp->addr[0] = LOW >> 2 | 511;
	for (unsigned n = 0; n < 8; n++) {
		if ((n & 3) == PMP_W)
			continue;
		pmp->cfg[0] = (u8)(PMP_NAPOT << 3 | n);
		pmp_update(pmp);
		hart_pmp_changed(world.hart);
		assert_int_equal(mem_execute(&world, LD, 0, VA), !!(n & PMP_R));
		assert_int_equal(mem_execute(&world, SD, 0, VA), !!(n & PMP_W));
		assert_int_equal(mem_execute(&world, LD, 0, VA), !!(n & PMP_R));
	}
	world_free(&world);
}

/* LR and SC must be at the same place and of the same size, and an SC succeeds once. */
static void test_reservations(void **unused)
{
	struct world world;

	world_init(&world);
	*machine_ram(world.machine, LOW) = 0xffffffff80000000ull;
	/* Without LR it fails. */
	assert_int_equal(mem_load_raw(&world, SC_D, VA), 1);
	assert_int_equal(mem_load_raw(&world, LR_W, VA), 0xffffffff80000000ull);
	assert_true(mem_execute(&world, SC_W, 5, VA));
	assert_int_equal(world.hart->x[10], 0);
	assert_int_equal(*machine_ram(world.machine, LOW), 0xffffffff00000005ull);
	/* It succeeds only once; at another address it fails, and the reservation is lost. */
	assert_int_equal(mem_load_raw(&world, SC_W, VA), 1);
	mem_load_raw(&world, LR_D, VA);
	assert_int_equal(mem_load_raw(&world, SC_D, VA + 8), 1);
	assert_int_equal(mem_load_raw(&world, SC_D, VA), 1);
	/* An SC of another size fails. */
	mem_load_raw(&world, LR_W, VA);
	assert_int_equal(mem_load_raw(&world, SC_D, VA), 1);
	/* An SC that would fail still faults as a store. */
	expect_fault(&world, SC_W, VA + 2, CAUSE_STORE_MISALIGNED, REASON_misaligned);
	expect_fault(&world, LR_D, VA + 4, CAUSE_LOAD_MISALIGNED, REASON_misaligned);
	tables_map(&world.tables, VA, 0, LOW >> 2 | PTE_V | PTE_R | PTE_A);
	assert_true(mem_execute(&world, SFENCE, 0, 0));
	mem_load_raw(&world, LR_D, VA);
	expect_fault(&world, SC_D, VA, CAUSE_STORE_PAGE, REASON_pte_write);
	/* Reset removes the reservation. */
	tables_map(&world.tables, VA, 0, LOW >> 2 | RWX);
	mem_load_raw(&world, LR_D, VA);
	hart_reset(world.hart, 0);
	machine_open_pmp(world.machine);
	assert_int_equal(mem_load_raw(&world, SC_D, LOW), 1);
	assert_int_equal(*machine_ram(world.machine, LOW), 0xffffffff00000005ull);
	world_free(&world);
}

/* cbo.zero clears the block that contains rs1; its faults are a store's, with rs1 as tval. */
static void test_cache_blocks(void **unused)
{
	struct world world;
	u8 *block;

	world_init(&world);
	world.hart->menvcfg = MENVCFG_CBZE | MENVCFG_CBCFE;
	block = (u8 *)machine_ram(world.machine, LOW);
	memset(block, 0x55, 256);
	assert_true(mem_execute(&world, CBO_ZERO, 0, VA + 64 + 37));
	for (unsigned i = 0; i < 256; i++)
		assert_int_equal(block[i], i >= 64 && i < 128 ? 0 : 0x55);
	assert_true(mem_execute(&world, CBO_CLEAN, 0, VA + 200));
	assert_int_equal(block[200], 0x55);
	tables_map(&world.tables, VA, 0, LOW >> 2 | PTE_V | PTE_R | PTE_A);
	assert_true(mem_execute(&world, SFENCE, 0, 0));
	expect_fault(&world, CBO_ZERO, VA + 37, CAUSE_STORE_PAGE, REASON_pte_write);
	/* Cache management needs only the right to load. */
	assert_true(mem_execute(&world, CBO_CLEAN, 0, VA + 37));
	tables_map(&world.tables, VA, 0, 0);
	assert_true(mem_execute(&world, SFENCE, 0, 0));
	expect_fault(&world, CBO_CLEAN, VA + 37, CAUSE_STORE_PAGE, REASON_pte_invalid);
	tables_map(&world.tables, VA, 0, HOLE >> 2 | RWX);
	expect_fault(&world, CBO_CLEAN, VA + 37, CAUSE_STORE_ACCESS, REASON_nothing_there);
	expect_fault(&world, CBO_ZERO, VA + 37, CAUSE_STORE_ACCESS, REASON_not_ram);
	world_free(&world);
}

/* A debugger reads what the hart could read, across pages, without side effects. */
static void test_peek(void **unused)
{
	const struct trap trap = { .cause = 99 };
	struct world world;
	u8 data[16];

	world_init(&world);
	memset(machine_ram(world.machine, LOW), 0x11, PAGE_SIZE);
	memset(machine_ram(world.machine, HIGH), 0x22, PAGE_SIZE);
	world.hart->trap = trap;
	assert_true(hart_peek(world.hart, VA + PAGE_SIZE - 8, data, 16));
	assert_int_equal(data[7], 0x11);
	assert_int_equal(data[8], 0x22);
	assert_false(hart_peek(world.hart, VA + 2 * PAGE_SIZE - 8, data, 16));
	assert_false(hart_peek(world.hart, VA + BIT(40), data, 1));
	assert_int_equal(world.hart->trap.cause, 99);
	world_free(&world);
}

const struct CMUnitTest unit_tests[] = {
	cmocka_unit_test(test_read_only_memory),
	cmocka_unit_test(test_device),
	cmocka_unit_test(test_misaligned),
	cmocka_unit_test(test_half_an_access),
	cmocka_unit_test(test_bare_and_back),
	cmocka_unit_test(test_mprv),
	cmocka_unit_test(test_sum_and_mxr),
	cmocka_unit_test(test_dirty_bit),
	cmocka_unit_test(test_entry_rewritten),
	cmocka_unit_test(test_fences),
	cmocka_unit_test(test_pmp_within_a_page),
	cmocka_unit_test(test_pmp_whole_page),
	cmocka_unit_test(test_reservations),
	cmocka_unit_test(test_cache_blocks),
	cmocka_unit_test(test_peek),
	{ 0 },
};

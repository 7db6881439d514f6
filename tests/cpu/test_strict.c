/* SPDX-License-Identifier: MIT */
/*
 * Tests the stale-TLB detector: which changes of a page-table entry without a fence are reported,
 * that they are reported once, and with which contents.
 */
#include "tests/cpu/tables.h"

#include "cpu/debug/stale_tlb.h"
#include "tests/cpu/vector/extensions.h"

#define PC (RAM_BASE + 0xff000)
#define OTHER_PC (RAM_BASE + 0x1ff000)
#define VA 0x40200000ull
#define LOW (RAM_BASE + 4 * MiB)
#define HIGH (RAM_BASE + 6 * MiB)
#define RWX (PTE_V | PTE_R | PTE_W | PTE_X | PTE_A | PTE_D)
/*
 * A guest has the host's memory at the same addresses. It has one page of it at this address, too.
 */
#define GPA (RAM_BASE + GiB)
#define G_TABLES (2 * MiB)

/* The operands are a0 and (a1). */
#define LD 0x0005b503
#define SD 0x00a5b023
#define AMOADD_D 0x00a5b52f
#define NOP 0x00000013
#define VLE32 0x0205e407 /* v8, (a1) */
#define VSE32_MASKED 0x0005e427
#define SFENCE 0x12000073
#define SFENCE_VA 0x12058073
#define SFENCE_OTHER 0x12060073 /* a2 */
#define SFENCE_W_INVAL 0x18000073
#define SFENCE_INVAL_IR 0x18100073
#define SINVAL 0x16000073
#define SINVAL_VA 0x16058073
#define HFENCE_VVMA 0x22000073
#define HFENCE_VVMA_VA 0x22058073
#define HFENCE_GVMA 0x62000073
#define HFENCE_GVMA_GPA 0x62058073
#define HINVAL_VVMA 0x26000073
#define HINVAL_GVMA 0x66000073
#define HINVAL_GVMA_GPA 0x66058073

struct world {
	struct machine *machine;
	struct hart *hart;
	struct stage stage, g_stage;
	struct tables tables, g_tables;
	bool virt;
	struct watch watch;
	struct strict strict;
	unsigned count; /* findings */
	struct strict_finding last;
};

static void found(void *ctx, const struct strict_finding *finding)
{
	struct world *world = ctx;

	world->count++;
	world->last = *finding;
}

static void strict_map(struct world *world, u64 va, u64 pa, u64 bits)
{
	u64 at = tables_entry_pa(&world->tables, va, 0);

	ram_mark_range(&world->machine->ram, at - RAM_BASE, 8);
	tables_map(&world->tables, va, 0, pa >> 2 | bits);
}

/* Starts a hart in S-mode with Sv39 that is watched by the detector; code is at PC, data at VA. */
static void world_init_with(struct world *world, struct ext_set extensions)
{
	memset(world, 0, sizeof(*world));
	world->machine = machine_create(extensions);
	world->hart = &world->machine->hart;
	machine_open_pmp(world->machine);
	tables_init(&world->tables, world->machine, &world->stage, 3);
	strict_map(world, PC, PC & PAGE_MASK, RWX);
	strict_map(world, VA, LOW, RWX);
	strict_map(world, VA + PAGE_SIZE, LOW + PAGE_SIZE, RWX);
	world->hart->s[BANK_HS].atp = 8ull << 60 | world->stage.root >> 12;
	world->hart->priv = PRIV_S;
	hart_regime_changed(world->hart);
	world->strict.found = found;
	world->strict.ctx = world;
	strict_attach(&world->strict, &world->watch);
	watch_attach(&world->watch, world->hart);
}

static void world_init(struct world *world)
{
	world_init_with(world, EXT_TOGETHER);
}

static void world_free(struct world *world)
{
	machine_free(world->machine);
}

/* Executes one instruction at `at`, whose page is at PC, in S-mode. */
static void strict_execute(struct world *world, u64 at, u32 raw, u64 address)
{
	struct hart *hart = world->hart;

	memcpy(machine_ram(world->machine, (PC & PAGE_MASK) + (at & ~PAGE_MASK)), &raw, 4);
	hart->pc = at;
	hart->x[11] = address;
	hart->priv = PRIV_S;
	hart->virt = world->virt;
	hart_regime_changed(hart);
	hart_run(hart, observe_run, 1);
}

static void strict_step(struct world *world, u32 raw, u64 address)
{
	strict_execute(world, PC, raw, address);
}

/* The new entry, and whether a load or a store that hits the old entry is reported. */
static const struct {
	u64 pa, bits;
	bool load, store;
} changes[] = {
	{ .pa = LOW, .bits = RWX },
	{ .pa = HIGH, .bits = RWX, .load = true, .store = true },
	{ .pa = LOW, .bits = RWX & ~PTE_V, .load = true, .store = true },
	{ .pa = LOW, .bits = RWX & ~PTE_W, .store = true },
	{ .pa = LOW, .bits = PTE_V | PTE_X | PTE_A, .load = true, .store = true },
	{ .pa = LOW, .bits = RWX | PTE_U, .load = true, .store = true },
	{ .pa = LOW, .bits = RWX | PTE_G },
	/* Hardware need not check A and D again. */
	{ .pa = LOW, .bits = RWX & ~PTE_A },
	{ .pa = LOW, .bits = RWX & ~PTE_D },
	{ .pa = LOW, .bits = RWX & ~(PTE_A | PTE_D) },
	{ .pa = LOW, .bits = RWX & ~(PTE_W | PTE_D), .store = true },
};

static void test_changes(void **state)
{
	static const u32 accesses[] = { LD, SD, AMOADD_D };

	for (unsigned n = 0; n < ARRAY_SIZE(changes) * ARRAY_SIZE(accesses); n++) {
		unsigned change = n / ARRAY_SIZE(accesses), access = n % ARRAY_SIZE(accesses);
		bool reported = access ? changes[change].store : changes[change].load;
		struct world world;

		world_init(&world);
		strict_step(&world, accesses[access], VA + 8);
		strict_step(&world, accesses[access], VA + 8);
		assert_int_equal(world.count, 0);
		strict_map(&world, VA, changes[change].pa, changes[change].bits);
		strict_step(&world, accesses[access], VA + 8);
		if (world.count != reported)
			fail_msg("change %u, access %u: reported %u times", change, access,
				 world.count);
		/* After the fence nothing is reported. */
		world.count = 0;
		strict_step(&world, SFENCE, 0);
		strict_step(&world, accesses[access], VA + 16);
		assert_int_equal(world.count, 0);
		world_free(&world);
	}
}

/* A finding describes what happened. There is one for each instruction and page. */
static void test_finding(void **state)
{
	struct world world;

	world_init(&world);
	strict_step(&world, SD, VA + 8);
	strict_map(&world, VA, HIGH, PTE_V | PTE_R | PTE_A);
	strict_step(&world, SD, VA + 8);
	assert_int_equal(world.count, 1);
	assert_int_equal(world.last.pc, PC);
	assert_int_equal(world.last.va, VA + 8);
	assert_int_equal(world.last.type, ACCESS_STORE);
	assert_int_equal(world.last.priv, PRIV_S);
	assert_int_equal(world.last.remembered.pa, LOW + 8);
	assert_true(world.last.remembered.writable);
	assert_int_equal(world.last.tables.pa, HIGH + 8);
	assert_true(world.last.tables.valid && world.last.tables.readable);
	assert_false(world.last.tables.writable);
	/* The instruction itself uses the current tables. */
	assert_int_equal(world.hart->trap.cause, CAUSE_STORE_PAGE);
	strict_step(&world, SD, VA + 16);
	assert_int_equal(world.count, 1);
	strict_execute(&world, PC + 4, SD, VA + 8);
	assert_int_equal(world.count, 2);
	world_free(&world);
}

/*
 * If an entry gets more rights, no use of the stale entry is reported: the access may hit, or else
 * it walks the tables.
 */
static void test_more_rights(void **state)
{
	struct world world;

	world_init(&world);
	strict_map(&world, VA, LOW, PTE_V | PTE_R | PTE_A | PTE_D);
	strict_step(&world, LD, VA);
	strict_map(&world, VA, LOW, RWX);
	strict_step(&world, LD, VA);
	strict_step(&world, SD, VA);
	assert_int_equal(world.count, 0);
	world_free(&world);
}

static void test_fetch(void **state)
{
	struct world world;

	world_init(&world);
	strict_map(&world, OTHER_PC, PC & PAGE_MASK, RWX);
	strict_execute(&world, OTHER_PC, NOP, 0);
	strict_map(&world, OTHER_PC, PC & PAGE_MASK, RWX & ~PTE_X);
	strict_execute(&world, OTHER_PC, NOP, 0);
	assert_int_equal(world.count, 1);
	assert_int_equal(world.last.type, ACCESS_FETCH);
	assert_int_equal(world.last.va, OTHER_PC);
	world_free(&world);
}

/* An access across the end of a page hits no entry: both parts are translated again. */
static void test_crossing(void **state)
{
	struct world world;

	world_init(&world);
	strict_step(&world, LD, VA);
	strict_step(&world, LD, VA + PAGE_SIZE);
	strict_step(&world, LD, VA + PAGE_SIZE - 4);
	strict_map(&world, VA + PAGE_SIZE, HIGH, RWX);
	strict_step(&world, LD, VA);
	assert_int_equal(world.count, 0);
	strict_step(&world, LD, VA + PAGE_SIZE - 4);
	assert_int_equal(world.count, 0);
	world_free(&world);
}

/* A page is remembered however many others there are, and wherever they are. */
static void test_many_pages(void **state)
{
	enum { PAGES = 1200 };
	struct world world;

	world_init(&world);
	strict_step(&world, LD, VA);
	for (unsigned n = 1; n < PAGES; n++) {
		u64 va = VA + n * 128 * MiB;

		tables_map(&world.tables, va, 1, LOW >> 2 | RWX);
		strict_step(&world, LD, va + PAGE_SIZE);
	}
	strict_map(&world, VA, HIGH, RWX);
	strict_step(&world, LD, VA);
	assert_int_equal(world.count, 1);
	strict_step(&world, SFENCE_VA, VA + 8);
	strict_step(&world, LD, VA + 16);
	assert_int_equal(world.count, 1);
	world_free(&world);
}

/* A fence for any address in a superpage fences all of that superpage, and nothing else. */
static void test_superpage(void **state)
{
	u64 super = VA + GiB;
	struct world world;

	world_init(&world);
	for (unsigned n = 0; n < 3; n++) {
		tables_map(&world.tables, super, 1, LOW >> 2 | RWX);
		strict_step(&world, LD, super + 5 * PAGE_SIZE);
		tables_map(&world.tables, super, 1, HIGH >> 2 | RWX);
		strict_step(&world, SFENCE_VA,
			    n == 0 ? super + 2 * MiB - 1 :
			    n == 1 ? super + 2 * MiB :
				     super - 1);
		strict_execute(&world, PC + 4 * n, LD, super + 9 * PAGE_SIZE);
		assert_int_equal(world.count, n);
		strict_step(&world, SFENCE, 0);
	}
	world_free(&world);
}

/*
 * SINVAL.VMA ends the same translations as SFENCE.VMA if it is ordered after the stores and before
 * the use.
 */
static void test_svinval(void **state)
{
	static const struct {
		u32 fence[4];
		bool reported;
	} cases[] = {
		{ { SINVAL }, true },
		{ { SINVAL, SFENCE_INVAL_IR }, true },
		{ { SFENCE_W_INVAL, SINVAL }, true },
		{ { SFENCE_W_INVAL, SINVAL, SFENCE_INVAL_IR }, false },
		{ { SFENCE_W_INVAL, SINVAL_VA, SFENCE_INVAL_IR }, false },
		{ { SFENCE_W_INVAL, SFENCE_INVAL_IR, SINVAL_VA }, true },
		{ { SFENCE_W_INVAL, SINVAL_VA, SINVAL, SFENCE_INVAL_IR }, false },
	};

	for (unsigned n = 0; n < ARRAY_SIZE(cases); n++) {
		struct world world;

		world_init(&world);
		strict_step(&world, LD, VA);
		strict_map(&world, VA, HIGH, RWX);
		for (unsigned i = 0; i < ARRAY_SIZE(cases[n].fence) && cases[n].fence[i]; i++)
			strict_step(&world, cases[n].fence[i], VA);
		strict_step(&world, LD, VA);
		if (world.count != cases[n].reported)
			fail_msg("case %u: reported %u times", n, world.count);
		world_free(&world);
	}
}

/*
 * Starts a guest in VS-mode whose VA is mapped to the page GPA, and that to LOW; fences are
 * executed in HS-mode.
 */
static void guest_init(struct world *world)
{
	struct hart *hart;

	world_init(world);
	hart = world->hart;
	world->g_stage = (struct stage){ .widen = 2, .user = true };
	tables_init_at(&world->g_tables, world->machine, &world->g_stage, 3, G_TABLES);
	tables_map(&world->g_tables, RAM_BASE, 2, RAM_BASE >> 2 | RWX | PTE_U);
	tables_map(&world->g_tables, GPA, 0, LOW >> 2 | RWX | PTE_U);
	strict_map(world, VA, GPA, RWX);
	hart->s[BANK_VS].atp = hart->s[BANK_HS].atp;
	hart->hgatp = 8ull << 60 | world->g_stage.root >> 12;
}

static void guest_step(struct world *world, u64 va)
{
	world->virt = true;
	strict_step(world, LD, va);
	world->virt = false;
}

/* Each stage has its own fence, and the G stage's has an address shifted right by 2 bits. */
static void test_guests(void **state)
{
	static const struct {
		u32 fence[3];
		u64 address;
		bool second, reported;
	} cases[] = {
		{ .fence = { HFENCE_VVMA } },
		{ { HFENCE_VVMA_VA }, VA, .reported = false },
		{ { HFENCE_VVMA_VA }, VA + PAGE_SIZE, .reported = true },
		{ { HFENCE_GVMA }, .reported = true },
		{ { SFENCE }, .reported = true },
		{ .fence = { SFENCE_W_INVAL, HINVAL_VVMA, SFENCE_INVAL_IR } },
		{ { HINVAL_VVMA }, .reported = true },
		{ { HFENCE_GVMA }, .second = true },
		{ { HFENCE_GVMA_GPA }, GPA >> 2, .second = true },
		{ { HFENCE_GVMA_GPA }, GPA, .second = true, .reported = true },
		{ { HFENCE_GVMA_GPA }, (GPA + PAGE_SIZE) >> 2, .second = true, .reported = true },
		{ { HFENCE_VVMA }, .second = true, .reported = true },
		{ { SFENCE }, .second = true, .reported = true },
		{ { SFENCE_W_INVAL, HINVAL_GVMA_GPA, SFENCE_INVAL_IR }, GPA >> 2, .second = true },
		{ { HINVAL_GVMA }, .second = true, .reported = true },
	};

	for (unsigned n = 0; n < ARRAY_SIZE(cases); n++) {
		struct world world;

		guest_init(&world);
		guest_step(&world, VA);
		if (cases[n].second)
			tables_map(&world.g_tables, GPA, 0, HIGH >> 2 | RWX | PTE_U);
		else
			strict_map(&world, VA, HIGH, RWX);
		for (unsigned i = 0; i < ARRAY_SIZE(cases[n].fence) && cases[n].fence[i]; i++)
			strict_step(&world, cases[n].fence[i], cases[n].address);
		assert_int_equal(world.count, 0);
		guest_step(&world, VA + 8);
		if (world.count != cases[n].reported)
			fail_msg("case %u: reported %u times", n, world.count);
		if (world.count) {
			assert_int_equal(world.last.remembered.pa, LOW + 8);
			assert_int_equal(world.last.tables.pa, HIGH + 8);
		}
		world_free(&world);
	}
}

/* With patience, only a use that continues is reported, unless the fence comes. */
static void test_patience(void **state)
{
	struct world world;

	world_init(&world);
	world.strict.patience = 10;
	strict_step(&world, LD, VA);
	strict_map(&world, VA, HIGH, RWX);
	for (unsigned n = 0; n < 8; n++)
		strict_step(&world, LD, VA);
	strict_step(&world, SFENCE_VA, VA);
	for (unsigned n = 0; n < 20; n++)
		strict_step(&world, LD, VA);
	assert_int_equal(world.count, 0);
	strict_map(&world, VA, LOW, RWX);
	for (unsigned n = 0; n < 10; n++)
		strict_step(&world, LD, VA);
	assert_int_equal(world.count, 0);
	/* A fence for another page is not the one that is missing. */
	world.hart->x[12] = VA + PAGE_SIZE;
	strict_step(&world, SFENCE_OTHER, 0);
	strict_step(&world, LD, VA);
	assert_int_equal(world.count, 1);
	world_free(&world);
}

/*
 * If a superpage was split, correct uses of its other parts do not end the wait for the stale part.
 */
static void test_patience_in_a_superpage(void **state)
{
	const u64 super = VA + GiB, stale = super + 5 * PAGE_SIZE, good = super + 9 * PAGE_SIZE;
	struct world world;

	world_init(&world);
	world.strict.patience = 10;
	tables_map(&world.tables, super, 1, LOW >> 2 | RWX);
	strict_step(&world, LD, stale);
	tables_map(&world.tables, super, 1, 0);
	tables_map(&world.tables, stale, 0, HIGH >> 2 | RWX);
	tables_map(&world.tables, good, 0, (LOW + 9 * PAGE_SIZE) >> 2 | RWX);
	for (unsigned n = 0; n < 5; n++) {
		strict_step(&world, LD, stale);
		strict_step(&world, LD, good);
	}
	assert_int_equal(world.count, 0);
	strict_step(&world, LD, stale);
	assert_int_equal(world.count, 1);
	assert_true(world.last.va == stale);
	world_free(&world);
}

/* Findings are reported up to a limit: a guest cannot fill the host's disk. */
static void test_limit(void **state)
{
	struct world world;

	world_init(&world);
	world.strict.place_count = STRICT_PLACES - 1;
	strict_step(&world, LD, VA);
	strict_step(&world, LD, VA + PAGE_SIZE);
	strict_map(&world, VA, HIGH, RWX);
	strict_step(&world, LD, VA);
	assert_int_equal(world.count, 1);
	strict_execute(&world, PC + 8, LD, VA);
	assert_int_equal(world.count, 1);
	world_free(&world);
}

/*
 * Each page of a vector load or store is checked, except pages in which all elements are masked
 * off.
 */
static void test_vectors(void **state)
{
	struct world world;
	struct hart *hart;

	world_init_with(&world, vector_extensions());
	hart = world.hart;
	csr_set_mstatus(hart, MSTATUS_VS);
	hart->vector.vtype = 2 << 3; /* e32, m1 */
	hart->vector.key = hart_vector_key(hart->vector.vtype);
	hart->vector.vl = 4;
	strict_step(&world, VLE32, VA + PAGE_SIZE - 8);
	strict_map(&world, VA + PAGE_SIZE, HIGH, RWX);
	hart->vector.v[0] = 3;
	strict_step(&world, VSE32_MASKED, VA + PAGE_SIZE - 8);
	assert_int_equal(world.count, 0);
	hart->vector.v[0] = 11;
	strict_step(&world, VSE32_MASKED, VA + PAGE_SIZE - 8);
	assert_int_equal(world.count, 1);
	assert_int_equal(world.last.type, ACCESS_STORE);
	assert_int_equal(world.last.va, VA + PAGE_SIZE + 4);
	strict_execute(&world, PC + 4, VLE32, VA + PAGE_SIZE - 8);
	assert_int_equal(world.count, 2);
	assert_int_equal(world.last.type, ACCESS_LOAD);
	assert_int_equal(world.last.va, VA + PAGE_SIZE);
	world_free(&world);
}

const struct CMUnitTest unit_tests[] = {
	cmocka_unit_test(test_changes),	   cmocka_unit_test(test_finding),
	cmocka_unit_test(test_more_rights), cmocka_unit_test(test_fetch),
	cmocka_unit_test(test_crossing),   cmocka_unit_test(test_many_pages),
	cmocka_unit_test(test_superpage),  cmocka_unit_test(test_svinval),
	cmocka_unit_test(test_guests),	   cmocka_unit_test(test_patience),
	cmocka_unit_test(test_patience_in_a_superpage),
	cmocka_unit_test(test_limit),	   cmocka_unit_test(test_vectors),
	{ 0 },
};

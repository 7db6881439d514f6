/* SPDX-License-Identifier: MIT */
/*
 * Tests both stages of translation (privileged manual, "Two-Stage Address Translation"), with
 * regimes set by hand: every address of the VS stage goes through the G stage, with the right
 * rights, and a failure is reported as it should be.
 */
#include "tests/cpu/tables.h"

#define VA 0x40201238ull
/* The guest has its memory at 0; it is in RAM from GUEST_PA on, in pages of 4 KiB. */
#define GUEST_PA (RAM_BASE + 8 * MiB)
#define GUEST_SIZE (64 * PAGE_SIZE)
#define GUEST_PAGE (40 * PAGE_SIZE) /* the page to which VA is mapped */
#define G_LEAF (PTE_V | PTE_R | PTE_W | PTE_X | PTE_U | PTE_A | PTE_D)
#define VS_LEAF (PTE_V | PTE_R | PTE_W | PTE_X | PTE_A | PTE_D)

struct guest {
	struct machine *machine;
	struct regime regime;
	struct tables vs, g;
};

/* Maps VA to GUEST_PAGE and that to RAM, with both stages allowing all. */
static void guest_init(struct guest *guest, u8 vs_levels, u8 g_levels)
{
	*guest = (struct guest){ .machine = machine_create(EXT_TOGETHER) };
	guest->regime = (struct regime){ .priv = PRIV_S, .virt = true };
	guest->regime.s2.widen = 2;
	guest->regime.s2.user = true;
	machine_open_pmp(guest->machine);
	tables_init(&guest->g, guest->machine, &guest->regime.s2, g_levels);
	for (u64 gpa = 0; gpa < GUEST_SIZE; gpa += PAGE_SIZE)
		tables_map(&guest->g, gpa, 0, (GUEST_PA + gpa) >> 2 | G_LEAF);
	tables_init_at(&guest->vs, guest->machine, &guest->regime.s1, vs_levels,
		       GUEST_PA - RAM_BASE);
	/* The guest's tables are at its address 0. */
	guest->vs.shift = GUEST_PA;
	guest->regime.s1.root = 0;
	tables_map(&guest->vs, VA, 0, GUEST_PAGE >> 2 | VS_LEAF);
}

static bool guest_walk(struct guest *guest, u64 va, enum access_type type, struct xlat *xlat)
{
	return tables_walk(&guest->machine->hart, &guest->regime, va,
			   (struct access){ .type = type }, xlat);
}

/* Expects a guest-page fault for the type of access, with the guest physical address. */
static void expect_guest_fault(struct guest *guest, u64 va, enum access_type type, u64 gpa,
			       enum trap_reason reason)
{
	const struct trap *trap = &guest->machine->hart.trap;
	struct xlat xlat;

	assert_false(guest_walk(guest, va, type, &xlat));
	assert_trap(guest->machine, guest_cause[type], va, reason);
	assert_int_equal(trap->gpa, gpa);
	assert_true(trap->gva);
}

static void expect_page_fault(struct guest *guest, enum access_type type, enum trap_reason reason)
{
	const struct trap *trap = &guest->machine->hart.trap;
	struct xlat xlat;

	assert_false(guest_walk(guest, VA, type, &xlat));
	assert_trap(guest->machine, page_cause[type], VA, reason);
	assert_int_equal(trap->gpa, 0);
	assert_true(trap->gva);
}

/* Returns the guest physical address of the VS-stage entry for VA at a level. */
static u64 pte_gpa(struct guest *guest, u8 level)
{
	return tables_entry_pa(&guest->vs, VA, level) - GUEST_PA;
}

static void test_hit(void **unused)
{
	for (u8 vs = 3; vs <= 5; vs++)
		for (u8 g = 3; g <= 5; g++) {
			struct guest guest;
			struct xlat xlat;

			guest_init(&guest, vs, g);
			for (unsigned type = ACCESS_LOAD; type <= ACCESS_FETCH; type++) {
				assert_true(guest_walk(&guest, VA, type, &xlat));
				assert_int_equal(xlat.pa, GUEST_PA + GUEST_PAGE + (VA & 0xfff));
				assert_true(xlat.readable && xlat.writable && xlat.executable);
			}
			machine_free(guest.machine);
		}
}

/* The G stage determines where each part of a guest's superpage is. */
static void test_superpages(void **unused)
{
	struct guest guest;
	struct xlat xlat;

	guest_init(&guest, 3, 3);
	/* This is a guest superpage of 2 MiB over G-stage pages of 4 KiB. */
	tables_map(&guest.vs, VA, 1, 0 | VS_LEAF);
	assert_true(guest_walk(&guest, 0x40200000 + GUEST_PAGE + 8, ACCESS_LOAD, &xlat));
	assert_int_equal(xlat.pa, GUEST_PA + GUEST_PAGE + 8);
	/* Both are large: a page of 1 GiB over one of 2 MiB. */
	tables_map(&guest.vs, VA, 2, 0 | VS_LEAF);
	tables_map(&guest.g, 2 * MiB, 1, (RAM_BASE + 12 * MiB) >> 2 | G_LEAF);
	assert_true(guest_walk(&guest, 0x40200000 + 0x1238, ACCESS_LOAD, &xlat));
	assert_int_equal(xlat.pa, RAM_BASE + 12 * MiB + 0x1238);
	machine_free(guest.machine);
}

/* For the page itself the G stage always needs U; R, W or X depending on the access; A and D. */
static void test_final_page(void **unused)
{
	static const struct {
		u64 without;
		enum access_type type;
		enum trap_reason reason;
	} cases[] = {
		{ PTE_V, ACCESS_LOAD, REASON_pte_invalid },
		{ PTE_V, ACCESS_STORE, REASON_pte_invalid },
		{ PTE_V, ACCESS_FETCH, REASON_pte_invalid },
		{ PTE_U, ACCESS_LOAD, REASON_pte_supervisor },
		{ PTE_U, ACCESS_FETCH, REASON_pte_supervisor },
		{ PTE_R | PTE_W, ACCESS_LOAD, REASON_pte_read },
		{ PTE_W, ACCESS_STORE, REASON_pte_write },
		{ PTE_X, ACCESS_FETCH, REASON_pte_execute },
		{ PTE_A, ACCESS_LOAD, REASON_pte_accessed },
		{ PTE_D, ACCESS_STORE, REASON_pte_dirty },
	};
	struct guest guest;

	guest_init(&guest, 3, 3);
	/* SUM belongs to the VS stage, so it changes nothing here. */
	guest.regime.sum = true;
	for (unsigned i = 0; i < ARRAY_SIZE(cases); i++) {
		u64 leaf = (GUEST_PA + GUEST_PAGE) >> 2 | (G_LEAF & ~cases[i].without);

		tables_map(&guest.g, GUEST_PAGE, 0, leaf);
		expect_guest_fault(&guest, VA, cases[i].type, GUEST_PAGE + (VA & 0xfff),
				   cases[i].reason);
		assert_int_equal(*tables_entry(&guest.g, GUEST_PAGE, 0), leaf);
	}
	machine_free(guest.machine);
}

/* Faults of the VS stage itself are page faults; they have priority. */
static void test_vs_stage(void **unused)
{
	struct guest guest;

	guest_init(&guest, 3, 3);
	*tables_entry(&guest.g, GUEST_PAGE, 0) &= ~PTE_V;
	for (unsigned type = ACCESS_LOAD; type <= ACCESS_FETCH; type++) {
		tables_map(&guest.vs, VA, 0, GUEST_PAGE >> 2 | (VS_LEAF & ~PTE_V));
		expect_page_fault(&guest, type, REASON_pte_invalid);
		tables_map(&guest.vs, VA, 0, GUEST_PAGE >> 2 | (VS_LEAF & ~PTE_A));
		expect_page_fault(&guest, type, REASON_pte_accessed);
	}
	machine_free(guest.machine);
}

/*
 * Entries of the VS stage are read with load rights in the G stage, whatever the access is. The
 * fault is reported by the type of the original access, with the entry's guest physical address.
 */
static void test_entries(void **unused)
{
	struct guest guest;
	struct xlat xlat;

	guest_init(&guest, 4, 4);
	for (u8 level = 0; level < 4; level++) {
		u64 gpa = pte_gpa(&guest, level);
		u64 *g_pte = tables_entry(&guest.g, gpa, 0);
		u64 whole = *g_pte;

		for (unsigned type = ACCESS_LOAD; type <= ACCESS_FETCH; type++) {
			*g_pte = whole & ~PTE_V;
			expect_guest_fault(&guest, VA, type, gpa, REASON_pte_invalid);
			*g_pte = whole & ~(PTE_R | PTE_W);
			expect_guest_fault(&guest, VA, type, gpa, REASON_pte_read);
			*g_pte = whole & ~PTE_U;
			expect_guest_fault(&guest, VA, type, gpa, REASON_pte_supervisor);
			/* The right to read is enough, and D need not be set. */
			*g_pte = whole & ~(PTE_W | PTE_X | PTE_D);
			assert_true(guest_walk(&guest, VA, type, &xlat));
		}
		*g_pte = whole;
	}
	machine_free(guest.machine);
}

/* Updating A and D in a VS-stage entry is a store for the G stage. */
static void test_updates(void **unused)
{
	struct guest guest;
	struct xlat xlat;
	u64 gpa, *g_pte, whole;

	guest_init(&guest, 3, 3);
	gpa = pte_gpa(&guest, 0);
	g_pte = tables_entry(&guest.g, gpa, 0);
	whole = *g_pte;
	guest.regime.s1.adue = true;
	for (unsigned type = ACCESS_LOAD; type <= ACCESS_FETCH; type++) {
		u64 clear = GUEST_PAGE >> 2 | (VS_LEAF & ~(PTE_A | PTE_D));

		tables_map(&guest.vs, VA, 0, clear);
		*g_pte = whole & ~PTE_W;
		expect_guest_fault(&guest, VA, type, gpa, REASON_pte_write);
		*g_pte = whole & ~PTE_D;
		expect_guest_fault(&guest, VA, type, gpa, REASON_pte_dirty);
		assert_int_equal(*tables_entry(&guest.vs, VA, 0), clear);
		/* With ADUE in both stages, the update marks the page of the table dirty. */
		guest.regime.s2.adue = true;
		assert_true(guest_walk(&guest, VA, type, &xlat));
		assert_int_equal(*tables_entry(&guest.vs, VA, 0),
				 clear | PTE_A | (type == ACCESS_STORE ? PTE_D : 0));
		assert_int_equal(*g_pte, whole);
		guest.regime.s2.adue = false;
	}
	machine_free(guest.machine);
}

/*
 * If PMP denies an address that the G stage produced, or nothing is there, it is an access fault,
 * without a guest physical address.
 */
static void test_access_faults(void **unused)
{
	struct guest guest;
	struct xlat xlat;

	guest_init(&guest, 3, 3);
	tables_map(&guest.g, pte_gpa(&guest, 1), 0, HOLE >> 2 | G_LEAF);
	for (unsigned type = ACCESS_LOAD; type <= ACCESS_FETCH; type++) {
		assert_false(guest_walk(&guest, VA, type, &xlat));
		assert_trap(guest.machine, access_cause_of[type], VA, REASON_pte_access);
		assert_int_equal(guest.machine->hart.trap.gpa, 0);
	}
	machine_free(guest.machine);
}

/* With a bare VS stage the address is a guest physical one, which has two bits more than Sv39. */
static void test_bare_vs_stage(void **unused)
{
	const u64 high = BIT(40) | BIT(39) | GUEST_PAGE;
	struct guest guest;
	struct xlat xlat;

	guest_init(&guest, 3, 3);
	guest.regime.s1 = (struct stage){ 0 };
	assert_true(guest_walk(&guest, GUEST_PAGE + 4, ACCESS_LOAD, &xlat));
	assert_int_equal(xlat.pa, GUEST_PA + GUEST_PAGE + 4);
	/* Bits 40:39 are part of the index into the root table, which has 16 KiB. */
	expect_guest_fault(&guest, high, ACCESS_LOAD, high, REASON_pte_invalid);
	tables_map(&guest.g, high, 0, (RAM_BASE + 12 * MiB) >> 2 | G_LEAF);
	assert_true(guest_walk(&guest, high + 4, ACCESS_LOAD, &xlat));
	assert_int_equal(xlat.pa, RAM_BASE + 12 * MiB + 4);
	/* All higher bits must be zero: guest physical addresses are not sign-extended. */
	expect_guest_fault(&guest, BIT(41), ACCESS_STORE, BIT(41), REASON_gpa_too_wide);
	expect_guest_fault(&guest, (u64)-8, ACCESS_FETCH, (u64)-8, REASON_gpa_too_wide);
	machine_free(guest.machine);
}

/* MXR of vsstatus applies to the VS stage only, that of HS-mode to both stages. */
static void test_mxr(void **unused)
{
	struct guest guest;
	struct xlat xlat;

	guest_init(&guest, 3, 3);
	tables_map(&guest.vs, VA, 0, GUEST_PAGE >> 2 | PTE_V | PTE_X | PTE_A);
	expect_page_fault(&guest, ACCESS_LOAD, REASON_pte_read);
	guest.regime.vs_mxr = true;
	assert_true(guest_walk(&guest, VA, ACCESS_LOAD, &xlat));
	*tables_entry(&guest.g, GUEST_PAGE, 0) &= ~(PTE_R | PTE_W);
	expect_guest_fault(&guest, VA, ACCESS_LOAD, GUEST_PAGE + (VA & 0xfff), REASON_pte_read);
	guest.regime.vs_mxr = false;
	guest.regime.mxr = true;
	assert_true(guest_walk(&guest, VA, ACCESS_LOAD, &xlat));
	machine_free(guest.machine);
}

/* HLVX needs the right to execute in both stages, but reads page tables with the right to load. */
static void test_hlvx(void **unused)
{
	const struct access hlvx = { .type = ACCESS_LOAD, .hlvx = true };
	struct guest guest;
	struct xlat xlat;
	u64 *g_pte;

	guest_init(&guest, 3, 3);
	g_pte = tables_entry(&guest.g, GUEST_PAGE, 0);
	tables_map(&guest.vs, VA, 0, GUEST_PAGE >> 2 | PTE_V | PTE_X | PTE_A);
	*g_pte &= ~(PTE_R | PTE_W);
	/* The guest's tables are in pages that may not be executed. */
	for (u8 level = 0; level < 3; level++)
		*tables_entry(&guest.g, pte_gpa(&guest, level), 0) &= ~PTE_X;
	assert_true(tables_walk(&guest.machine->hart, &guest.regime, VA, hlvx, &xlat));
	/* Without X the fault is that of a load, in either stage. */
	*g_pte = (*g_pte & ~PTE_X) | PTE_R;
	assert_false(tables_walk(&guest.machine->hart, &guest.regime, VA, hlvx, &xlat));
	assert_trap(guest.machine, CAUSE_LOAD_GUEST_PAGE, VA, REASON_pte_execute);
	tables_map(&guest.vs, VA, 0, GUEST_PAGE >> 2 | PTE_V | PTE_R | PTE_A);
	assert_false(tables_walk(&guest.machine->hart, &guest.regime, VA, hlvx, &xlat));
	assert_trap(guest.machine, CAUSE_LOAD_PAGE, VA, REASON_pte_execute);
	/* All loads may read the page of a shadow stack, but it may not be executed. */
	*g_pte |= PTE_X;
	guest.regime.s1.shadow = true;
	tables_map(&guest.vs, VA, 0, GUEST_PAGE >> 2 | PTE_V | PTE_W | PTE_A | PTE_D);
	assert_true(guest_walk(&guest, VA, ACCESS_LOAD, &xlat));
	assert_false(tables_walk(&guest.machine->hart, &guest.regime, VA, hlvx, &xlat));
	assert_trap(guest.machine, CAUSE_LOAD_PAGE, VA, REASON_pte_execute);
	machine_free(guest.machine);
}

/* Only what both stages allow may be remembered. */
static void test_rights(void **unused)
{
	struct guest guest;
	struct xlat xlat;

	guest_init(&guest, 3, 3);
	*tables_entry(&guest.g, GUEST_PAGE, 0) &= ~PTE_D;
	assert_true(guest_walk(&guest, VA, ACCESS_LOAD, &xlat));
	assert_false(xlat.writable);
	assert_true(xlat.readable && xlat.executable);
	*tables_entry(&guest.g, GUEST_PAGE, 0) |= PTE_D;
	*tables_entry(&guest.vs, VA, 0) &= ~(PTE_D | PTE_X);
	assert_true(guest_walk(&guest, VA, ACCESS_LOAD, &xlat));
	assert_false(xlat.writable || xlat.executable);
	machine_free(guest.machine);
}

const struct CMUnitTest unit_tests[] = {
	cmocka_unit_test(test_hit),
	cmocka_unit_test(test_superpages),
	cmocka_unit_test(test_final_page),
	cmocka_unit_test(test_vs_stage),
	cmocka_unit_test(test_entries),
	cmocka_unit_test(test_updates),
	cmocka_unit_test(test_access_faults),
	cmocka_unit_test(test_bare_vs_stage),
	cmocka_unit_test(test_mxr),
	cmocka_unit_test(test_hlvx),
	cmocka_unit_test(test_rights),
	{ 0 },
};

/* SPDX-License-Identifier: MIT */
/*
 * Tests one stage of translation, in Sv39, Sv48 and Sv57: each rule of the privileged manual's
 * "Virtual Address Translation Process" is followed and violated; cause, tval, reason, and the
 * resulting page table are checked. All combinations of permission bits are compared with an
 * oracle.
 */
#include "tests/cpu/tables.h"

#define VA 0x40201234ull
#define PAGE_PA (RAM_BASE + 8 * MiB)

/* The levels of Sv39, Sv48 and Sv57. */
static const u8 modes[] = { 3, 4, 5 };

/* A case: page tables for VA with the leaf at `level`, one access, and its result. */
struct rule {
	const char *what;
	u8 level;
	u64 leaf; /* bits added to the leaf of an RWXAD (S-mode) page */
	u64 without; /* bits removed from it */
	u64 pointer; /* bits added to the entry above the leaf */
	u64 offset; /* added to the physical address of the page */
	bool pbmt;
	enum access_type type;
	enum trap_reason reason; /* none: it translates */
};

#define RULE(text, ...) { .what = text, __VA_ARGS__ }

static const struct rule rules[] = {
	RULE("page of 4 KiB", .level = 0),
	RULE("superpage of 2 MiB", .level = 1),
	RULE("superpage of 1 GiB", .level = 2),
	RULE("superpage of 2 MiB, misaligned", .level = 1, .offset = PAGE_SIZE,
	     .reason = REASON_pte_superpage),
	RULE("superpage of 2 MiB, misaligned by half", .level = 1, .offset = 1 * MiB,
	     .reason = REASON_pte_superpage),
	RULE("superpage of 1 GiB, misaligned", .level = 2, .offset = 2 * MiB,
	     .reason = REASON_pte_superpage),
	RULE("V = 0", .without = PTE_V, .reason = REASON_pte_invalid),
	RULE("V = 0 in a superpage", .level = 1, .without = PTE_V, .reason = REASON_pte_invalid),
	RULE("W without R", .without = PTE_R | PTE_X, .reason = REASON_pte_write_only),
	RULE("W and X without R", .without = PTE_R, .reason = REASON_pte_write_only),
	RULE("a pointer at level 0", .without = PTE_R | PTE_W | PTE_X | PTE_A | PTE_D,
	     .reason = REASON_pte_no_leaf),
	RULE("G and RSW mean nothing", .leaf = PTE_G | 3 << 8),
	RULE("... in pointers too", .pointer = PTE_G | 3 << 8),
	RULE("reserved bit 54", .leaf = BIT(54), .reason = REASON_pte_reserved),
	RULE("reserved bit 57", .leaf = BIT(57), .reason = REASON_pte_reserved),
	RULE("reserved bit 60", .leaf = BIT(60), .reason = REASON_pte_reserved),
	RULE("reserved bit 54 in a pointer", .pointer = BIT(54), .reason = REASON_pte_reserved),
	RULE("reserved bit 60 in a pointer", .pointer = BIT(60), .reason = REASON_pte_reserved),
	RULE("A in a pointer", .pointer = PTE_A, .reason = REASON_pte_pointer),
	RULE("D in a pointer", .pointer = PTE_D, .reason = REASON_pte_pointer),
	RULE("U in a pointer", .pointer = PTE_U, .reason = REASON_pte_pointer),
	RULE("N in a pointer", .pointer = PTE_N, .reason = REASON_pte_pointer),
	RULE("PBMT in a pointer", .pbmt = true, .pointer = BIT(61), .reason = REASON_pte_pointer),
	RULE("PBMT = NC, PBMTE off", .leaf = BIT(61), .reason = REASON_pte_pbmt),
	RULE("PBMT = IO, PBMTE off", .leaf = BIT(62), .reason = REASON_pte_pbmt),
	RULE("PBMT = NC", .pbmt = true, .leaf = BIT(61)),
	RULE("PBMT = IO", .pbmt = true, .leaf = BIT(62)),
	RULE("PBMT = IO in a superpage", .pbmt = true, .level = 1, .leaf = BIT(62)),
	RULE("PBMT = 3", .pbmt = true, .leaf = PTE_PBMT, .reason = REASON_pte_reserved),
	RULE("64 KiB by NAPOT", .leaf = PTE_N, .offset = 8 * PAGE_SIZE),
	RULE("NAPOT of 8 KiB", .leaf = PTE_N, .offset = 1 * PAGE_SIZE, .reason = REASON_pte_napot),
	RULE("NAPOT of 16 KiB", .leaf = PTE_N, .offset = 2 * PAGE_SIZE,
	     .reason = REASON_pte_napot),
	RULE("NAPOT of 32 KiB", .leaf = PTE_N, .offset = 4 * PAGE_SIZE,
	     .reason = REASON_pte_napot),
	RULE("NAPOT with more than 1000", .leaf = PTE_N, .offset = 9 * PAGE_SIZE,
	     .reason = REASON_pte_napot),
	RULE("NAPOT with 0000", .leaf = PTE_N, .reason = REASON_pte_napot),
	RULE("NAPOT in a superpage", .level = 1, .leaf = PTE_N, .reason = REASON_pte_napot),
};

/* A page of 1 GiB starts at RAM_BASE, and is larger than RAM. */
static u64 rule_base(const struct rule *rule)
{
	return (rule->level == 2 ? RAM_BASE : PAGE_PA) + rule->offset;
}

static void check_rule(struct machine *machine, const struct rule *rule, u8 levels)
{
	static const enum access_type types[] = { ACCESS_LOAD, ACCESS_STORE, ACCESS_FETCH };
	u64 page_size = rule->leaf & PTE_N ? 64 * KiB : PAGE_SIZE << (9 * rule->level);
	u64 leaf = (PTE_V | PTE_R | PTE_W | PTE_X | PTE_A | PTE_D | rule->leaf) & ~rule->without;
	struct regime regime = { .priv = PRIV_S };
	struct tables tables;

	tables_init(&tables, machine, &regime.s1, levels);
	regime.s1.pbmt = rule->pbmt;
	tables_map(&tables, VA, rule->level, rule_base(rule) >> 2 | leaf);
	if (rule->pointer)
		*tables_entry(&tables, VA, rule->level + 1) |= rule->pointer;
	for (unsigned i = 0; i < ARRAY_SIZE(types); i++) {
		struct access access = { .type = types[i] };
		struct xlat xlat = { 0 };
		bool good = tables_walk(&machine->hart, &regime, VA, access, &xlat);

		if (machine->hart.trap.reason != rule->reason && !good)
			fail_msg("%s, %u levels: %s", rule->what, levels,
				 trap_reason_text(machine->hart.trap.reason));
		if (rule->reason) {
			assert_false(good);
			assert_trap(machine, page_cause[types[i]], VA, rule->reason);
			continue;
		}
		if (!good)
			fail_msg("%s, %u levels", rule->what, levels);
		/* All bits below the page's size are the address's own. */
		assert_int_equal(xlat.pa,
				 align_down(rule_base(rule), page_size) | (VA & (page_size - 1)));
		assert_true(xlat.readable && xlat.writable && xlat.executable);
	}
}

static void test_rules(void **unused)
{
	struct machine *machine = machine_create(EXT_TOGETHER);

	machine_open_pmp(machine);
	for (unsigned mode = 0; mode < ARRAY_SIZE(modes); mode++)
		for (unsigned i = 0; i < ARRAY_SIZE(rules); i++) {
			/* In Sv39 the pointer to a page of 1 GiB would be satp itself. */
			if (rules[i].pointer && rules[i].level + 1 >= modes[mode])
				continue;
			check_rule(machine, &rules[i], modes[mode]);
		}
	machine_free(machine);
}

/* Tests random pages in random places, because every bit of the index and page number matters. */
static void test_random_pages(void **unused)
{
	struct machine *machine = machine_create(EXT_TOGETHER);
	u64 seed = 31;

	machine_open_pmp(machine);
	for (unsigned n = 0; n < 3000; n++) {
		u8 levels = modes[n % ARRAY_SIZE(modes)];
		unsigned width = 12 + 9 * levels;
		u8 level = random_u64(&seed) % levels;
		u64 size = PAGE_SIZE << (9 * level);
		u64 va = (u64)sext(random_u64(&seed), width);
		u64 pa = align_down(random_u64(&seed) & (BIT(56) - 1), size);
		struct regime regime = { .priv = PRIV_S };
		struct tables tables;
		struct xlat xlat;

		tables_init(&tables, machine, &regime.s1, levels);
		tables_map(&tables, va, level, pa >> 2 | PTE_V | PTE_R | PTE_A);
		assert_true(tables_walk(&machine->hart, &regime, va, (struct access){ 0 }, &xlat));
		assert_int_equal(xlat.pa, pa | (va & (size - 1)));
		assert_true(xlat.readable);
		assert_false(xlat.writable || xlat.executable);
		/* The next page is another one, which is not mapped. */
		va = (u64)sext(va + size, width);
		assert_false(tables_walk(&machine->hart, &regime, va, (struct access){ 0 }, &xlat));
		assert_trap(machine, CAUSE_LOAD_PAGE, va, REASON_pte_invalid);
	}
	machine_free(machine);
}

/* Bits above the width must all equal the sign bit. */
static void test_canonical(void **unused)
{
	struct machine *machine = machine_create(EXT_TOGETHER);
	struct access access = { .type = ACCESS_LOAD };

	machine_open_pmp(machine);
	for (unsigned mode = 0; mode < ARRAY_SIZE(modes); mode++) {
		unsigned width = 12 + 9 * modes[mode];
		const u64 good[] = { BIT(width - 1) - 8, (u64)-8, ~(BIT(width - 1) - 1) };
		const u64 bad[] = { BIT(width - 1), BIT(width) - 8, BIT(width), BIT(63),
				    ~BIT(width - 1), (u64)-8 ^ BIT(63), (u64)-8 ^ BIT(width) };
		struct regime regime = { .priv = PRIV_S };
		struct tables tables;
		struct xlat xlat;

		tables_init(&tables, machine, &regime.s1, modes[mode]);
		for (unsigned i = 0; i < ARRAY_SIZE(good); i++) {
			tables_map(&tables, good[i], 0, PAGE_PA >> 2 | PTE_V | PTE_R | PTE_A);
			assert_true(tables_walk(&machine->hart, &regime, good[i], access, &xlat));
			assert_int_equal(xlat.pa, PAGE_PA | (good[i] & 0xfff));
		}
		for (unsigned i = 0; i < ARRAY_SIZE(bad); i++) {
			assert_false(tables_walk(&machine->hart, &regime, bad[i], access, &xlat));
			assert_trap(machine, CAUSE_LOAD_PAGE, bad[i], REASON_not_canonical);
		}
	}
	machine_free(machine);
}

/* Without translation the physical address is the virtual one, whatever it is. */
static void test_bare(void **unused)
{
	struct machine *machine = machine_create(EXT_TOGETHER);
	struct regime regime = { .priv = PRIV_S };
	struct xlat xlat;

	assert_true(tables_walk(&machine->hart, &regime, BIT(63) | 5, (struct access){ 0 }, &xlat));
	assert_int_equal(xlat.pa, BIT(63) | 5);
	assert_true(xlat.readable && xlat.writable && xlat.executable);
	machine_free(machine);
}

/* The input of steps 6 to 9 of the manual for one leaf. */
struct request {
	u64 pte;
	u8 priv;
	bool sum, mxr, adue;
	enum access_type type;
};

static bool oracle_allows(const struct request *request)
{
	u64 pte = request->pte;
	bool read = pte & PTE_R || (request->mxr && (pte & PTE_X));

	if ((pte & PTE_W && !(pte & PTE_R)) || !(pte & (PTE_R | PTE_X)))
		return false;
	if (request->priv == PRIV_U && !(pte & PTE_U))
		return false;
	/* SUM never lets S-mode execute from U pages. */
	if (request->priv == PRIV_S && (pte & PTE_U) &&
	    (!request->sum || request->type == ACCESS_FETCH))
		return false;
	if (request->type == ACCESS_LOAD  ? !read :
	    request->type == ACCESS_STORE ? !(pte & PTE_W) :
					    !(pte & PTE_X))
		return false;
	return request->adue || ((pte & PTE_A) && (request->type != ACCESS_STORE || (pte & PTE_D)));
}

static void check_request(struct machine *machine, const struct request *request, u8 levels)
{
	u64 wanted = request->pte | PTE_A | (request->type == ACCESS_STORE ? PTE_D : 0);
	struct regime regime = {
		.priv = request->priv, .sum = request->sum, .mxr = request->mxr,
	};
	struct tables tables;
	struct xlat xlat;
	bool good;

	tables_init(&tables, machine, &regime.s1, levels);
	regime.s1.adue = request->adue;
	tables_map(&tables, VA, 0, PAGE_PA >> 2 | request->pte);
	good = tables_walk(&machine->hart, &regime, VA, (struct access){ .type = request->type },
			   &xlat);
	assert_int_equal(good, oracle_allows(request));
	if (!good) {
		assert_int_equal(machine->hart.trap.cause, page_cause[request->type]);
		assert_int_equal(machine->hart.trap.tval, VA);
		wanted = request->pte;
	} else {
		assert_int_equal(xlat.pa, PAGE_PA | (VA & 0xfff));
	}
	/* Hardware sets A, and D for stores, in memory; it changes nothing else. */
	assert_int_equal(*tables_entry(&tables, VA, 0), PAGE_PA >> 2 | wanted);
}

static void test_all_permissions(void **unused)
{
	struct machine *machine = machine_create(EXT_TOGETHER);

	machine_open_pmp(machine);
	/* The bits of n are R W X U, A D, then priv, SUM, MXR, ADUE. */
	for (unsigned n = 0; n < 1024; n++)
		for (unsigned type = ACCESS_LOAD; type <= ACCESS_FETCH; type++) {
			const struct request request = {
				.pte = PTE_V | (n & 15) << 1 | (n >> 4 & 3) << 6,
				.priv = n >> 6 & 1 ? PRIV_S : PRIV_U,
				.sum = n >> 7 & 1, .mxr = n >> 8 & 1, .adue = n >> 9 & 1,
				.type = type,
			};

			/* Without R, W and X it is a pointer; SUM is kept clear in U-mode. */
			if ((n & 7) == 0 || (request.priv == PRIV_U && request.sum))
				continue;
			check_request(machine, &request, modes[n % ARRAY_SIZE(modes)]);
		}
	machine_free(machine);
}

/* Tests the reasons by name, one permission at a time. */
static void test_reasons(void **unused)
{
	static const struct {
		struct request request;
		enum trap_reason reason;
	} cases[] = {
		{ { PTE_R | PTE_A, PRIV_U, .type = ACCESS_LOAD }, REASON_pte_supervisor },
		{ { PTE_R | PTE_U | PTE_A, PRIV_S, .type = ACCESS_LOAD }, REASON_pte_user },
		{ { PTE_X | PTE_U | PTE_A, PRIV_S, .sum = true, .type = ACCESS_FETCH },
		  REASON_pte_user_fetch },
		{ { PTE_X | PTE_A, PRIV_S, .type = ACCESS_LOAD }, REASON_pte_read },
		{ { PTE_R | PTE_A | PTE_D, PRIV_S, .type = ACCESS_STORE }, REASON_pte_write },
		{ { PTE_R | PTE_A, PRIV_S, .type = ACCESS_FETCH }, REASON_pte_execute },
		{ { PTE_R, PRIV_S, .type = ACCESS_LOAD }, REASON_pte_accessed },
		{ { PTE_R | PTE_W | PTE_A, PRIV_S, .type = ACCESS_STORE }, REASON_pte_dirty },
	};
	struct machine *machine = machine_create(EXT_TOGETHER);

	machine_open_pmp(machine);
	for (unsigned i = 0; i < ARRAY_SIZE(cases); i++) {
		struct request request = cases[i].request;

		request.pte |= PTE_V;
		check_request(machine, &request, 3);
		assert_int_equal(machine->hart.trap.reason, cases[i].reason);
	}
	machine_free(machine);
}

/* Page-table entries are only in RAM, and only where PMP lets S-mode access them. */

static void deny(struct machine *machine, u64 pa, u8 left)
{
	struct pmp *pmp = &machine->hart.pmp;

	pmp->addr[0] = pa >> 2 | 511; /* the NAPOT page */
	pmp->cfg[0] = (u8)(PMP_NAPOT << 3 | left);
	pmp_update(pmp);
	hart_pmp_changed(&machine->hart);
}

static void check_walk(struct machine *machine, const struct tables *tables, u8 priv,
		       enum access_type type, enum trap_reason reason)
{
	struct regime regime = { .priv = priv, .s1 = *tables->stage };
	struct xlat xlat;
	bool good =
		tables_walk(&machine->hart, &regime, VA, (struct access){ .type = type }, &xlat);

	assert_int_equal(good, !reason);
	if (!good)
		assert_trap(machine, access_cause_of[type], VA, reason);
}

static void test_protected_tables(void **unused)
{
	const u64 leaf = PAGE_PA >> 2 | PTE_V | PTE_R | PTE_W | PTE_X | PTE_U;
	struct machine *machine = machine_create(EXT_TOGETHER);
	struct stage stage = { 0 };
	struct tables tables;

	machine_open_pmp(machine);
	for (u8 level = 0; level < 3; level++)
		for (unsigned type = ACCESS_LOAD; type <= ACCESS_FETCH; type++) {
			tables_init(&tables, machine, &stage, 3);
			tables_map(&tables, VA, 0, leaf | PTE_A | PTE_D);
			/*
			 * Entries are read with load rights, whatever the access is; X alone does
			 * not suffice.
			 */
			deny(machine, tables_page(&tables, VA, level), PMP_X);
			check_walk(machine, &tables, PRIV_U, type, REASON_pte_access);
			/* Reading is enough when there is nothing to update. */
			deny(machine, tables_page(&tables, VA, level), PMP_R);
			check_walk(machine, &tables, PRIV_U, type, REASON_none);
		}
	/* An update of A or D that PMP forbids is an access fault; the entry does not change. */
	for (unsigned type = ACCESS_LOAD; type <= ACCESS_FETCH; type++) {
		tables_init(&tables, machine, &stage, 3);
		stage.adue = true;
		tables_map(&tables, VA, 0, leaf);
		deny(machine, tables_page(&tables, VA, 0), PMP_R);
		check_walk(machine, &tables, PRIV_U, type, REASON_pte_access);
		assert_int_equal(*tables_entry(&tables, VA, 0), leaf);
		/* Protection of a table at a higher level does not matter for the leaf's table. */
		deny(machine, tables_page(&tables, VA, 1), PMP_R);
		check_walk(machine, &tables, PRIV_U, type, REASON_none);
	}
	machine_free(machine);
}

static void test_tables_outside_ram(void **unused)
{
	static const u64 places[] = {
		HOLE, DEVICE_BASE, RAM_BASE + RAM_SIZE, RAM_BASE - PAGE_SIZE, BIT(56) - PAGE_SIZE,
	};
	struct machine *machine = machine_create(EXT_TOGETHER);
	struct stage stage = { 0 };
	struct tables tables;

	machine_open_pmp(machine);
	for (unsigned i = 0; i < ARRAY_SIZE(places); i++)
		for (unsigned type = ACCESS_LOAD; type <= ACCESS_FETCH; type++) {
			tables_init(&tables, machine, &stage, 3);
			tables_map(&tables, VA, 1, places[i] >> 2 | PTE_V);
			check_walk(machine, &tables, PRIV_S, type, REASON_pte_access);
			stage.root = places[i];
			check_walk(machine, &tables, PRIV_S, type, REASON_pte_access);
		}
	machine_free(machine);
}

/* A debugger's walk changes nothing and checks no permission, but still needs a mapping. */
static void test_peek(void **unused)
{
	const struct access peek = { .type = ACCESS_LOAD, .peek = true };
	struct machine *machine = machine_create(EXT_TOGETHER);
	struct regime regime = { .priv = PRIV_U };
	struct tables tables;
	struct xlat xlat;
	u64 pte = PAGE_PA >> 2 | PTE_V | PTE_X;

	machine_open_pmp(machine);
	tables_init(&tables, machine, &regime.s1, 3);
	tables_map(&tables, VA, 0, pte);
	assert_true(tables_walk(&machine->hart, &regime, VA, peek, &xlat));
	assert_int_equal(xlat.pa, PAGE_PA | (VA & 0xfff));
	regime.s1.adue = true;
	assert_true(tables_walk(&machine->hart, &regime, VA, peek, &xlat));
	assert_int_equal(*tables_entry(&tables, VA, 0), pte);
	assert_false(tables_walk(&machine->hart, &regime, VA + PAGE_SIZE, peek, &xlat));
	machine_free(machine);
}

const struct CMUnitTest unit_tests[] = {
	cmocka_unit_test(test_rules),
	cmocka_unit_test(test_random_pages),
	cmocka_unit_test(test_canonical),
	cmocka_unit_test(test_bare),
	cmocka_unit_test(test_all_permissions),
	cmocka_unit_test(test_reasons),
	cmocka_unit_test(test_protected_tables),
	cmocka_unit_test(test_tables_outside_ram),
	cmocka_unit_test(test_peek),
	{ 0 },
};

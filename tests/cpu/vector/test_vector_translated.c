/* SPDX-License-Identifier: MIT */
/*
 * Tests that each element of a vector load or store is translated and protected individually: PMP,
 * two stages, A and D set by hardware, pointer masking. A fault leaves vstart at its element, and
 * when its cause has been removed, the instruction continues there. All this holds in each tier.
 */
#include "tests/cpu/jit/native_insns.h"
#include "tests/cpu/tables.h"
#include "tests/cpu/vector/accesses.h"

#include "cpu/debug/triggers/trigger.h"
#include "cpu/mmu/tlb.h"
#include "tests/cpu/vector/extensions.h"

#define VLE64 0x0205f407 /* v8, (a1): its fourth element is in the second page */
#define VSE64 0x0205f427
#define VSE64_MASKED 0x0005f427 /* elements 1 and 3 */
#define VLE32 0x0205e407
#define FIRST_PAGE (ACCESSES_DATA & PAGE_MASK)
#define SECOND_PAGE (FIRST_PAGE + PAGE_SIZE)
#define G_TABLES (1 * MiB)
#define VS_TABLES (2 * MiB)
#define VS_PAGES 8 /* more than its tables need */
#define RWX (PTE_V | PTE_R | PTE_W | PTE_X)
#define ALL (RWX | PTE_A | PTE_D)
#define SV39 (8ull << 60)

static struct engines *translated_create(void)
{
	return vector_machine_create(ext_union(vector_extensions(), EXT_TOGETHER));
}

/* Frees the machine, and checks that native code has run exactly if the tier is native code. */
static void translated_free(struct engines *vectors, hart_tier tier)
{
	assert_int_equal(native_insns(vectors->jit) > 0, tier == jit_run);
	engines_free(vectors);
}

static hart_tier tier_of(void **state)
{
	return *(const hart_tier *)*state;
}

/* --- PMP --- */

/* Forbids U-mode the four bytes at an address. */
static void forbid(struct hart *hart, u64 va)
{
	hart->pmp.addr[0] = va >> 2;
	hart->pmp.cfg[0] = va ? PMP_NA4 << 3 : 0;
	pmp_update(&hart->pmp);
	hart_pmp_changed(hart);
}

static bool trims(const struct vector_form *form, unsigned n)
{
	return !strncmp(form->name, "vle32ff", 7) && n > 0;
}

static void check_pmp(struct engines *vectors, hart_tier tier, const struct vector_form *form,
		      unsigned access)
{
	unsigned n = access / form->fields;
	u64 va = vector_form_address(form, n, access % form->fields);
	struct hart *hart = vectors->hart;
	u8 whole[sizeof(hart->vector.v)];

	vector_machine_prepare(vectors);
	forbid(hart, 0);
	assert_true(vector_machine_step(vectors, tier, form->raw));
	memcpy(whole, hart->vector.v, sizeof(whole));
	vector_machine_prepare(vectors);
	forbid(hart, va);
	if (form->inactive >> n & 1 || trims(form, n)) {
		assert_true(vector_machine_step(vectors, tier, form->raw));
		assert_int_equal(hart->vector.vl, form->inactive >> n & 1 ? 4 : n);
		return;
	}
	assert_false(vector_machine_step(vectors, tier, form->raw));
	assert_int_equal(hart->trap.cause, form->store ? CAUSE_STORE_ACCESS : CAUSE_LOAD_ACCESS);
	assert_int_equal(hart->trap.tval, va);
	assert_int_equal(hart->vector.vstart, n);
	forbid(hart, 0);
	hart->priv = PRIV_U;
	hart_regime_changed(hart);
	assert_true(vector_machine_step(vectors, tier, form->raw));
	assert_memory_equal(hart->vector.v, whole, sizeof(whole));
}

static void test_pmp(void **state)
{
	const hart_tier tier = tier_of(state);
	struct engines *vectors = translated_create();

	for (unsigned n = 0; n < vector_form_count; n++) {
		const struct vector_form *form = &vector_forms[n];

		for (unsigned access = 0; access < form->count * form->fields; access++)
			if (form->bytes >= 4)
				check_pmp(vectors, tier, form, access);
	}
	translated_free(vectors, tier);
}

/* --- translation --- */

struct stages {
	struct stage vs, g;
	struct tables vs_tables, g_tables;
};

static void map_both(struct stages *stages, u64 page, u64 vs_flags, u64 g_flags)
{
	tables_map(&stages->vs_tables, page, 0, page >> 2 | vs_flags);
	tables_map(&stages->g_tables, page, 0, page >> 2 | g_flags);
}

/* Makes both stages map the pages in use to their own addresses in RAM. */
static void stages_init(struct stages *stages, struct engines *vectors)
{
	memset(stages, 0, sizeof(*stages));
	stages->g.widen = 2;
	tables_init_at(&stages->g_tables, &vectors->machine, &stages->g, 3, G_TABLES);
	tables_init_at(&stages->vs_tables, &vectors->machine, &stages->vs, 3, VS_TABLES);
	for (unsigned n = 0; n < VS_PAGES; n++) {
		u64 page = RAM_BASE + VS_TABLES + n * PAGE_SIZE;

		tables_map(&stages->g_tables, page, 0, page >> 2 | ALL | PTE_U);
	}
	map_both(stages, ACCESSES_CODE, ALL, ALL | PTE_U);
	map_both(stages, FIRST_PAGE, ALL, ALL | PTE_U);
	map_both(stages, SECOND_PAGE, ALL, ALL | PTE_U);
}

static void in_guest(struct engines *vectors, const struct stages *stages)
{
	struct hart *hart = vectors->hart;

	hart->s[BANK_VS].atp = SV39 | stages->vs.root >> 12;
	hart->hgatp = SV39 | stages->g.root >> 12;
	hart->priv = PRIV_S;
	hart->virt = true;
	tlb_flush_all(hart->tlb);
	hart_regime_changed(hart);
}

/* Checks an access whose second page is at first not mapped in a stage, and then is. */
static void check_stage(hart_tier tier, bool store, bool g)
{
	struct engines *vectors = translated_create();
	u32 raw = store ? VSE64 : VLE64;
	struct hart *hart = vectors->hart;
	struct stages stages;

	vector_machine_prepare(vectors);
	stages_init(&stages, vectors);
	map_both(&stages, SECOND_PAGE, g ? ALL : 0, g ? 0 : ALL | PTE_U);
	hart->s[BANK_VS].status |= MSTATUS_VS;
	in_guest(vectors, &stages);
	assert_false(vector_machine_step(vectors, tier, raw));
	assert_int_equal(hart->trap.cause,
			 (g ? guest_cause : page_cause)[store ? ACCESS_STORE : ACCESS_LOAD]);
	assert_int_equal(hart->trap.tval, SECOND_PAGE);
	assert_int_equal(hart->trap.gpa, g ? SECOND_PAGE : 0);
	assert_int_equal(hart->trap.tinst, 0);
	assert_true(hart->trap.gva);
	assert_int_equal(hart->vector.vstart, 3);
	map_both(&stages, SECOND_PAGE, ALL, ALL | PTE_U);
	in_guest(vectors, &stages);
	assert_true(vector_machine_step(vectors, tier, raw));
	assert_int_equal(hart->vector.vstart, 0);
	assert_memory_equal(vector_register(&hart->vector, 8),
			    machine_ram(&vectors->machine, ACCESSES_DATA), 32);
	translated_free(vectors, tier);
}

static void test_stages(void **state)
{
	const hart_tier tier = tier_of(state);

	for (unsigned n = 0; n < 4; n++)
		check_stage(tier, n & 1, n & 2);
}

/* A guest can use the vector unit where both VS fields allow it, and makes both Dirty. */
static void test_status(void **state)
{
	const hart_tier tier = tier_of(state);
	struct engines *vectors = translated_create();
	struct hart *hart = vectors->hart;
	struct stages stages;

	for (unsigned off = 0; off < 3; off++) {
		u64 initial = field_set(0, MSTATUS_VS, 1);

		vector_machine_prepare(vectors);
		stages_init(&stages, vectors);
		csr_set_mstatus(hart, off == 1 ? 0 : initial);
		hart->s[BANK_VS].status = off == 2 ? 0 : initial;
		in_guest(vectors, &stages);
		assert_int_equal(vector_machine_step(vectors, tier, VLE64), !off);
		if (off) {
			assert_int_equal(hart->trap.cause, CAUSE_ILLEGAL);
			assert_int_equal(hart->trap.reason, REASON_vector_off);
			continue;
		}
		assert_int_equal(field_get(csr_mstatus(hart), MSTATUS_VS), 3);
		assert_int_equal(field_get(csr_vsstatus(hart), MSTATUS_VS), 3);
	}
	translated_free(vectors, tier);
}

/* Hardware sets A, and D for stores, only in the entries of pages with active elements. */
static void test_accessed(void **state)
{
	const hart_tier tier = tier_of(state);
	static const struct {
		u32 raw;
		u8 mask;
		u64 first, second;
	} cases[] = {
		{ .raw = VLE64, .first = PTE_A, .second = PTE_A },
		{ .raw = VSE64, .first = PTE_A | PTE_D, .second = PTE_A | PTE_D },
		{ .raw = VSE64_MASKED, .mask = 2, .first = PTE_A | PTE_D },
		{ .raw = VSE64_MASKED, .mask = 8, .second = PTE_A | PTE_D },
		{ .raw = VSE64_MASKED },
	};
	struct engines *vectors = translated_create();
	struct hart *hart = vectors->hart;
	struct stages stages;

	for (unsigned n = 0; n < ARRAY_SIZE(cases); n++) {
		vector_machine_prepare(vectors);
		stages_init(&stages, vectors);
		map_both(&stages, FIRST_PAGE, RWX, ALL | PTE_U);
		map_both(&stages, SECOND_PAGE, RWX, ALL | PTE_U);
		hart->menvcfg |= MENVCFG_ADUE;
		hart->henvcfg |= MENVCFG_ADUE;
		hart->s[BANK_VS].status |= MSTATUS_VS;
		hart->vector.v[0] = cases[n].mask;
		in_guest(vectors, &stages);
		assert_true(vector_machine_step(vectors, tier, cases[n].raw));
		assert_int_equal(*tables_entry(&stages.vs_tables, FIRST_PAGE, 0) & 0xff,
				 RWX | cases[n].first);
		assert_int_equal(*tables_entry(&stages.vs_tables, SECOND_PAGE, 0) & 0xff,
				 RWX | cases[n].second);
	}
	translated_free(vectors, tier);
}

/* The upper seven bits of a base are ignored, and an element's address has them cleared. */
static void test_masked_pointers(void **state)
{
	const hart_tier tier = tier_of(state);
	struct engines *vectors = translated_create();
	struct hart *hart = vectors->hart;

	for (unsigned fault = 0; fault < 2; fault++) {
		vector_machine_prepare(vectors);
		hart->senvcfg = field_set(0, MENVCFG_PMM, 2);
		hart->x[11] |= 0x5aull << 57;
		forbid(hart, fault ? ACCESSES_DATA + 8 : 0);
		hart_regime_changed(hart);
		assert_int_equal(vector_machine_step(vectors, tier, VLE32), !fault);
		if (!fault)
			assert_memory_equal(vector_register(&hart->vector, 8),
					    machine_ram(&vectors->machine, ACCESSES_DATA), 16);
		else
			assert_int_equal(hart->trap.tval, ACCESSES_DATA + 8);
	}
	/* A trigger compares the masked address, too. */
	vector_machine_prepare(vectors);
	hart->x[11] |= 0x5aull << 57;
	forbid(hart, 0);
	hart->triggers.control[0] = (u64)TRIGGER_MCONTROL6 << 60 | BIT(3) /* u */ | MCONTROL_LOAD;
	hart->triggers.data[0] = ACCESSES_DATA + 4;
	hart->triggers.armed = true;
	assert_false(vector_machine_step(vectors, tier, VLE32));
	assert_int_equal(hart->trap.cause, CAUSE_BREAKPOINT);
	assert_int_equal(hart->trap.tval, ACCESSES_DATA + 4);
	assert_int_equal(hart->vector.vstart, 1);
	translated_free(vectors, tier);
}

int main(void)
{
	struct CMUnitTest tests[] = {
		cmocka_unit_test(test_pmp),
		cmocka_unit_test(test_stages),
		cmocka_unit_test(test_status),
		cmocka_unit_test(test_accessed),
		cmocka_unit_test(test_masked_pointers),
	};
	int failed = 0;

	for (unsigned tier = 0; tier < VECTOR_TIERS; tier++) {
		for (unsigned n = 0; n < ARRAY_SIZE(tests); n++)
			tests[n].initial_state = (void *)&vector_tiers[tier];
		failed += cmocka_run_group_tests(tests, NULL, NULL);
	}
	return failed;
}

/* SPDX-License-Identifier: MIT */
/*
 * Compares the results of the TLB's second level, and of the walk for usual pages, with the page
 * tables as walk_traced() reads them: random changes of entries of all levels and both stages, some
 * of them with a fence, in random modes, with random PMP.
 */
#include "tests/cpu/tables.h"

#include "cpu/isa/csr_bits.h"
#include "cpu/mmu/mem.h"
#include "cpu/mmu/pmp.h"
#include "cpu/mmu/regime.h"
#include "cpu/mmu/view.h"

#define LEAF (PTE_V | PTE_R | PTE_W | PTE_X | PTE_A | PTE_D)
#define G_LEAF (LEAF | PTE_U)
#define PTE_PPN (0xfffffffffffull << 10)
/* The guest has its memory at 0; it is in RAM from GUEST on, in pages of 4 KiB. */
#define GUEST (RAM_BASE + 8 * MiB)
#define GUEST_SIZE (256 * PAGE_SIZE)
/* Guest physical addresses of data, after the guest's tables. */
#define DATA (128 * PAGE_SIZE)
#define DATA_PAGES 64
#define ROUNDS 40000

/* Pages in one table, in another table with the same parent, and in other tables. */
static const u64 places[] = {
	0x40200000, 0x40201000,   0x40203000,         0x40400000,         0x7fff0000,
	0x80000000, 0x3f00000000, 0xffffffc000000000, 0xffffffc000200000,
};

#define LEVELS 3

/* An entry of a page table, and its value while the page is mapped correctly. */
struct entry {
	u64 *at, good;
};

struct agree {
	struct machine *machine;
	u64 seed;
	bool virt;
	struct stage vs_stage, g_stage;
	struct tables vs, g;
	struct entry entry[ARRAY_SIZE(places)][LEVELS], g_pointer[LEVELS]; /* by level */
	u64 *g_last; /* the G stage's table of lowest level */
};

static u64 agree_random(struct agree *agree, u64 below)
{
	return (random_u64(&agree->seed) >> 8) % below;
}

static u64 agree_leaf(struct agree *agree)
{
	u64 page = DATA + agree_random(agree, DATA_PAGES) * PAGE_SIZE;

	return (page + GUEST - agree->vs.shift) >> 2 | LEAF | (agree_random(agree, 2) ? PTE_U : 0);
}

static void agree_note(struct entry *entry, struct tables *tables, u64 va, u8 level)
{
	entry->at = tables_entry(tables, va, level);
	entry->good = *entry->at;
}

/* Notes where all entries are, while the tables still lead there. */
static void agree_note_all(struct agree *agree)
{
	for (unsigned n = 0; n < ARRAY_SIZE(places); n++)
		for (u8 level = 0; level < LEVELS; level++)
			agree_note(&agree->entry[n][level], &agree->vs, places[n], level);
	for (u8 level = 0; agree->virt && level < LEVELS; level++)
		agree_note(&agree->g_pointer[level], &agree->g, 0, level);
	agree->g_last = agree->g_pointer[0].at;
}

static void agree_init(struct agree *agree, bool virt, u64 seed)
{
	struct hart *hart;

	*agree = (struct agree){ .machine = machine_create(EXT_TOGETHER),
				 .seed = seed,
				 .virt = virt };
	hart = &agree->machine->hart;
	machine_open_pmp(agree->machine);
	agree->g_stage = (struct stage){ .widen = 2, .user = true };
	if (virt)
		tables_init(&agree->g, agree->machine, &agree->g_stage, 3);
	for (u64 gpa = 0; virt && gpa < GUEST_SIZE; gpa += PAGE_SIZE)
		tables_map(&agree->g, gpa, 0, (GUEST + gpa) >> 2 | G_LEAF);
	tables_init_at(&agree->vs, agree->machine, &agree->vs_stage, 3, GUEST - RAM_BASE);
	agree->vs.shift = virt ? GUEST : 0;
	agree->vs_stage.root -= agree->vs.shift;
	for (unsigned n = 0; n < ARRAY_SIZE(places); n++)
		tables_map(&agree->vs, places[n], 0, agree_leaf(agree));
	agree_note_all(agree);
	for (u64 at = DATA; at < DATA + DATA_PAGES * PAGE_SIZE; at += 8)
		*machine_ram(agree->machine, GUEST + at) = at * 0x10001;
	hart->s[virt ? BANK_VS : BANK_HS].atp = 8ull << 60 | agree->vs_stage.root >> 12;
	hart->hgatp = virt ? 8ull << 60 | agree->g_stage.root >> 12 : 0;
	hart->virt = virt;
	hart->priv = PRIV_S;
	hart_regime_changed(hart);
}

static const u64 flips[] = {
	PTE_V,  PTE_R,   PTE_W,   PTE_X,   PTE_U,   PTE_G,   PTE_A, PTE_D,
	BIT(8), BIT(10), BIT(11), BIT(54), BIT(61), BIT(62), PTE_N,
};

static u64 agree_flip(struct agree *agree)
{
	return flips[agree_random(agree, ARRAY_SIZE(flips))];
}

/* Writes as a device would, so that all watchers of the memory are called. */
static void agree_write(struct agree *agree, u64 *at, u64 value)
{
	struct ram *ram = &agree->machine->ram;

	ram_mark_range(ram, (u64)((u8 *)at - ram->host), sizeof(*at));
	*at = value;
}

/*
 * Flips a bit of an entry of the G stage, or restores all entries. Page tables stay where they are,
 * so that a store to one does not change another.
 */
static void agree_edit_guest(struct agree *agree)
{
	u64 gpa = agree_random(agree, 4) ? DATA + agree_random(agree, DATA_PAGES) * PAGE_SIZE :
					   agree_random(agree, 8) * PAGE_SIZE;
	u64 flip = agree_flip(agree), *at = &agree->g_last[gpa / PAGE_SIZE];

	if (!agree_random(agree, 8)) {
		at = agree->g_pointer[1 + agree_random(agree, LEVELS - 1)].at;
		agree_write(agree, at, *at ^ (flip & ~PTE_PPN));
	} else if (agree_random(agree, 2)) {
		agree_write(agree, at, *at ^ (gpa < DATA ? flip & ~PTE_PPN : flip));
	} else {
		for (gpa = 0; gpa < GUEST_SIZE; gpa += PAGE_SIZE)
			agree_write(agree, &agree->g_last[gpa / PAGE_SIZE],
				    (GUEST + gpa) >> 2 | G_LEAF);
		for (unsigned level = 1; level < LEVELS; level++)
			agree_write(agree, agree->g_pointer[level].at,
				    agree->g_pointer[level].good);
	}
}

/* Flips a bit of a pointer, lets it point where that of another place does, or restores it. */
static void agree_edit_pointer(struct agree *agree, unsigned place)
{
	unsigned level = 1 + (unsigned)agree_random(agree, LEVELS - 1);
	struct entry *entry = &agree->entry[place][level];
	u64 other = agree_random(agree, ARRAY_SIZE(places));

	switch (agree_random(agree, 4)) {
	case 0:
		agree_write(agree, entry->at, *entry->at ^ (agree_flip(agree) & ~PTE_PPN));
		break;
	case 1:
		agree_write(agree, entry->at, agree->entry[other][level].good);
		break;
	default:
		agree_write(agree, entry->at, entry->good);
		break;
	}
}

/* Writes to a table so often that it no longer seems to be one. */
static void agree_write_often(struct agree *agree, u64 *at)
{
	for (unsigned n = 0; n < 100; n++)
		agree_write(agree, at, *at);
}

/* Changes an entry, without a fence. */
static void agree_edit(struct agree *agree)
{
	struct hart *hart = &agree->machine->hart;
	unsigned place = (unsigned)agree_random(agree, ARRAY_SIZE(places));
	u64 *pte = agree->entry[place][0].at;

	if (agree->virt && !agree_random(agree, 3)) {
		agree_edit_guest(agree);
	} else {
		if (!agree_random(agree, 3))
			agree_edit_pointer(agree, place);
		else if (agree_random(agree, 2))
			agree_write(agree, pte, *pte ^ agree_flip(agree));
		else
			agree_write(agree, pte, agree_leaf(agree));
		if (!agree_random(agree, 32))
			agree_write_often(agree,
					  agree->entry[place][agree_random(agree, LEVELS)].at);
	}
	/* The run loop does this before the next instruction. */
	hart_select_views(hart);
}

/* Flips a bit that selects another view of the same address space, or changes the rights of PMP. */
static void agree_mode(struct agree *agree)
{
	static const u64 bits_[] = { MSTATUS_SUM, MSTATUS_MXR };
	struct hart *hart = &agree->machine->hart;
	struct pmp *pmp = &hart->pmp;

	switch (agree_random(agree, 6)) {
	case 0:
		hart->priv = hart->priv == PRIV_S ? PRIV_U : PRIV_S;
		break;
	case 1:
		hart->mstatus ^= bits_[agree_random(agree, 2)];
		break;
	case 2:
		hart->s[BANK_VS].status ^= bits_[agree_random(agree, 2)];
		break;
	case 3:
		hart->menvcfg ^= agree_random(agree, 2) ? MENVCFG_ADUE : MENVCFG_PBMTE;
		break;
	case 4:
		hart->henvcfg ^= agree_random(agree, 2) ? MENVCFG_ADUE : MENVCFG_PBMTE;
		break;
	default:
		pmp->addr[3] = (GUEST + agree_random(agree, GUEST_SIZE)) >> 2;
		pmp->cfg[3] = (u8)(agree_random(agree, 4) << 3 | agree_random(agree, 8));
		pmp_update(pmp);
		hart_pmp_changed(hart);
		return;
	}
	hart_regime_changed(hart);
}

/*
 * Returns whether the page tables and PMP allow the access, and sets *pa; else fills in the trap.
 */
static bool agree_expected(struct hart *hart, u64 va, enum access_type type, u64 *pa)
{
	static const unsigned rights[] = { PMP_R, PMP_W, PMP_X };
	const struct regime *regime = type == ACCESS_FETCH ? hart->fetch_regime : hart->data_regime;
	unsigned size = type == ACCESS_FETCH ? 2 : 8;
	struct walk_trace trace;

	if (!walk_traced(hart, regime, va, (struct access){ .type = type }, &trace))
		return false;
	*pa = trace.xlat.pa;
	if (pmp_allows(&hart->pmp, *pa, size, regime->priv) & rights[type])
		return true;
	return hart_trap(hart, access_cause_of[type], va, REASON_pmp);
}

static bool agree_access(struct hart *hart, u64 va, enum access_type type, u64 *value)
{
	u32 raw = 0;
	bool good;

	if (type == ACCESS_LOAD)
		return mem_load(hart, va, 8, value);
	if (type == ACCESS_STORE)
		return mem_store(hart, va, 8, *value);
	good = mem_fetch(hart, va, &raw);
	*value = raw & 0xffff;
	return good;
}

static void agree_check(struct agree *agree)
{
	struct hart *hart = &agree->machine->hart;
	enum access_type type = (enum access_type)agree_random(agree, 3);
	/* An instruction of 16 bits: the second half of a word whose value is a multiple of 8. */
	u64 va = places[agree_random(agree, ARRAY_SIZE(places))] +
		 agree_random(agree, PAGE_SIZE / 8) * 8;
	u64 pa = 0, found, value;
	bool expected = agree_expected(hart, va, type, &pa);
	struct trap trap = hart->trap;

	found = value = expected ? *machine_ram(agree->machine, pa) : 0;
	if (type == ACCESS_STORE)
		value = ~found;
	if (type == ACCESS_FETCH)
		found &= 0xffff;
	assert_int_equal(agree_access(hart, va, type, &value), expected);
	if (!expected) {
		assert_int_equal(hart->trap.cause, trap.cause);
		assert_int_equal(hart->trap.tval, trap.tval);
		assert_int_equal(hart->trap.gpa, trap.gpa);
		assert_int_equal(hart->trap.tinst, trap.tinst);
		assert_int_equal(hart->trap.gva, trap.gva);
		assert_int_equal(hart->trap.reason, trap.reason);
	} else if (type == ACCESS_STORE) {
		assert_int_equal(*machine_ram(agree->machine, pa), ~found);
		agree_write(agree, machine_ram(agree->machine, pa), found);
	} else {
		assert_int_equal(value, found);
	}
}

static void agree_run(bool virt, u64 seed)
{
	struct agree agree;
	unsigned good = 0;

	agree_init(&agree, virt, seed);
	for (unsigned n = 0; n < ROUNDS; n++) {
		if (!agree_random(&agree, 4))
			agree_edit(&agree);
		if (!agree_random(&agree, 8))
			agree_mode(&agree);
		agree_check(&agree);
		good += !agree.machine->hart.trap.cause;
		agree.machine->hart.trap = (struct trap){ 0 };
	}
	/* There must be enough of both results, or nothing was tested. */
	assert_in_range(good, ROUNDS / 10, ROUNDS * 9 / 10);
	machine_free(agree.machine);
}

static void test_one_stage(void **unused)
{
	for (u64 seed = 1; seed <= 4; seed++)
		agree_run(false, seed);
}

static void test_two_stages(void **unused)
{
	for (u64 seed = 1; seed <= 4; seed++)
		agree_run(true, seed);
}

const struct CMUnitTest unit_tests[] = {
	cmocka_unit_test(test_one_stage),
	cmocka_unit_test(test_two_stages),
	{ 0 },
};

/* SPDX-License-Identifier: MIT */
/*
 * Tests a hart without an extension: the extension's instructions and CSRs do not exist, in any
 * tier, its bits of other CSRs cannot be set, and its bits of page-table entries are reserved. The
 * harts are those of `-cpu max,NAME=off`.
 */
#include "tests/cpu/tables.h"

#include "cpu/counters/pmu.h"
#include "cpu/engine/block_cache.h"
#include "cpu/engine/threaded.h"
#include "cpu/hart/harts.h"
#include "cpu/isa/model.h"
#include "cpu/mmu/regime.h"
#include "tests/cpu/random.h"
#include "tests/state_copy.h"

#include <stdio.h>

#define VA 0x40201000ull

struct without {
	struct machine *machine;
	struct hart *hart, *harts[1];
	struct ext_set extensions;
};

static struct ext_set max_with(const char *name, const char *value)
{
	struct model_error error;
	char text[64];
	struct ext_set set;

	snprintf(text, sizeof(text), "max,%s=%s", name, value);
	if (model_parse(text, &set, &error))
		fail_msg("'%s': %s", text, error.text);
	return set;
}

static struct ext_set without_name(const char *name)
{
	return max_with(name, "off");
}

static void extensions_setup(struct without *w, unsigned ext)
{
	w->extensions = without_name(ext_name(ext));
	w->machine = machine_create(w->extensions);
	w->hart = w->harts[0] = &w->machine->hart;
	w->hart->blocks = block_cache_create(w->harts, 1);
	assert_non_null(w->hart->blocks);
	assert_int_equal(block_cache_watch(w->hart->blocks, &w->machine->ram, RAM_BASE), 0);
}

static void extensions_teardown(struct without *w)
{
	block_cache_free(w->hart->blocks);
	machine_free(w->machine);
}

/* Checks that an instruction in M-mode, which only the missing extension forbids, traps. */
static void check_traps(struct without *w, hart_tier tier, u32 raw, enum trap_reason reason)
{
	struct hart *hart = w->hart;

	assert_true(bus_dma_write(&w->machine->platform.bus, RAM_BASE, &raw, sizeof(raw)));
	hart->pc = RAM_BASE;
	hart->priv = PRIV_M;
	hart->virt = false;
	csr_set_mstatus(hart, isa_has(hart->isa, EXT_f) ? MSTATUS_FS : 0);
	hart_regime_changed(hart);
	hart->stop = hart->yield = false;
	hart->limit = hart->steps + 1;
	memset(&hart->trap, 0, sizeof(hart->trap));
	if (tier(hart) != EXIT_TRAP)
		fail_msg("0x%08x does not trap", raw);
	assert_int_equal(hart->trap.cause, CAUSE_ILLEGAL);
	assert_int_equal(hart->trap.tval, raw);
	assert_string_equal(trap_reason_text(hart->trap.reason), trap_reason_text(reason));
	hart->index = 0;
}

static void check_both(struct without *w, u32 raw, enum trap_reason reason)
{
	check_traps(w, interp_run, raw, reason);
	check_traps(w, threaded_run, raw, reason);
}

/* Checks encodings of all rows that the hart lacks; returns true if `ext` has rows. */
static bool check_rows(struct without *w, unsigned ext, u64 *seed)
{
	const struct isa *isa = w->hart->isa;
	bool any = false;

	for (unsigned op = 0; op < OP_COUNT; op++) {
		u32 raw = ((u32)random_u64(seed) & ~isa->mask[op]) | isa->match[op];
		struct insn insn;

		any |= isa_ops[op].ext == ext && isa_ops[op].need == NEED_ONE;
		if (isa_has_row(isa, op)) {
			assert_false(isa_ops[op].ext == ext && isa_ops[op].need == NEED_ONE);
			continue;
		}
		if (insn_length(raw) == 2)
			raw &= 0xffff;
		isa_decode(isa, raw, &insn);
		/*
		 * If it is not illegal, it is a hint, or another instruction of which the missing
		 * row is a special case.
		 */
		if (insn.op != OP_illegal)
			assert_true(isa_has_row(isa, insn.op));
		else
			check_both(w, raw, REASON_no_row);
	}
	return any;
}

static void test_rows(void **unused)
{
	unsigned with_rows = 0;
	u64 seed = 5;

	for (unsigned ext = 0; ext < EXT_COUNT; ext++) {
		struct without w;

		if (ext == EXT_i)
			continue;
		extensions_setup(&w, ext);
		with_rows += check_rows(&w, ext, &seed);
		extensions_teardown(&w);
	}
	assert_in_range(with_rows, 25, EXT_COUNT);
}

/* Without Zca there are no compressed instructions, and without Zcd none that use f registers. */
static void test_compressed(void **unused)
{
	static const u8 exts[] = { EXT_zca, EXT_zcd };
	/* These are c.lbu, c.sh, c.not, c.zext.b; and c.mop.1. */
	static const u16 zcb[] = { 0x8000, 0x8c00, 0x9c75, 0x9c61 }, zcmop[] = { 0x6081 };
	/* These are c.fld, c.fsd, c.fldsp, c.fsdsp; and c.li, c.add. */
	static const u16 fp[] = { 0x2000, 0xa000, 0x2002, 0xa002 }, others[] = { 0x4501, 0x952e };
	struct without w;

	for (unsigned e = 0; e < ARRAY_SIZE(exts); e++) {
		extensions_setup(&w, exts[e]);
		for (unsigned i = 0; i < ARRAY_SIZE(fp); i++)
			check_both(&w, fp[i], REASON_no_row);
		for (unsigned i = 0; i < ARRAY_SIZE(others) && e == 0; i++)
			check_both(&w, others[i], REASON_no_row);
		extensions_teardown(&w);
	}
	extensions_setup(&w, EXT_zcb);
	for (unsigned i = 0; i < ARRAY_SIZE(zcb); i++)
		check_both(&w, zcb[i], REASON_no_row);
	extensions_teardown(&w);
	extensions_setup(&w, EXT_zcmop);
	check_both(&w, zcmop[0], REASON_no_row);
	extensions_teardown(&w);
}

static u64 extensions_written(struct machine *machine, u16 number, u64 value)
{
	const struct csr_access access = { .number = number, .operand = value, .writes = true };
	u64 old, now;

	machine->hart.priv = PRIV_M;
	assert_true(csr_access(&machine->hart, &access, &old));
	assert_true(csr_peek(&machine->hart, number, &now));
	return now;
}

/*
 * Without Zca a jump to an odd multiple of 2 traps at the jump, and rd does not change. x5 is 3, x6
 * is -4.
 */
static const struct {
	u32 raw;
	u64 target; /* from the jump */
} jumps[] = {
	{ 0x002000ef, 2 }, /* jal x1, . + 2 */
	{ 0x010000ef, 16 },
	{ 0xffffd0ef, (u64)-8194 }, /* jal x1, . - 8194 */
	{ 0x00628163, 4 }, /* beq x5, x6, . + 2 */
	{ 0x00528163, 2 }, /* beq x5, x5, . + 2 */
	{ 0x00629163, 2 }, /* bne */
	{ 0x00529163, 4 },
	{ 0x0062c163, 4 }, /* blt */
	{ 0x00534163, 2 },
	{ 0x0062d163, 2 }, /* bge */
	{ 0x00535163, 4 },
	{ 0x0062e163, 2 }, /* bltu */
	{ 0x00536163, 4 },
	{ 0x0062f163, 4 }, /* bgeu */
	{ 0x00537163, 2 },
	{ 0xfe629ee3, (u64)-4 }, /* bne x5, x6, . - 4 */
	{ 0x006380e7, 6 }, /* jalr x1, 6(x7): x7 is the jump's address */
	{ 0x009380e7, 8 },
	{ 0x003380e7, 2 },
};

static void check_jump(struct without *w, hart_tier tier, unsigned n)
{
	struct hart *hart = w->hart;
	u64 pc = RAM_BASE + 16 * KiB, target = pc + jumps[n].target;

	assert_true(bus_dma_write(&w->machine->platform.bus, pc, &jumps[n].raw, 4));
	hart->pc = hart->x[7] = pc;
	hart->x[1] = 1;
	hart->x[5] = 3;
	hart->x[6] = (u64)-4;
	hart->stop = hart->yield = false;
	hart->limit = hart->steps + 1;
	hart->index = 0;
	if (!(target & 2)) {
		assert_int_equal(tier(hart), EXIT_NEXT);
		assert_int_equal(hart->pc, target);
		assert_int_equal(hart->x[1], (jumps[n].raw & 0x7f) == 0x63 ? 1 : pc + 4);
		return;
	}
	assert_int_equal(tier(hart), EXIT_TRAP);
	assert_int_equal(hart->trap.cause, CAUSE_FETCH_MISALIGNED);
	assert_int_equal(hart->trap.tval, target);
	assert_int_equal(hart->pc, pc);
	assert_int_equal(hart->x[1], 1);
}

static void test_alignment(void **unused)
{
	static const u16 epcs[] = { 0x341, 0x141, 0x241 };
	struct without w;

	extensions_setup(&w, EXT_zca);
	for (unsigned n = 0; n < ARRAY_SIZE(jumps); n++) {
		check_jump(&w, interp_run, n);
		check_jump(&w, threaded_run, n);
	}
	for (unsigned n = 0; n < ARRAY_SIZE(epcs); n++)
		assert_int_equal(extensions_written(w.machine, epcs[n], UINT64_MAX), ~3ull);
	extensions_teardown(&w);
	extensions_setup(&w, EXT_zcd);
	for (unsigned n = 0; n < ARRAY_SIZE(epcs); n++)
		assert_int_equal(extensions_written(w.machine, epcs[n], UINT64_MAX), ~1ull);
	extensions_teardown(&w);
}

struct csr_range {
	u16 first, last;
	u8 ext;
};

static const struct csr_range csrs[] = {
#define CSR_FIELD(number, name, ext, ...) { number, number, EXT_##ext },
#define CSR_WARL(number, name, ext, ...) { number, number, EXT_##ext },
#define CSR_CODE(first, last, name, ext, ...) { first, last, EXT_##ext },
#include "cpu/csr/csr.def"
#undef CSR_FIELD
#undef CSR_WARL
#undef CSR_CODE
};

/* csrrs x1, number, x0 is a read, which M-mode may do if the register exists. */
static u32 read_csr(u16 number)
{
	return (u32)number << 20 | 2 << 12 | 1 << 7 | 0x73;
}

static void test_csrs(void **unused)
{
	for (unsigned ext = 0; ext < EXT_COUNT; ext++) {
		struct without w;

		if (ext == EXT_i || ext == EXT_zicsr)
			continue;
		extensions_setup(&w, ext);
		for (unsigned i = 0; i < ARRAY_SIZE(csrs); i++) {
			if (isa_has(w.hart->isa, csrs[i].ext))
				continue;
			for (u16 number = csrs[i].first; number <= csrs[i].last; number++)
				check_both(&w, read_csr(number), REASON_csr_missing);
		}
		extensions_teardown(&w);
	}
}

/* Bits of an extension in registers that also exist without it. */
static const struct {
	u8 ext;
	u16 number;
	u64 bits;
} ext_bits[] = {
	{ EXT_f, 0x300, MSTATUS_FS },
	{ EXT_s, 0x300, MSTATUS_SIE | MSTATUS_SPP | MSTATUS_MXR | MSTATUS_TVM | MSTATUS_TSR },
	{ EXT_sv39, 0x300, MSTATUS_SUM },
	{ EXT_u, 0x300, MSTATUS_MPRV | MSTATUS_TW },
	{ EXT_f, 0x100, MSTATUS_FS },
	{ EXT_s, 0x304, 0x222 },
	{ EXT_h, 0x300, MSTATUS_MPV | MSTATUS_GVA },
	{ EXT_h, 0x304, 0x444 }, /* and SGEIE where guests have interrupt files */
	{ EXT_h, 0x302, 0xf00400 },
	{ EXT_zicntr, 0x306, COUNTEREN_CY | COUNTEREN_IR },
	{ EXT_zihpm, 0x306, COUNTEREN_HPM },
	{ EXT_zihpm, 0x106, COUNTEREN_HPM },
	{ EXT_s, 0x30a, MENVCFG_FIOM },
	{ EXT_zicbom, 0x30a, MENVCFG_CBIE | MENVCFG_CBCFE },
	{ EXT_zicboz, 0x30a, MENVCFG_CBZE },
	{ EXT_zicbom, 0x10a, MENVCFG_CBIE | MENVCFG_CBCFE },
	{ EXT_zicboz, 0x10a, MENVCFG_CBZE },
	{ EXT_svadu, 0x30a, MENVCFG_ADUE },
	{ EXT_svpbmt, 0x30a, MENVCFG_PBMTE },
	{ EXT_sstc, 0x30a, MENVCFG_STCE },
	{ EXT_smnpm, 0x30a, MENVCFG_PMM },
	{ EXT_ssdbltrp, 0x30a, MENVCFG_DTE },
	{ EXT_zicbom, 0x60a, MENVCFG_CBIE | MENVCFG_CBCFE },
	{ EXT_zicboz, 0x60a, MENVCFG_CBZE },
	{ EXT_ssnpm, 0x60a, MENVCFG_PMM },
	{ EXT_ssnpm, 0x10a, MENVCFG_PMM },
	{ EXT_ssnpm, 0x600, HSTATUS_HUPMM },
	{ EXT_smepmp, 0x747, MSECCFG_MMWP },
	{ EXT_smmpm, 0x747, MSECCFG_PMM },
	{ EXT_zkr, 0x747, MSECCFG_USEED | MSECCFG_SSEED },
	{ EXT_smdbltrp, 0x300, MSTATUS_MDT },
	{ EXT_sscofpmf, 0x304, BIT(IRQ_LCOFI) },
	{ EXT_sscofpmf, 0x303, BIT(IRQ_LCOFI) },
	{ EXT_sscofpmf, 0x323, MHPMEVENT_OF | MHPMEVENT_FILTER },
	{ EXT_shlcofideleg, 0x603, BIT(IRQ_LCOFI) },
	{ EXT_zihpm, 0x320, COUNTEREN_HPM },
};

static void test_bits(void **unused)
{
	for (unsigned i = 0; i < ARRAY_SIZE(ext_bits); i++) {
		const char *name = ext_name(ext_bits[i].ext);
		struct machine *more = machine_create(max_with(name, "on"));
		struct machine *less = machine_create(without_name(name));
		u64 bits = ext_bits[i].bits, now;

		extensions_written(more, 0x303, UINT64_MAX); /* hideleg has no more than mideleg */
		if ((extensions_written(more, ext_bits[i].number, UINT64_MAX) & bits) != bits)
			fail_msg("0x%x: not all bits of %s", ext_bits[i].number, name);
		/* The register itself may not exist, either. */
		if (csr_peek(&less->hart, ext_bits[i].number, &now))
			assert_int_equal(
				extensions_written(less, ext_bits[i].number, UINT64_MAX) & bits, 0);
		machine_free(more);
		machine_free(less);
	}
}

/* misa shows the letters, and ignores writes. */
static void test_misa(void **unused)
{
	for (unsigned ext = 0; ext < EXT_COUNT; ext++) {
		struct machine *machine;
		u64 bit;

		if (ext_name(ext)[1])
			continue;
		bit = BIT(ext_name(ext)[0] - 'a');
		machine = machine_create(max_with(ext_name(ext), "on"));
		assert_int_equal(extensions_written(machine, 0x301, 0) & bit, bit);
		machine_free(machine);
		if (ext == EXT_i)
			continue;
		machine = machine_create(without_name(ext_name(ext)));
		assert_int_equal(extensions_written(machine, 0x301, UINT64_MAX) & bit, 0);
		machine_free(machine);
	}
}

/* satp, vsatp and hgatp accept the modes of the hart's virtual addresses. */
static void test_translation(void **unused)
{
	static const struct {
		const char *name, *value;
		u8 has, lacks; /* values of MODE */
	} cases[] = {
		{ "sv57", "on", SATP_SV57, 11 },
		{ "sv48", "on", SATP_SV48, SATP_SV57 },
		{ "sv48", "off", SATP_SV39, SATP_SV48 },
		{ "sv39", "off", SATP_BARE, SATP_SV39 },
	};
	static const u16 numbers[] = { 0x180, 0x280, 0x680 };

	for (unsigned i = 0; i < ARRAY_SIZE(cases); i++) {
		struct ext_set set = max_with(cases[i].name, cases[i].value);
		struct machine *machine = machine_create(set);
		bool hypervisor = isa_has(&machine->isa, EXT_h);

		for (unsigned n = 0; n < (hypervisor ? ARRAY_SIZE(numbers) : 1); n++) {
			u64 value = (u64)cases[i].has << 60;

			assert_int_equal(extensions_written(machine, numbers[n], value), value);
			assert_int_equal(extensions_written(machine, numbers[n],
							    (u64)cases[i].lacks << 60),
					 value);
		}
		machine_free(machine);
	}
}

/* MPP holds the modes that the hart has, and MRET leaves the least of them in it. */
static void test_modes(void **unused)
{
	struct machine *no_s = machine_create(without_name("s"));
	struct machine *no_u = machine_create(without_name("u"));

	assert_int_equal(field_get(extensions_written(no_s, 0x300, 0), MSTATUS_MPP), PRIV_U);
	assert_int_equal(field_get(extensions_written(no_s, 0x300, 1ull << 11), MSTATUS_MPP),
			 PRIV_U);
	assert_int_equal(field_get(extensions_written(no_s, 0x300, MSTATUS_MPP), MSTATUS_MPP),
			 PRIV_M);
	assert_int_equal(field_get(extensions_written(no_u, 0x300, 0), MSTATUS_MPP), PRIV_M);
	assert_true(machine_step(no_u, RAM_BASE, 0x30200073)); /* mret */
	assert_int_equal(no_u->hart.priv, PRIV_M);
	assert_int_equal(field_get(no_u->hart.mstatus, MSTATUS_MPP), PRIV_M);
	machine_free(no_s);
	machine_free(no_u);
}

/* A page with N set is 64 KiB with Svnapot, and malformed without it. */
static void test_napot(void **unused)
{
	const struct access access = { .type = ACCESS_LOAD };
	const u64 pte = (RAM_BASE + 8 * MiB) >> 2 | 8 << 10 | PTE_V | PTE_R | PTE_A | PTE_N;

	for (unsigned n = 0; n < 2; n++) {
		struct ext_set set = n ? without_name("svnapot") : EXT_TOGETHER;
		struct machine *machine = machine_create(set);
		struct regime regime = { .priv = PRIV_S };
		struct tables tables;
		struct xlat xlat;

		machine_open_pmp(machine);
		tables_init(&tables, machine, &regime.s1, 3);
		tables_map(&tables, VA, 0, pte);
		assert_int_equal(walk(&machine->hart, &regime, VA, access, &xlat), n == 0);
		if (n) {
			assert_int_equal(machine->hart.trap.cause, CAUSE_LOAD_PAGE);
			assert_int_equal(machine->hart.trap.reason, REASON_pte_n);
		}
		machine_free(machine);
	}
}

/* Without Svade the hart updates A and D from reset on. */
static void test_ad(void **unused)
{
	static const struct {
		const char *without;
		u64 menvcfg;
	} cases[] = { { "svade", MENVCFG_ADUE }, { "svadu", 0 }, { "svvptc", 0 } };

	for (unsigned i = 0; i < ARRAY_SIZE(cases); i++) {
		struct machine *machine = machine_create(without_name(cases[i].without));

		assert_int_equal(machine->hart.menvcfg, cases[i].menvcfg);
		machine_free(machine);
	}
}

/*
 * With neither extension, as before these were defined, hardware updates A and D at each stage,
 * whatever the value of ADUE is.
 */
static void test_ad_without_names(void **unused)
{
	for (unsigned n = 0; n < 2; n++) {
		struct ext_set set = n ? EXT_TOGETHER :
					 ext_without(without_name("svade"), EXT_svadu);
		struct machine *machine = machine_create(set);
		struct hart *hart = &machine->hart;
		struct regime regime;

		(void)unused;
		hart->s[BANK_HS].atp = hart->s[BANK_VS].atp = hart->hgatp = (u64)SATP_SV39 << 60;
		assert_int_equal(hart->menvcfg, 0);
		for (unsigned virt = 0; virt < 2; virt++) {
			regime_of(hart, PRIV_S, virt, &regime);
			assert_int_equal(regime.s1.adue, n == 0);
			assert_int_equal(regime.s2.adue, virt && n == 0);
		}
		machine_free(machine);
	}
}

/* A machine's state is refused by harts that have other extensions or another configuration. */
static void test_state(void **unused)
{
	const struct harts_config configs[] = {
		{ .extensions = without_name("sstc") },
		{ .extensions = without_name("sstc") },
		{ .extensions = without_name("svvptc") },
		{ .extensions = without_name("sstc"), .rnmi.interrupt = 8 },
		{ .extensions = without_name("sstc"), .rnmi.exception = 8 },
		{ .extensions = without_name("sstc"), .shift = 1 },
		{ .extensions = without_name("sstc"), .vector.vlen = 256 },
		{ .extensions = without_name("sstc"), .vector.tail_ones = true },
		{ .extensions = without_name("sstc"), .vector.mask_ones = true },
		{ .extensions = without_name("sstc"), .vector.half_avl = true },
	};
	struct platform platforms[ARRAY_SIZE(configs)];
	struct timebase timebases[ARRAY_SIZE(configs)];
	struct harts harts[ARRAY_SIZE(configs)];

	for (unsigned n = 0; n < ARRAY_SIZE(configs); n++) {
		struct harts_config config = configs[n];

		config.count = 1;
		platform_init(&platforms[n], CLOCK_VIRTUAL, 1);
		timebase_init(&timebases[n], &platforms[n].clock, TIMEBASE_HZ);
		assert_int_equal(harts_init(&harts[n], &platforms[n], &timebases[n], &config), 0);
	}
	assert_int_equal(state_copy(&platforms[1].state, &platforms[0].state), 0);
	for (unsigned n = 2; n < ARRAY_SIZE(configs); n++)
		assert_true(state_copy(&platforms[n].state, &platforms[0].state) < 0);
	for (unsigned n = 0; n < ARRAY_SIZE(configs); n++) {
		harts_free(&harts[n]);
		platform_free(&platforms[n]);
	}
}

const struct CMUnitTest unit_tests[] = {
	cmocka_unit_test(test_rows),
	cmocka_unit_test(test_compressed),
	cmocka_unit_test(test_csrs),
	cmocka_unit_test(test_bits),
	cmocka_unit_test(test_misa),
	cmocka_unit_test(test_translation),
	cmocka_unit_test(test_modes),
	cmocka_unit_test(test_napot),
	cmocka_unit_test(test_alignment),
	cmocka_unit_test(test_ad),
	cmocka_unit_test(test_ad_without_names),
	cmocka_unit_test(test_state),
	{ 0 },
};

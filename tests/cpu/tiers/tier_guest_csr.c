/* SPDX-License-Identifier: MIT */
/*
 * Units that configure modes and interrupts, and units for extensions that need preparation (see
 * tier_guest.h).
 */
#include "tests/cpu/tiers/tier_guest.h"

#include "cpu/csr/csr.h"
#include "cpu/debug/triggers/trigger.h"

enum { STOPEI = 0x15c, SISELECT = 0x150, STIMECMP = 0x14d, VSISELECT = 0x250, VSTOPEI = 0x25c,
       VSTIMECMP = 0x24d, MEDELEG = 0x302, MISELECT = 0x350, MTOPEI = 0x35c, HVIP = 0x645,
       HVICTL = 0x609, TIME = 0xc01 };

#define ANY UINT64_MAX

/* A CSR that gets random data: which bits are random, and which are always set. */
struct setting {
	u16 csr;
	u64 mask, ones;
};

/*
 * Bits that handlers need are always set: access to stimecmp and time for HS-mode, and M-mode's
 * timer in mie. A fetch where nothing is never traps to the guest itself, because its handler may
 * be there.
 */
static const struct setting settings[] = {
	{ 0x602, ~BIT(CAUSE_FETCH_ACCESS), 0 }, /* hedeleg */
	{ 0x602, ~BIT(CAUSE_FETCH_ACCESS), 0xb100 },
	{ 0x603, ANY, 0 }, /* hideleg */
	{ 0x603, ANY, 0x444 },
	{ 0x604, ANY, 0 }, /* hie */
	{ 0x605, 0xff, 0 }, /* htimedelta */
	{ 0x606, ANY, COUNTEREN_TM }, /* hcounteren */
	{ 0x607, ANY, 0 }, /* hgeie */
	{ 0x608, ANY, 0 }, /* hvien */
	{ HVICTL, 0x3f03ff, 0 },
	{ HVICTL, 0x403f03ff, 0 },
	{ 0x60a, ANY, MENVCFG_STCE | MENVCFG_CBCFE | MENVCFG_CBZE }, /* henvcfg */
	{ 0x60a, ANY, MENVCFG_STCE | MENVCFG_ADUE | MENVCFG_DTE },
	{ 0x60c, ANY, STATEEN_SE }, /* hstateen0 */
	{ 0x60c, ANY, ANY },
	{ 0x643, ANY, 0 }, /* htval */
	{ 0x646, ANY, 0 }, /* hviprio1 */
	{ 0x647, ANY, 0 }, /* hviprio2 */
	{ 0x64a, ANY, 0 }, /* htinst */
	{ 0x204, ANY, 0x222 }, /* vsie */
	{ 0x242, ANY, 0 }, /* vscause */
	{ 0x243, ANY, 0 }, /* vstval */
	{ 0x106, ANY, COUNTEREN_TM }, /* scounteren */
	{ 0x10a, ANY, MENVCFG_CBCFE | MENVCFG_CBZE }, /* senvcfg */
	{ 0x10c, ANY, 0 }, /* sstateen0 */
	{ 0x104, ANY, 0x222 }, /* sie */
	{ 0x303, ANY, 0 }, /* mideleg */
	{ 0x304, ANY, 0x88 }, /* mie */
	{ 0x306, ANY, COUNTEREN_TM }, /* mcounteren */
	{ 0x308, ANY, 0 }, /* mvien */
	{ 0x309, ANY, 0 }, /* mvip */
	{ 0x30a, ANY, MENVCFG_STCE | MENVCFG_CBCFE | MENVCFG_CBZE }, /* menvcfg */
	{ 0x30a, ANY, MENVCFG_STCE | MENVCFG_ADUE | MENVCFG_DTE },
	{ 0x30c, ANY, STATEEN_SE }, /* mstateen0 */
	{ 0x30c, ANY, ANY },
	{ 0x344, ANY, 0 }, /* mip */
	{ 0x747, MSECCFG_PMM | MSECCFG_MLPE | MSECCFG_USEED | MSECCFG_SSEED, 0 },
};

static void tier_guest_csr_set(struct program *program, struct setting setting)
{
	struct emit *e = &program->emit;
	const u32 *match = program->isa->match;
	unsigned data = program_register(program);

	emit_constant(e, 25, setting.mask);
	emit_r(e, match[OP_and], 25, 25, data);
	emit_constant(e, 26, setting.ones);
	emit_r(e, match[OP_or], 25, 25, 26);
	emit_csr(e, match[OP_csrrw], program_register(program), 25, setting.csr);
}

/* Sets what is delegated to HS-mode (see struct program). */
static void set_medeleg(struct program *program)
{
	u64 refused = BIT(CAUSE_ILLEGAL) | BIT(CAUSE_VIRTUAL_INSTRUCTION);

	tier_guest_csr_set(program,
			   (struct setting){ MEDELEG, program->reserves ? ~refused : ANY, 0 });
}

void unit_configure(struct program *program)
{
	for (unsigned n = 1 + (unsigned)below(program->seed, 3); n; n--) {
		u64 kind = below(program->seed, ARRAY_SIZE(settings) + 2);

		if (kind >= ARRAY_SIZE(settings))
			set_medeleg(program);
		else
			tier_guest_csr_set(program, settings[kind]);
	}
}

/* Writes random bits of status registers; bits that forbid something are mostly clear. */
void unit_status(struct program *program)
{
	static const u64 own[] = { MSTATUS_SUM, MSTATUS_MXR, MSTATUS_SIE, MSTATUS_SUM | MSTATUS_FS,
				   MSTATUS_SDT };
	static const u64 hosts[] = { HSTATUS_VTVM, HSTATUS_VTW, HSTATUS_VTSR, HSTATUS_HU,
				     HSTATUS_SPVP, 1ull << 12, 2ull << 12, 2ull << 48, 1ull << 48 };
	u64 *seed = program->seed;
	u64 machines = program->reserves ? MSTATUS_TVM | MSTATUS_TSR : MSTATUS_TW;
	u64 which = below(seed, ARRAY_SIZE(own)), of_guest = below(seed, ARRAY_SIZE(hosts));
	bool double_trap = own[which] == MSTATUS_SDT, on = chance(seed, double_trap ? 40 : 75);

	switch (below(seed, 6)) {
	case 0:
	case 1:
	case 2:
		program_change(program, on, chance(seed, 60) ? CSR_SSTATUS : CSR_VSSTATUS,
			       own[which]);
		if (double_trap)
			emit(&program->emit, program->isa->match[OP_ebreak]);
		break;
	case 3:
		if (chance(seed, 50))
			machines = MSTATUS_TW;
		program_change(program, chance(seed, 25), CSR_MSTATUS, machines);
		break;
	default:
		program_change(program, chance(seed, of_guest < 3 ? 25 : 60), CSR_HSTATUS,
			       hosts[of_guest]);
	}
}

/* Sets a timer comparator to a little after the time that the mode sees. */
static void soon(struct program *program, unsigned csr)
{
	const u32 *match = program->isa->match;

	emit_csr(&program->emit, match[OP_csrrs], 25, 0, TIME);
	emit_addi(&program->emit, 25, 25, 1 + (s64)below(program->seed, 200));
	emit_csr(&program->emit, match[OP_csrrw], 0, 25, csr);
}

/* Makes interrupts pending and enabled: those of a guest from outside, those of the mode itself. */
void unit_interrupts(struct program *program)
{
	u64 *seed = program->seed, local = random_u64(seed) << IRQ_LCOFI;

	switch (below(seed, 5)) {
	case 0:
		program_change(program, chance(seed, 70), HVIP, 0x444 | local);
		program_change(program, true, CSR_VSIE, 0x222);
		program_change(program, true, CSR_VSSTATUS, MSTATUS_SIE);
		break;
	case 1:
		soon(program, VSTIMECMP);
		program_change(program, true, CSR_VSIE, 0x222);
		program_change(program, true, CSR_VSSTATUS, MSTATUS_SIE);
		break;
	case 2:
		soon(program, STIMECMP);
		program_change(program, true, CSR_SIE, 0x222);
		program_change(program, true, CSR_SSTATUS, MSTATUS_SIE);
		break;
	case 3:
		program_change(program, true, CSR_SIE, 0x222 | random_u64(seed) << IRQ_LCOFI);
		program_change(program, chance(seed, 70), CSR_SIP, 2 | local);
		program_change(program, true, CSR_SSTATUS, MSTATUS_SIE);
		break;
	default:
		program_change(program, true, CSR_MIE, 0xaaa | BIT(13 + below(seed, 51)));
		program_change(program, true, CSR_MSTATUS, MSTATUS_MIE);
	}
}

/* Accesses registers through *iselect and *ireg, with data of the program, and *topi and *topei. */
void unit_indirect(struct program *program)
{
	static const u16 selects[] = { SISELECT, SISELECT, VSISELECT, MISELECT };
	static const u16 registers[] = { 0x30, 0x32, 0x34, 0x36, 0x3e, 0x31, 0x40, 0x42, 0x43, 0x44,
					 0x70, 0x71, 0x72, 0x80, 0x82, 0xc0, 0xc2, 0xc0, 0x72 };
	static const u16 tops[] = { 0xdb0, 0xdb0, 0xeb0, 0xfb0, STOPEI, VSTOPEI, MTOPEI };
	struct emit *e = &program->emit;
	const u32 *match = program->isa->match;
	u64 *seed = program->seed;
	unsigned select = selects[below(seed, ARRAY_SIZE(selects))];
	unsigned alias = chance(seed, 80) ? 1 : 2;
	unsigned top = tops[below(seed, ARRAY_SIZE(tops))];
	unsigned rd = program_register(program), rs1 = program_register(program);

	emit_addi(e, 25, 0, registers[below(seed, ARRAY_SIZE(registers))]);
	emit_csr(e, match[OP_csrrw], 0, 25, select);
	emit_csr(e, match[chance(seed, 50) ? OP_csrrw : OP_csrrs], rd, rs1, select + alias);
	emit_csr(e, match[OP_csrrs], program_register(program), 0, top);
	if (chance(seed, 50)) /* claims it, unless the register is read-only */
		emit_csr(e, match[OP_csrrw], program_register(program), 0, top);
}

/* Sets a register of an interrupt file, or several in a row, to a number. */
static void set_file(struct program *program, unsigned select, unsigned reg, s64 value)
{
	struct emit *e = &program->emit;
	const u32 *match = program->isa->match;

	emit_addi(e, 25, 0, reg);
	emit_csr(e, match[OP_csrrw], 0, 25, select);
	emit_addi(e, 25, 0, value);
	emit_csr(e, match[OP_csrrw], 0, 25, select + 1);
}

/* Sets up an interrupt file that delivers all messages, and the mode that takes its interrupts. */
void unit_files(struct program *program)
{
	static const u16 selects[] = { SISELECT, VSISELECT, MISELECT };
	unsigned select = selects[below(program->seed, ARRAY_SIZE(selects))];

	set_file(program, select, 0x70, 1); /* eidelivery */
	set_file(program, select, 0x72, 0); /* eithreshold */
	set_file(program, select, 0xc0, -1); /* eie0 */
	if (select == MISELECT) {
		emit_constant(&program->emit, 25, IMSIC_M_BASE + program->hart * PAGE_SIZE);
		emit_addi(&program->emit, 26, 0, 1 + (s64)below(program->seed, 63));
		emit_store(&program->emit, program->isa->match[OP_sw], 25, 26, 0);
		program_change(program, true, CSR_MIE, BIT(IRQ_MEI));
		program_change(program, true, CSR_MSTATUS, MSTATUS_MIE);
		return;
	}
	program_change(program, true, 0x607, 0xe); /* hgeie */
	program_change(program, true, CSR_HIE, 0x1444);
	program_change(program, true, CSR_SIE, 0x222);
}

/* Sends a message to one of the interrupt files that the mode can reach. */
void unit_message(struct program *program)
{
	struct emit *e = &program->emit;
	u64 *seed = program->seed;

	if (chance(seed, 40)) { /* M-mode's own file, and where M-mode finds the others */
		u64 file = below(seed, IMSIC_GUESTS + 2);
		u64 page = program->hart * (IMSIC_GUESTS + 1) + file - 1;

		emit_constant(e, 25,
			      file ? IMSIC_S_BASE + page * PAGE_SIZE :
				     IMSIC_M_BASE + program->hart * PAGE_SIZE);
	} else {
		emit_lui(e, 25, DEVICE_FILES + below(seed, FILES));
		emit_r(e, program->isa->match[OP_add], 25, 25, 28);
	}
	emit_addi(e, 26, 0, 1 + (s64)below(seed, 70));
	emit_store(e, program->isa->match[OP_sw], 25, 26, 0);
}

/*
 * Sets a trigger (Sdtrig) on units' code or on private data in any mode, or one that counts in
 * modes below HS. No trigger fires in a handler that would not survive it.
 */
void unit_trigger(struct program *program)
{
	struct emit *e = &program->emit;
	const u32 *match = program->isa->match;
	u64 *seed = program->seed;
	u64 code = PAGE_AT(CODE + program->hart * CODE_EACH) + below(seed, 16 * PAGE_SIZE);
	u64 control = (u64)TRIGGER_MCONTROL6 << 60 | (random_u64(seed) & 0x1800058), at = code;

	if (chance(seed, 50)) {
		at = program_private(program->hart) + below(seed, PRIVATE_EACH * PAGE_SIZE);
		control |= 1 + below(seed, 3); /* load, store */
		control |= (chance(seed, 70) ? MATCH_EQUAL : (u64)MATCH_NAPOT) << 7;
	} else if (chance(seed, 50)) {
		control |= MCONTROL_EXECUTE;
	} else {
		control = (u64)TRIGGER_ICOUNT << 60 | (random_u64(seed) & 0x6000040);
		control |= (1 + below(seed, 200)) << 10;
	}
	if (chance(seed, 30))
		control = (u64)TRIGGER_DISABLED << 60;
	emit_addi(e, 25, 0, (s64)below(seed, TRIGGERS));
	emit_csr(e, match[OP_csrrw], program_register(program), 25, 0x7a0);
	emit_constant(e, 25, at);
	emit_csr(e, match[OP_csrrw], 0, 25, 0x7a2);
	emit_constant(e, 25, control);
	emit_csr(e, match[OP_csrrw], program_register(program), 25, 0x7a1);
	program_change(program, chance(seed, 70), 0x7a5, TCONTROL_MTE | TCONTROL_MPTE);
}

/*
 * Uses shadow stacks. The page is a shadow stack page for HS-mode and VS-mode, if they have these.
 */
void unit_shadow(struct program *program)
{
	struct emit *e = &program->emit;
	const u32 *match = program->isa->match;
	u64 *seed = program->seed;
	unsigned rd = program_register(program);
	unsigned rs2 = chance(seed, 70) ? 1 : program_register(program);
	bool double_word = chance(seed, 50);

	if (chance(seed, 30)) {
		program_change(program, true, chance(seed, 50) ? 0x30a : 0x60a, MENVCFG_SSE);
		program_change(program, true, 0x10a, MENVCFG_SSE);
	}
	if (chance(seed, 30)) {
		s64 page = (s64)(SHADOWS - PRIVATE) - (s64)program->hart * (PRIVATE_EACH - 1);

		emit_constant(e, 25, (u64)page * PAGE_SIZE + 0x800);
		emit_r(e, match[OP_add], 25, 25, 24);
		emit_csr(e, match[OP_csrrw], 0, 25, CSR_SSP);
	}
	emit_r(e, match[OP_sspush], 0, 0, 0);
	emit_csr(e, match[OP_csrrs], 25, 0, CSR_SSP);
	emit_r(e, match[OP_ssrdp], program_register(program), 0, 0);
	emit_r(e, match[double_word ? OP_ssamoswap_d : OP_ssamoswap_w], rd, 25, rs2);
	emit_r(e, match[OP_sspopchk], 0, 0, 0);
	if (chance(seed, 30))
		program_store(program, 25);
}

/* Jumps to a landing pad, or to an instruction that is none. */
void unit_landing(struct program *program)
{
	struct emit *e = &program->emit;
	const u32 *match = program->isa->match;
	u64 *seed = program->seed;

	if (chance(seed, 30)) {
		static const u16 envcfgs[] = { 0x10a, 0x30a, 0x60a };
		unsigned envcfg = envcfgs[below(seed, ARRAY_SIZE(envcfgs))];

		program_change(program, chance(seed, 60), envcfg, MENVCFG_LPE);
	}
	if (e->pc % 4)
		emit(e, 0x0001);
	emit(e, match[OP_auipc] | 25u << 7);
	emit_addi(e, 25, 25, 16);
	emit(e, match[OP_jalr] | 25u << 15 | 26u << 7);
	emit(e, match[OP_ebreak]);
	emit(e, match[chance(seed, 80) ? OP_auipc : OP_addi]);
	program_any(program);
}

/* Pushes and pops x1, x8 and x9, which may be data (Zcmp). */
void unit_frame(struct program *program)
{
	struct emit *e = &program->emit;
	const u32 *match = program->isa->match;
	u64 *seed = program->seed;
	u32 registers = 4 + (u32)below(seed, 3), more = (u32)below(seed, 4);
	u32 list = registers << 4 | more << 2;

	emit_addi(e, 2, 22, (s64)below(seed, 256) * 8 - 1024);
	emit(e, match[OP_cm_push] | list);
	program_load(program, 22);
	emit(e, match[OP_cm_pop] | list);
}

/* Jumps through the table, whose entries are the routine for kernels and for users (Zcmt). */
void unit_table(struct program *program)
{
	struct emit *e = &program->emit;
	const u32 *match = program->isa->match;
	u64 *seed = program->seed;
	u32 index = (u32)below(seed, 32);

	emit_constant(e, 25, PAGE_AT(JUMPS) - program_private(program->hart));
	emit_r(e, match[OP_add], 25, 25, 24);
	emit_csr(e, match[OP_csrrw], 0, 25, CSR_JVT);
	if (e->pc % 4)
		emit(e, 0x0001);
	emit(e, match[OP_auipc] | 26u << 7);
	emit_addi(e, 26, 26, 12);
	emit(e, match[OP_cm_jt] | index << 2);
	emit(e, 0x0001);
	program_any(program);
}

/* SPDX-License-Identifier: MIT */
/* Units that change modes and worlds, and page tables of guests from outside (see tier_guest.h). */
#include "tests/cpu/tiers/tier_guest.h"

#include "cpu/csr/csr.h"

enum { SSCRATCH = 0x140, SEPC = 0x141, VSSCRATCH = 0x240, VSATP = 0x280, MEPC = 0x341,
       HGATP = 0x680, HENVCFG = 0x60a, MNEPC = 0x741, MNSTATUS = 0x744 };

/* Emits rd = a fixed address, wherever the code runs. */
static void address(struct program *program, unsigned rd, u64 at)
{
	u64 from = program_private(program->hart);

	emit_constant(&program->emit, rd, at - from);
	emit_r(&program->emit, program->isa->match[OP_add], rd, rd, 24);
}

/* Changes the mode: M-mode's handler, or HS-mode's if it gets ECALL, sets the mode in x26. */
void unit_guest_mode(struct program *program)
{
	static const u8 modes[] = { PRIV_U, PRIV_S, PRIV_S, PRIV_M, PRIV_M, PRIV_M, 4 + PRIV_U,
				    4 + PRIV_U, 4 + PRIV_S, 4 + PRIV_S, 4 + PRIV_S };

	emit_addi(&program->emit, 26, 0, modes[below(program->seed, ARRAY_SIZE(modes))]);
	emit(&program->emit, program->isa->match[OP_ecall]);
}

/* Writes the next unit's address for a privilege into epc. */
static void set_epc(struct program *program, bool user, unsigned epc)
{
	struct emit *e = &program->emit;
	const u32 *match = program->isa->match;

	emit_shift(e, match[OP_slli], 26, 27, 43);
	emit_shift(e, match[OP_srli], 26, 26, 43);
	emit_addi(e, 25, 0, 1);
	emit_shift(e, match[OP_slli], 25, 25, 31);
	if (user)
		emit_shift(e, match[OP_bseti], 25, 25, 22);
	emit_r(e, match[OP_or], 26, 26, 25);
	emit_csr(e, match[OP_csrrw], 0, 26, epc);
}

static void return_by_sret(struct program *program)
{
	u64 *seed = program->seed;
	bool user = chance(seed, 50);

	/*
	 * This is not always done, because it ends the unit in a guest, which may also return to
	 * its user mode.
	 */
	if (chance(seed, 60)) {
		program_change(program, chance(seed, 70), CSR_HSTATUS, HSTATUS_SPV);
		if (chance(seed, 30))
			program_change(program, chance(seed, 50), CSR_HSTATUS,
				       HSTATUS_SPVP | HSTATUS_HU);
	}
	program_change(program, !user, CSR_SSTATUS, MSTATUS_SPP);
	set_epc(program, user, SEPC);
	emit(&program->emit, program->isa->match[OP_sret]);
}

static void return_by_mret(struct program *program)
{
	u64 *seed = program->seed;
	bool user = chance(seed, 50);

	program_change(program, false, CSR_MSTATUS, MSTATUS_MPP | MSTATUS_MPV);
	program_change(program, true, CSR_MSTATUS,
		       (user ? 0 : PRIV_S << 11) | (chance(seed, 70) ? MSTATUS_MPV : 0));
	set_epc(program, user, MEPC);
	emit(&program->emit, program->isa->match[OP_mret]);
}

static void return_by_mnret(struct program *program)
{
	u64 *seed = program->seed;
	bool user = chance(seed, 50);

	program_change(program, false, MNSTATUS, MNSTATUS_MNPP | MNSTATUS_MNPV);
	program_change(program, true, MNSTATUS,
		       field_set(0, MNSTATUS_MNPP, user ? PRIV_U : PRIV_S) |
			       (chance(seed, 70) ? MNSTATUS_MNPV : 0));
	set_epc(program, user, MNEPC);
	emit(&program->emit, program->isa->match[OP_mnret]);
}

/*
 * Executes a return. An interrupt in between may change the CSRs that it uses; if it then faults,
 * the program continues at x27.
 */
void unit_return(struct program *program)
{
	unsigned kind = (unsigned)below(program->seed, 10);

	if (kind < 5)
		return_by_sret(program);
	else if (kind < 7)
		return_by_mret(program);
	else
		return_by_mnret(program);
}

/* Enters a world: writes hgatp and vsatp, and notes where its tables are. */
static void enter_world(struct program *program, u64 choice)
{
	static const u16 csrs[WORLD_WORDS] = { HGATP, VSATP, VSSCRATCH };
	struct emit *e = &program->emit;
	const u32 *match = program->isa->match;

	emit_csr(e, match[OP_csrrs], 25, 0, SSCRATCH);
	for (unsigned n = 0; n < WORLD_WORDS; n++) {
		u64 word = WORLD_SAVED + choice * WORLD_WORDS + n;

		emit_load(e, match[OP_ld], 26, 25, (s64)word * 8);
		emit_csr(e, match[OP_csrrw], 0, 26, csrs[n]);
	}
}

void unit_world(struct program *program)
{
	enter_world(program, below(program->seed, WORLD_CHOICES));
}

/* Executes HLV, HLVX and HSV on private and shared data, as VS- or VU-mode. */
void unit_guest_access(struct program *program)
{
	static const u16 ops[] = { OP_hlv_b, OP_hlv_bu, OP_hlv_h, OP_hlv_hu, OP_hlvx_hu, OP_hlv_w,
				   OP_hlv_wu, OP_hlvx_wu, OP_hlv_d, OP_hsv_b, OP_hsv_h, OP_hsv_w,
				   OP_hsv_d, OP_hlv_d, OP_hsv_d };
	struct emit *e = &program->emit;
	u64 *seed = program->seed;

	if (chance(seed, 30))
		program_change(program, chance(seed, 50), CSR_HSTATUS, HSTATUS_SPVP);
	for (unsigned n = 3 + (unsigned)below(seed, 6); n; n--) {
		unsigned op = ops[below(seed, ARRAY_SIZE(ops))];
		bool store = isa_ops[op].format == FORMAT_HSV;
		s64 offset = (s64)below(seed, 2048) - 1024;
		unsigned base = chance(seed, 80) ? 22 : 23;

		/* HLVX reads code. */
		if (!store && chance(seed, 30))
			emit_addi(e, 26, 27, offset & ~7);
		else
			emit_addi(e, 26, base, chance(seed, 85) ? offset & ~7 : offset);
		emit_r(e, program->isa->match[op], store ? 0 : program_register(program), 26,
		       store ? program_register(program) : 0);
	}
}

/* Repairs the entry in x26: gives it these rights, and clears the bits above the address. */
static void mend_entry(struct program *program, u64 rights)
{
	struct emit *e = &program->emit;

	emit_shift(e, program->isa->match[OP_slli], 26, 26, 10);
	emit_shift(e, program->isa->match[OP_srli], 26, 26, 10);
	emit_load(e, program->isa->match[OP_ori], 26, 26, (s64)rights);
}

/*
 * Changes the entry in x26, which is that of a private page, a twin or a table: a flag, to which of
 * the private pages or twins it leads, or a bit above the address. If everything is fenced, the bit
 * N is not changed: the neighbouring entries would have to be the same (Svnapot), because hardware
 * may use any of them for the others' pages.
 */
static void break_entry(struct program *program, unsigned page)
{
	static const u8 of_tables[] = { 0, 1, 2, 2, 2, 4, 6, 7, 7 };
	u64 *seed = program->seed;
	unsigned bit = page >= TABLES ? of_tables[below(seed, ARRAY_SIZE(of_tables))] :
					(unsigned)below(seed, 8);

	if (page >= PRIVATE && page < SHARED && chance(seed, 15))
		bit = 10 + (unsigned)below(seed, 4);
	else if (page >= TWINS && page < SHADOWS && chance(seed, 60))
		bit = 10;
	else if (chance(seed, 20))
		bit = 54 + (unsigned)below(seed, program_fences(program) ? 9 : 10);
	else if (bit == 5 && page % 2) /* odd pages are never global */
		bit = 3;
	emit_shift(&program->emit, program->isa->match[OP_binvi], 26, 26, bit);
}

/*
 * Changes the entry in x26, which is that of the superpage of all RAM, also to a misaligned one,
 * which is never valid.
 */
static void change_superpage(struct program *program, bool good)
{
	u64 *seed = program->seed;

	if (good)
		emit_constant(&program->emit, 26, RAM_BASE >> 2 | LEAF_ANY);
	else
		emit_shift(&program->emit, program->isa->match[OP_binvi], 26, 26,
			   (unsigned)(chance(seed, 30) ? 10 + below(seed, 9) : below(seed, 8)));
}

/*
 * Accesses a page of the guest before its entry is changed, so that its translation may be
 * remembered.
 */
static void tier_guest_units_look(struct program *program, u64 at)
{
	address(program, 26, at);
	emit_r(&program->emit, program->isa->match[chance(program->seed, 80) ? OP_hlv_d : OP_hsv_b],
	       0, 26, 0);
}

/* Returns a private page or a twin of this hart. */
static unsigned some_page(struct program *program)
{
	if (chance(program->seed, 15))
		return TWINS + 2 * program->hart + (unsigned)below(program->seed, 2);
	return PRIVATE + program->hart * PRIVATE_EACH +
	       (unsigned)below(program->seed, PRIVATE_EACH);
}

static void fence_first_stage(struct program *program, unsigned page)
{
	struct emit *e = &program->emit;
	const u32 *match = program->isa->match;
	bool inval = chance(program->seed, 40);
	u32 fence = match[inval ? OP_hinval_vvma : OP_hfence_vvma];

	if (!program_fences(program))
		return;
	if (inval)
		emit(e, match[OP_sfence_w_inval]);
	if (chance(program->seed, 25)) {
		emit_r(e, fence, 0, 0, 0);
	} else {
		address(program, 26, PAGE_AT(page) + below(program->seed, PAGE_SIZE));
		if (page % 2 == 0 || chance(program->seed, 25)) {
			emit_r(e, fence, 0, 26, 0);
		} else {
			for (unsigned asid = 0; asid < ASIDS; asid++) {
				emit_addi(e, 25, 0, asid);
				emit_r(e, fence, 0, 26, 25);
			}
		}
	}
	if (inval)
		emit(e, match[OP_sfence_inval_ir]);
}

/*
 * Changes a first-stage entry of the guest of the current world, and accesses the page as the guest
 * would.
 */
void unit_first_stage(struct program *program)
{
	struct emit *e = &program->emit;
	const u32 *match = program->isa->match;
	unsigned page = some_page(program);
	bool good = chance(program->seed, 45);

	if (!good)
		tier_guest_units_look(program, PAGE_AT(page));
	emit_csr(e, match[OP_csrrs], 25, 0, VSSCRATCH);
	emit_constant(e, 26, FIRST_LAST * PAGE_SIZE + page * 8);
	emit_r(e, match[OP_add], 25, 25, 26);
	emit_load(e, match[OP_ld], 26, 25, 0);
	if (good)
		mend_entry(program, page < SHARED ? LEAF_ANY : LEAF_S);
	else
		break_entry(program, page);
	emit_store(e, match[OP_sd], 25, 26, 0);
	fence_first_stage(program, page);
	address(program, 26, PAGE_AT(page));
	emit_r(e, match[chance(program->seed, 50) ? OP_hlv_d : OP_hsv_d], 0, 26, 0);
}

static void fence_g_stage(struct program *program, unsigned guest, u64 gpa)
{
	struct emit *e = &program->emit;
	const u32 *match = program->isa->match;
	u64 *seed = program->seed;
	bool inval = chance(seed, 40), all = chance(seed, 25), any = chance(seed, 50);
	u32 fence = match[inval ? OP_hinval_gvma : OP_hfence_gvma];

	if (!program_fences(program))
		return;
	if (inval)
		emit(e, match[OP_sfence_w_inval]);
	if (!all) {
		address(program, 26, gpa);
		emit_shift(e, match[OP_srli], 26, 26, 2);
	}
	if (!any)
		emit_addi(e, 25, 0, 1 + guest);
	emit_r(e, fence, 0, all ? 0 : 26, any ? 0 : 25);
	if (inval)
		emit(e, match[OP_sfence_inval_ir]);
}

/* The entry that unit_g_stage changes, and the guest physical address that it maps. */
struct g_entry {
	unsigned page; /* a private page, or one of the guest's first-stage tables */
	unsigned table, index;
	u64 gpa;
};

static struct g_entry some_g_entry(struct program *program, unsigned guest)
{
	u64 *seed = program->seed;
	struct g_entry entry = { .page = some_page(program), .table = G_LAST };

	if (chance(seed, 15))
		entry.page = guest_first_stage(program->hart, guest) +
			     (unsigned)below(seed, FIRST_LAST + 1);
	entry.index = entry.page;
	entry.gpa = WINDOW_A + entry.page * PAGE_SIZE;
	if (entry.page < SHARED && chance(seed, 40)) { /* the other order: 0x1ff ^ page */
		entry.table = G_LAST_B;
		entry.index = 511 ^ entry.page;
		entry.gpa = WINDOW_B + entry.index * PAGE_SIZE;
	} else if (entry.page < SHARED && chance(seed, 15)) { /* the superpage of all RAM */
		entry.table = G_MIDDLE;
		entry.index = 1;
		entry.gpa = WINDOW_SUPER + entry.page * PAGE_SIZE;
	}
	return entry;
}

static void change_g_entry(struct program *program, const struct g_entry *entry, bool good)
{
	if (entry->table == G_MIDDLE)
		change_superpage(program, good);
	else if (good)
		mend_entry(program, LEAF_ANY);
	else
		break_entry(program, entry->page);
}

/* Changes an entry of the G stage of any guest, which need not be the current one. */
void unit_g_stage(struct program *program)
{
	struct emit *e = &program->emit;
	const u32 *match = program->isa->match;
	unsigned guest = (unsigned)below(program->seed, GUESTS);
	struct g_entry entry = some_g_entry(program, guest);
	bool tables = entry.page >= TABLES, good = chance(program->seed, tables ? 60 : 45);
	u64 at = entry.table == G_MIDDLE ? entry.gpa : PAGE_AT(entry.page);

	/* HFENCE.VVMA fences the guest whose VMID is in hgatp. */
	if (tables && program_fences(program))
		enter_world(program, guest * GUEST_CHOICES + below(program->seed, GUEST_CHOICES));
	if (!good && !tables)
		tier_guest_units_look(program, at);
	address(program, 25,
		PAGE_AT(guest_page(program->hart, guest, entry.table)) + entry.index * 8);
	emit_load(e, match[OP_ld], 26, 25, 0);
	change_g_entry(program, &entry, good);
	emit_store(e, match[OP_sd], 25, 26, 0);
	fence_g_stage(program, guest, entry.gpa);
	/*
	 * HFENCE.GVMA does not remove translations that came from first-stage tables which are
	 * elsewhere now.
	 */
	if (tables && program_fences(program))
		emit_r(e, match[OP_hfence_vvma], 0, 0, 0);
	address(program, 26, at);
	emit_r(e, match[tables || chance(program->seed, 50) ? OP_hlv_d : OP_hsv_d], 0, 26, 0);
}

/* Calls both twins, wherever they are now. */
void unit_call_twins(struct program *program)
{
	for (unsigned n = 2; n-- > 0;) {
		address(program, 25, PAGE_AT(TWINS + 2 * program->hart + n));
		emit(&program->emit, program->isa->match[OP_jalr] | 25u << 15 | 26u << 7);
	}
}

/*
 * The A bit of the guest's entry for a page is clear, and the page that contains the entry is not
 * writable: if hardware sets A, the walk's own store faults.
 */
void unit_implicit_store(struct program *program)
{
	struct emit *e = &program->emit;
	const u32 *match = program->isa->match;
	unsigned page = PRIVATE + program->hart * PRIVATE_EACH +
			(unsigned)below(program->seed, PRIVATE_EACH);
	unsigned guest = (unsigned)below(program->seed, GUESTS);
	unsigned table = guest_first_stage(program->hart, guest) + FIRST_LAST;

	program_change(program, true, HENVCFG, MENVCFG_ADUE);
	emit_csr(e, match[OP_csrrs], 25, 0, VSSCRATCH);
	emit_constant(e, 26, FIRST_LAST * PAGE_SIZE + page * 8);
	emit_r(e, match[OP_add], 25, 25, 26);
	emit_addi(e, 26, 0, LEAF_ANY - BIT(6));
	emit_store(e, match[OP_sb], 25, 26, 0);
	if (program_fences(program))
		emit_r(e, match[OP_hfence_vvma], 0, 0, 0);
	address(program, 25, PAGE_AT(guest_page(program->hart, guest, G_LAST)) + table * 8);
	emit_addi(e, 26, 0, LEAF_ANY - BIT(chance(program->seed, 50) ? 2 : 7));
	emit_store(e, match[OP_sb], 25, 26, 0);
	if (program_fences(program))
		emit_r(e, match[OP_hfence_gvma], 0, 0, 0);
	address(program, 26, PAGE_AT(page));
	emit_r(e, match[OP_hlv_d], program_register(program), 26, 0);
	address(program, 25, PAGE_AT(guest_page(program->hart, guest, G_LAST)) + table * 8);
	emit_addi(e, 26, 0, LEAF_ANY);
	emit_store(e, match[OP_sb], 25, 26, 0);
	if (program_fences(program))
		emit_r(e, match[OP_hfence_gvma], 0, 0, 0);
}

/* Executes fences that nothing depends on. */
void unit_fences(struct program *program)
{
	static const u16 ops[] = { OP_hfence_vvma, OP_hfence_gvma, OP_hinval_vvma, OP_hinval_gvma,
				   OP_sfence_vma, OP_sinval_vma };
	u64 *seed = program->seed;

	emit_addi(&program->emit, 25, 0, (s64)below(seed, 4));
	emit_shift(&program->emit, program->isa->match[OP_srli], 26, 22, 2);
	for (unsigned n = 1 + (unsigned)below(seed, 3); n; n--) {
		const unsigned va[] = { 0, 22, 23, 26, program_register(program) };
		const unsigned id[] = { 0, 25, 25, program_register(program) };
		unsigned op = ops[below(seed, ARRAY_SIZE(ops))];
		unsigned rs1 = va[below(seed, ARRAY_SIZE(va))];

		emit_r(&program->emit, program->isa->match[op], 0, rs1,
		       id[below(seed, ARRAY_SIZE(id))]);
	}
}

/* Makes loads and stores of M-mode as another mode, which may be a guest's (MPRV). */
void unit_mprv(struct program *program)
{
	u64 *seed = program->seed;
	u64 mode = chance(seed, 60) ? PRIV_S << 11 : 0;

	program_change(program, false, CSR_MSTATUS, MSTATUS_MPP | MSTATUS_MPV);
	program_change(program, true, CSR_MSTATUS,
		       MSTATUS_MPRV | mode | (chance(seed, 70) ? MSTATUS_MPV : 0));
	for (unsigned n = 1 + (unsigned)below(seed, 4); n; n--) {
		program_load(program, 22);
		program_store(program, chance(seed, 80) ? 22 : 23);
	}
	program_change(program, false, CSR_MSTATUS, MSTATUS_MPRV);
}

/* Loads, stores, or jumps to an address that no stage maps. */
void unit_stray(struct program *program)
{
	struct emit *e = &program->emit;
	const u32 *match = program->isa->match;
	u64 *seed = program->seed;
	unsigned bit = 36 + (unsigned)below(seed, 28);

	if (chance(seed, 30)) {
		emit_shift(e, match[OP_bseti], 25, 24, bit);
		emit(e, match[OP_jalr] | 25u << 15 | 26u << 7);
		return;
	}
	emit_shift(e, match[OP_bseti], 25, 22, bit);
	if (chance(seed, 50))
		program_load(program, 25);
	else
		program_store(program, 25);
}

/* Uses pointers with tags in their upper bits, which pointer masking may ignore. */
void unit_tagged(struct program *program)
{
	struct emit *e = &program->emit;
	const u32 *match = program->isa->match;
	u64 *seed = program->seed;
	unsigned tag = chance(seed, 50) ? 7 : 16;

	emit_shift(e, match[OP_slli], 25, program_register(program), 64 - tag);
	emit_r(e, match[OP_or], 26, 22, 25);
	for (unsigned n = 1 + (unsigned)below(seed, 4); n; n--) {
		unsigned kind = (unsigned)below(seed, 4), rd = program_register(program);

		if (kind == 0)
			program_store(program, 26);
		else if (kind == 1)
			emit_r(e, match[OP_amoadd_d], rd, 26, program_register(program));
		else if (kind == 2 && chance(seed, 30))
			emit_r(e, match[OP_hlv_d], rd, 26, 0);
		else
			program_load(program, 26);
	}
}

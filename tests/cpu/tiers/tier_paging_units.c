/* SPDX-License-Identifier: MIT */
/*
 * Units that change page tables. Each fences its changes, unless the program omits fences (see
 * tier_units.h).
 */
#include "tests/cpu/tiers/tier_units.h"

bool program_fences(const struct program *program)
{
	return !program->unfenced || chance(program->seed, 15);
}

/*
 * Fences a private page in one of three ways: everything, the page in all address spaces, or the
 * page in each of the two. The last way is for pages with odd numbers, whose entries are never
 * global.
 */
static void emit_fences(struct program *program, unsigned page, u32 fence)
{
	const u32 *match = program->isa->match;

	if (chance(program->seed, 30)) {
		emit_r(&program->emit, fence, 0, 0, 0);
		return;
	}
	emit_lui(&program->emit, 26, page);
	emit_r(&program->emit, match[OP_add], 26, 26, 24);
	if (page % 2 == 0 || chance(program->seed, 25)) {
		emit_r(&program->emit, fence, 0, 26, 0);
		return;
	}
	for (unsigned asid = 0; asid < ASIDS; asid++) {
		emit_addi(&program->emit, 25, 0, asid);
		emit_r(&program->emit, fence, 0, 26, 25);
	}
}

/*
 * Fences a private page with SFENCE.VMA, or with the three instructions of Svinval that are
 * equivalent.
 */
static void emit_fence_for(struct program *program, unsigned page)
{
	const u32 *match = program->isa->match;
	bool inval = chance(program->seed, 20);

	if (!program_fences(program))
		return;
	if (inval)
		emit(&program->emit, match[OP_sfence_w_inval]);
	emit_fences(program, page, match[inval ? OP_sinval_vma : OP_sfence_vma]);
	if (inval)
		emit(&program->emit, match[OP_sfence_inval_ir]);
}

/*
 * Returns a flag of an entry of a private page: V, R, W, X, U, A or D, and G if its number is even.
 */
static unsigned random_flag(struct program *program, unsigned page)
{
	unsigned flag = (unsigned)below(program->seed, 8);

	return flag == 5 && page % 2 ? 6 : flag;
}

/*
 * Changes the entry of a private page, or exchanges those of two pages with even numbers, and
 * fences at once.
 */
void unit_page(struct program *program)
{
	struct emit *e = &program->emit;
	const u32 *match = program->isa->match;
	u64 *seed = program->seed;
	unsigned page = (unsigned)below(seed, PRIVATE_EACH), other = (page + 2) % PRIVATE_EACH;

	emit_load(e, match[OP_ld], 25, 29, page * 8);
	if (chance(seed, 25)) { /* M-mode's handlers run bare, S-mode's use neither page */
		emit_load(e, match[OP_ld], 26, 29, other * 8);
		emit_store(e, match[OP_sd], 29, 25, other * 8);
		emit_store(e, match[OP_sd], 29, 26, page * 8);
		if (program_fences(program))
			emit_r(e, match[OP_sfence_vma], 0, 0, 0);
	} else if (chance(seed, 50)) {
		emit_lui(e, 26, page);
		emit_r(e, match[OP_add], 26, 26, 24);
		program_load(program, 26);
		emit_shift(e, match[OP_binvi], 25, 25, random_flag(program, page));
		emit_store(e, match[OP_sd], 29, 25, page * 8);
		emit_fence_for(program, page);
	} else { /* usable again */
		emit(e, match[OP_ori] | 0xd7u << 20 | 25u << 15 | 25u << 7);
		emit_store(e, match[OP_sd], 29, 25, page * 8);
		emit_fence_for(program, page);
	}
	emit_lui(e, 25, page);
	emit_r(e, match[OP_add], 25, 25, 24);
	program_load(program, 25);
	program_store(program, 25);
}

/*
 * Switches to another paging mode or ASID of the same tables: the values are in S-mode's save area.
 */
void unit_space(struct program *program)
{
	const u32 *match = program->isa->match;

	emit_csr(&program->emit, match[OP_csrrs], 25, 0, 0x140);
	emit_load(&program->emit, match[OP_ld], 25, 25,
		  8 * (s64)(SAVED + below(program->seed, SPACES)));
	emit_csr(&program->emit, match[OP_csrrw], 0, 25, 0x180);
}

/* Exchanges two pages of code, fences exactly their addresses, and calls the first. */
void unit_twins(struct program *program)
{
	struct emit *e = &program->emit;
	const u32 *match = program->isa->match;
	unsigned page = TWINS + 2 * program->hart - PRIVATE - PRIVATE_EACH * program->hart;

	emit_load(e, match[OP_ld], 25, 29, page * 8);
	emit_load(e, match[OP_ld], 26, 29, page * 8 + 8);
	emit_store(e, match[OP_sd], 29, 26, page * 8);
	emit_store(e, match[OP_sd], 29, 25, page * 8 + 8);
	for (unsigned n = 2; n-- > 0;) {
		emit_lui(e, 26, page + n);
		emit_r(e, match[OP_add], 26, 26, 24);
		if (program_fences(program))
			emit_r(e, match[OP_sfence_vma], 0, 26, 0);
	}
	emit_addi(e, 25, 26, 0);
	emit(e, match[OP_jalr] | 25u << 15 | 26u << 7);
}

/* Changes the rights of a superpage of data, fences one address in it, and uses another. */
void unit_superpage(struct program *program)
{
	static const u8 flags[] = { 0, 1, 2, 4, 7 }; /* V, R, W, U, D */
	struct emit *e = &program->emit;
	const u32 *match = program->isa->match;
	u64 *seed = program->seed;
	s64 entry = 8 - 8 * (s64)(PRIVATE + PRIVATE_EACH * program->hart);

	emit_shift(e, match[OP_bseti], 26, 24, 21);
	program_load(program, 26);
	emit_lui(e, 25, 1);
	emit_r(e, match[OP_add], 25, 25, 29);
	emit_load(e, match[OP_ld], 26, 25, entry);
	if (chance(seed, 40))
		emit_shift(e, match[OP_binvi], 26, 26, flags[below(seed, ARRAY_SIZE(flags))]);
	else
		emit_load(e, match[OP_ori], 26, 26, 0xd7);
	emit_store(e, match[OP_sd], 25, 26, entry);
	emit_addi(e, 26, 0, 0x401);
	emit_shift(e, match[OP_slli], 26, 26, 21);
	emit_lui(e, 25, below(seed, 512));
	emit_r(e, match[OP_add], 26, 26, 25);
	if (program_fences(program))
		emit_r(e, match[OP_sfence_vma], 0, 26, 0);
	emit_shift(e, match[OP_bseti], 26, 24, 21);
	program_store(program, 26);
	program_load(program, 26);
}

/*
 * Changes the pointer above the last table to the other last table, or back, and uses a page before
 * and after. In the other table a private page is mapped to where its neighbour is in this one.
 */
void unit_pointer(struct program *program)
{
	struct emit *e = &program->emit;
	const u32 *match = program->isa->match;
	s64 entry = -8 * (s64)(PRIVATE + PRIVATE_EACH * program->hart);
	unsigned page = (unsigned)below(program->seed, PRIVATE_EACH);

	emit_lui(e, 26, page);
	emit_r(e, match[OP_add], 26, 26, 24);
	program_load(program, 26);
	emit_lui(e, 25, 1);
	emit_r(e, match[OP_add], 25, 25, 29);
	emit_load(e, match[OP_ld], 20, 25, entry);
	emit_shift(e, match[OP_binvi], 20, 20, 10);
	emit_store(e, match[OP_sd], 25, 20, entry);
	if (program_fences(program))
		emit_r(e, match[OP_sfence_vma], 0, 0, 0);
	program_load(program, 26);
	program_store(program, 26);
}

/*
 * Clears A in the entry of the page in which the unit runs, and reads the entry: the fetch after
 * the store has set A again, if hardware does that. This is done only then, because otherwise the
 * program's faults would never end.
 */
void unit_own_page(struct program *program)
{
	struct emit *e = &program->emit;
	const u32 *match = program->isa->match;
	s64 first = PRIVATE + PRIVATE_EACH * program->hart;
	s64 page = (s64)((e->pc - RAM_BASE) / PAGE_SIZE) - first;

	if (!program_adue(program->hart))
		return;
	emit_load(e, match[OP_ld], 25, 29, page * 8);
	emit_shift(e, match[OP_bclri], 25, 25, 6);
	emit_store(e, match[OP_sd], 29, 25, page * 8);
	emit_load(e, match[OP_ld], program_register(program), 29, page * 8);
	emit_load(e, match[OP_ld], program_register(program), 29, page * 8 + 8);
}

/* SPDX-License-Identifier: MIT */
/* Writes the code before searches, which advances the registers (search.h). */
#include "cpu/jit/loop/search_vectors.h"

#include "cpu/jit/emitter.h"
#include "cpu/jit/probe.h"

#include <stdlib.h>

/*
 * These tell whether a search pays. If its loop ends after as many iterations as the last time, the
 * host would probably have predicted that. The score is the share of such runs among about the last
 * AVERAGE ones (an exponential average), as a part of SCORE_WHOLE. Beyond SCORE_MOST the search is
 * left out until the scores are cleared (gen_review_loops). If all elements that are compared at
 * once belong to complete iterations, the search pays, and the score becomes 0. A copy or a fill of
 * so many elements counts as a run like any other, because the strip of its loop does it.
 */
enum { AVERAGE = 64, SCORE_WHOLE = 4096, SCORE_MOST = SCORE_WHOLE / 4 * 3 };

static void to_own(struct search_writer *w, ZydisMnemonic mnemonic)
{
	assert(w->outs < ARRAY_SIZE(w->out));
	w->out[w->outs++] = x86_jump(&w->gen->x, mnemonic);
}

static struct x86_arg record(const struct search_writer *w, size_t field)
{
	const size_t at = w->number * sizeof(struct native_search) + field;

	return x86_at(4, ENV, ENV_OF(native.search) + (s64)at);
}

static struct x86_arg score(const struct search_writer *w)
{
	return record(w, offsetof(struct native_search, score));
}

/* Writes the checks that the search pays, and that the slice has room for its iterations. */
static void write_begin(struct search_writer *w)
{
	struct x86 *x = &w->gen->x;

	X86(x, CMP, score(w), x86_imm(SCORE_MOST));
	to_own(w, ZYDIS_MNEMONIC_JNLE);
	X86(x, CMP, x86_reg(8, BUDGET), x86_imm(w->lanes * w->search.insns));
	to_own(w, ZYDIS_MNEMONIC_JL);
}

/* Writes the check that a value with which elements are compared may be an extended element. */
static void write_fit(struct search_writer *w, const struct search_value *value,
		      const struct search_access *load)
{
	const struct form *form = &value->sum.form;
	struct x86 *x = &w->gen->x;

	if (value->loaded || load->size == 8 || (!form->base && !form->index && !value->sum.more))
		return;
	search_write_sum(w, &value->sum, RAX, RDX);
	emitter_write_load(x, load->emitter, RDX, x86_reg(load->size, RAX));
	X86(x, CMP, x86_reg(8, RDX), x86_reg(8, RAX));
	to_own(w, ZYDIS_MNEMONIC_JNZ);
}

/* Writes code that makes the site remember the page in RAX and the addend in RCX. */
static void write_enter_site(struct x86 *x, unsigned site)
{
	X86(x, MOV, x86_at(8, VIEW, VIEW_OF(site_page) + 8 * (s64)site), x86_reg(8, RAX));
	X86(x, MOV, x86_at(8, VIEW, VIEW_OF(site_addend) + 8 * (s64)site), x86_reg(8, RCX));
	gen_note_sited(x, RAX);
}

/*
 * Writes what is done if the view has no entry for loads, or stores, for the page of the address in
 * RDX: one is entered, whose index is left in RCX, and the page in RAX.
 */
static void write_refill(struct search_writer *w, bool write)
{
	const struct jit *jit = w->gen->jit;
	struct x86 *x = &w->gen->x;

	X86(x, MOV, x86_reg(8, RAX), x86_reg(8, RDX));
	X86(x, AND, x86_reg(8, RDX), x86_imm((s64)PAGE_MASK));
	x86_patch(x86_jump(x, ZYDIS_MNEMONIC_CALL), jit->stubs.refill[write][0]);
	to_own(w, ZYDIS_MNEMONIC_JZ);
	X86(x, MOV, x86_reg(8, RDX), x86_reg(8, RAX));
	gen_write_page_check(x, jit, RDX, write, 1);
	to_own(w, ZYDIS_MNEMONIC_JNZ);
}

/* Leaves in RCX the addend for the page of the address in RDX. Kernels have no sites (block.h). */
static void write_addend(struct search_writer *w, bool write)
{
	struct x86 *x = &w->gen->x, hot;

	gen_write_page_check(x, w->gen->jit, RDX, write, 1);
	hot = gen_begin_cold(w->gen, x86_jump(x, ZYDIS_MNEMONIC_JNZ));
	write_refill(w, write);
	gen_end_cold(w->gen, hot);
	gen_write_addend(x);
}

/* Does the same by the site of a load or store at an offset in its page, for the page in RAX. */
static void write_sited_addend(struct search_writer *w, u16 offset, bool write)
{
	const unsigned site = gen_site((w->gen->block->pa & PAGE_MASK) | offset, write);
	struct x86 *x = &w->gen->x, hot;
	u8 *missed;

	X86(x, CMP, x86_reg(8, RAX), x86_at(8, VIEW, VIEW_OF(site_page) + 8 * (s64)site));
	missed = x86_jump(x, ZYDIS_MNEMONIC_JNZ);
	X86(x, MOV, x86_reg(8, RCX), x86_at(8, VIEW, VIEW_OF(site_addend) + 8 * (s64)site));
	hot = gen_begin_cold(w->gen, missed);
	gen_write_page_check(x, w->gen->jit, RDX, write, 1);
	missed = x86_jump(x, ZYDIS_MNEMONIC_JZ);
	write_refill(w, write);
	x86_patch(missed, x->at);
	gen_write_addend(x);
	write_enter_site(x, site);
	gen_end_cold(w->gen, hot);
}

/*
 * Writes the check that what is loaded or stored is in one page, and leaves the address of the
 * host's memory in RCX.
 */
static void write_page(struct search_writer *w, const struct search_access *access, bool write)
{
	const s32 bytes = access->step ? (s32)w->bytes : access->size;
	struct search_sum first = access->at;
	struct x86 *x = &w->gen->x;

	if (access->step < 0)
		first.form.low -= bytes - access->size;
	search_write_sum(w, &first, RDX, RCX);
	X86(x, MOV, x86_reg(8, RCX), x86_reg(8, RDX));
	X86(x, AND, x86_reg(8, RCX), x86_imm((s64)PAGE_MASK));
	X86(x, LEA, x86_reg(8, RAX), x86_at(8, RDX, bytes - 1));
	X86(x, AND, x86_reg(8, RAX), x86_imm((s64)PAGE_MASK));
	X86(x, CMP, x86_reg(8, RCX), x86_reg(8, RAX));
	to_own(w, ZYDIS_MNEMONIC_JNZ);
	if (w->gen->block->unsited == UINT64_MAX)
		write_addend(w, write);
	else
		write_sited_addend(w, access->offset, write);
	X86(x, ADD, x86_reg(8, RCX), x86_reg(8, RDX));
}

/*
 * Writes the check that no iteration loads what an earlier one has stored. RCX has the host's
 * address of the first byte that is stored.
 */
static void write_apart(struct search_writer *w)
{
	const s32 size = w->search.size, bytes = (s32)w->bytes;
	struct x86 *x = &w->gen->x;

	for (unsigned n = 0; n < w->search.loads; n++) {
		const struct x86_arg load = x86_at(8, ENV, gen_stream_slot(n));

		/* Later iterations load from higher addresses; going down, from lower ones. */
		X86(x, MOV, x86_reg(8, RAX), w->search.down ? load : x86_reg(8, RCX));
		X86(x, SUB, x86_reg(8, RAX), w->search.down ? x86_reg(8, RCX) : load);
		X86(x, ADD, x86_reg(8, RAX), x86_imm(size - 1));
		X86(x, CMP, x86_reg(8, RAX), x86_imm(bytes + size - 1));
		to_own(w, ZYDIS_MNEMONIC_JB);
	}
}

/* Writes the checks of all accesses. The host's addresses are left in slots of the hart. */
static void write_pages(struct search_writer *w)
{
	struct x86 *x = &w->gen->x;

	for (unsigned n = 0; n < w->search.loads; n++) {
		write_page(w, &w->search.load[n], false);
		X86(x, MOV, x86_at(8, ENV, gen_stream_slot(n)), x86_reg(8, RCX));
		search_write_load(w, n);
	}
	if (!w->search.stores)
		return;
	write_page(w, &w->search.store, true);
	X86(x, MOV, x86_at(8, ENV, gen_stream_slot(SEARCH_LOADS)), x86_reg(8, RCX));
	write_apart(w);
}

/* Leaves in RAX the difference of two sums, `to` less `from`. */
static void write_difference(struct search_writer *w, struct search_sum to,
			     const struct search_sum *from)
{
	const struct form *form = &from->form;
	struct x86 *x = &w->gen->x;

	to.form.low -= form->low;
	search_write_sum(w, &to, RAX, RCX);
	if (form->base)
		X86(x, SUB, x86_reg(8, RAX), gen_x(w->gen, 8, form->base));
	if (from->more)
		X86(x, SUB, x86_reg(8, RAX), gen_x(w->gen, 8, from->more));
	if (!form->index)
		return;
	gen_read_x(w->gen, RCX, form->index);
	X86(x, SHL, x86_reg(8, RCX), x86_imm(form->shift));
	X86(x, SUB, x86_reg(8, RAX), x86_reg(8, RCX));
}

/* Leaves in RAX by how much the first sum of a test is less than the second; 0 if it is not. */
static void write_distance(struct search_writer *w, const struct search_test *test)
{
	const bool is_signed = test->op == OP_blt || test->op == OP_bge;
	struct x86 *x = &w->gen->x;

	search_write_sum(w, &test->b.sum, RAX, RCX);
	search_write_sum(w, &test->a.sum, RCX, RCX);
	X86(x, SUB, x86_reg(8, RAX), x86_reg(8, RCX));
	X86(x, MOV, x86_reg(4, RCX), x86_imm(0));
	if (is_signed)
		X86(x, CMOVL, x86_reg(8, RAX), x86_reg(8, RCX));
	else
		X86(x, CMOVB, x86_reg(8, RAX), x86_reg(8, RCX));
}

/* Leaves in RAX after how many iterations a test of two sums may end the loop. */
static void write_limit(struct search_writer *w, const struct search_test *test)
{
	const s32 step =
		search_step(&w->search, &test->a.sum) - search_step(&w->search, &test->b.sum);
	struct x86 *x = &w->gen->x;

	if (search_continues_if_less(test)) {
		write_distance(w, test);
		if (step > 1)
			X86(x, ADD, x86_reg(8, RAX), x86_imm(step - 1));
	} else if (step > 0) {
		write_difference(w, test->b.sum, &test->a.sum);
	} else {
		write_difference(w, test->a.sum, &test->b.sum);
	}
	if (abs(step) > 1)
		X86(x, SHR, x86_reg(8, RAX), x86_imm(__builtin_ctz((unsigned)abs(step))));
}

/* Writes RAX to a register that each iteration writes, unless RDX says that there was none. */
static void write_result(struct search_writer *w, unsigned reg)
{
	struct x86 *x = &w->gen->x;

	X86(x, TEST, x86_reg(4, RDX), x86_reg(4, RDX));
	X86(x, CMOVZ, x86_reg(8, RAX), gen_x(w->gen, 8, reg));
	gen_write_x(w->gen, reg, RAX);
}

/*
 * Writes the register that has an element, or what was computed from it. RCX has the number of the
 * last iteration, negative if the search goes down.
 */
static void write_loaded(struct search_writer *w, unsigned reg)
{
	const struct search_value *value = &w->search.value[reg];
	const struct search_access *load = &w->search.load[value->load];
	const unsigned size = load->size;
	struct x86 *x = &w->gen->x;
	struct x86_arg from = x86_at(size, RAX, 0);

	if (load->step)
		from = x86_indexed(size, RAX, RCX, size,
				   load->step < 0 ? (s32)(w->bytes - size) : 0);
	X86(x, MOV, x86_reg(8, RAX), x86_at(8, ENV, gen_stream_slot(value->load)));
	emitter_write_load(x, load->emitter, RAX, from);
	if (value->add)
		X86(x, ADD, x86_reg(8, RAX), x86_imm(value->add));
	if (value->mask)
		X86(x, AND, x86_reg(4, RAX), x86_imm(value->mask));
	write_result(w, reg);
}

/* Writes the addition of RDX times `step` to a register. */
static void write_step(struct search_writer *w, unsigned reg, s32 step)
{
	const unsigned size = (unsigned)abs(step);
	struct x86 *x = &w->gen->x;

	X86(x, MOV, x86_reg(4, RAX), x86_reg(4, RDX));
	if (size & (size - 1))
		X86(x, IMUL, x86_reg(4, RAX), x86_reg(4, RAX), x86_imm(size));
	else if (size > 1)
		X86(x, SHL, x86_reg(4, RAX), x86_imm(__builtin_ctz(size)));
	if (step > 0)
		X86(x, ADD, gen_x(w->gen, 8, reg), x86_reg(8, RAX));
	else
		X86(x, SUB, gen_x(w->gen, 8, reg), x86_reg(8, RAX));
}

/* Writes the steps of the registers and of the budget. */
static void write_steps(struct search_writer *w)
{
	const struct search *search = &w->search;
	struct x86 *x = &w->gen->x;

	for (unsigned reg = 1; reg < 32; reg++) {
		const s32 step = search->value[reg].sum.form.low;

		if (search_is_stepped(search, reg) && step)
			write_step(w, reg, step);
	}
	X86(x, IMUL, x86_reg(4, RAX), x86_reg(4, RDX), x86_imm(search->insns));
	X86(x, SUB, x86_reg(8, BUDGET), x86_reg(8, RAX));
}

/* Writes what RDX iterations leave in the registers of a mask and in those that have steps. */
static void write_registers(struct search_writer *w, u32 regs)
{
	const struct search *search = &w->search;
	struct x86 *x = &w->gen->x;

	if (regs) {
		/* An element is loaded even without an iteration, so RCX must not be negative. */
		X86(x, MOV, x86_reg(4, RCX), x86_reg(4, RDX));
		X86(x, SUB, x86_reg(4, RCX), x86_imm(1));
		X86(x, ADC, x86_reg(4, RCX), x86_imm(0));
		if (search->down)
			X86(x, NEG, x86_reg(8, RCX));
	}
	for (unsigned reg = 1; reg < 32; reg++)
		if ((regs >> reg & 1) && search->value[reg].loaded)
			write_loaded(w, reg);
	write_steps(w);
	for (unsigned reg = 1; reg < 32; reg++) {
		struct search_sum sum = search->value[reg].sum;

		if (!(regs >> reg & 1) || search->value[reg].loaded)
			continue;
		/* The registers have their values after the last iteration. */
		sum.form.low -= search_step(search, &sum);
		search_write_sum(w, &sum, RAX, RCX);
		write_result(w, reg);
	}
}

/* Writes the update of the score for RDX iterations. */
static void write_score(struct search_writer *w)
{
	const struct x86_arg last = record(w, offsetof(struct native_search, last));
	struct x86 *x = &w->gen->x;

	X86(x, XOR, x86_reg(4, RCX), x86_reg(4, RCX));
	X86(x, CMP, x86_reg(4, RDX), last);
	X86(x, SETZ, x86_reg(1, RCX));
	X86(x, MOV, last, x86_reg(4, RDX));
	X86(x, SHL, x86_reg(4, RCX), x86_imm(__builtin_ctz(SCORE_WHOLE)));
	X86(x, SUB, x86_reg(4, RCX), score(w));
	X86(x, SAR, x86_reg(4, RCX), x86_imm(__builtin_ctz(AVERAGE)));
	X86(x, ADD, score(w), x86_reg(4, RCX));
}

/*
 * Writes what is done if the iterations of all elements are complete. The next one may fault, so
 * all registers are written.
 */
static void write_whole(struct search_writer *w, const u8 *begin)
{
	struct x86 *x = &w->gen->x;

	/* Long copies and fills are left to strips. */
	if (!w->search.of_data) {
		write_score(w);
		to_own(w, ZYDIS_MNEMONIC_JMP);
		return;
	}
	/* The host predicts the jump to this, so what follows does not wait for the elements. */
	X86(x, MOV, x86_reg(4, RDX), x86_imm(w->lanes));
	search_write_store(w);
	write_registers(w, search_temporaries(&w->search));
	X86(x, MOV, score(w), x86_imm(0));
	x86_patch(x86_jump(x, ZYDIS_MNEMONIC_JMP), begin);
}

/*
 * Writes the end. RDX has the number of complete iterations, but a test of two sums may end the
 * loop earlier. The iteration that ends the loop cannot fault, because it loads what has been
 * checked. So a register that it writes early, before its first jump, is not written here: nobody
 * can see what the iteration before has left there.
 */
static void write_end(struct search_writer *w, const u8 *begin)
{
	const struct search *search = &w->search;
	struct x86 *x = &w->gen->x, hot;
	u8 *whole;

	for (unsigned n = 0; n < search->tests; n++) {
		if (search_is_of_data(&search->test[n]))
			continue;
		write_limit(w, &search->test[n]);
		X86(x, CMP, x86_reg(8, RDX), x86_reg(8, RAX));
		X86(x, CMOVNBE, x86_reg(8, RDX), x86_reg(8, RAX));
	}
	X86(x, CMP, x86_reg(4, RDX), x86_imm(w->lanes));
	whole = x86_jump(x, ZYDIS_MNEMONIC_JZ);
	hot = gen_begin_cold(w->gen, whole);
	write_whole(w, begin);
	gen_end_cold(w->gen, hot);
	search_write_store(w);
	write_registers(w, search_temporaries(search) & search->late & ~search->early);
	write_score(w);
}

static void write_all(struct search_writer *w)
{
	const struct search *search = &w->search;
	const u8 *begin = w->gen->x.at;

	write_begin(w);
	for (unsigned n = 0; n < search->tests; n++) {
		const struct search_test *test = &search->test[n];
		const struct search_access *load = &search->load[search_element(test)->load];

		if (!search_is_of_data(test))
			continue;
		write_fit(w, &test->a, load);
		write_fit(w, &test->b, load);
	}
	write_pages(w);
	search_write_tests(w);
	write_end(w, begin);
	for (unsigned n = 0; n < w->outs; n++)
		x86_patch(w->out[n], w->gen->x.at);
}

/* Returns whether the code before an instruction may skip iterations. */
static bool may_search(const struct gen *gen, unsigned index)
{
	return gen->searches < search_most(gen->block->count) &&
	       (index == 0 || gen->place[index].joined) && gen->jit->host.has_avx2 &&
	       gen->jit->host.has_counts && gen_is_misaligned_fast(gen) &&
	       !(gen->block->key & BLOCK_KEY_TIMED) && !(gen->block->key_mask & BLOCK_KEY_V_TYPE);
}

/*
 * Returns whether only loads, stores and arithmetic are between here and the next branch, JAL or
 * end of the block. Most code that is no search fails this check, which takes little time.
 */
static bool may_begin(const struct gen *gen, unsigned index)
{
	const struct insn *insn = gen_insn(gen, index);

	while (insn->op < OP_COUNT &&
	       (isa_ops[insn->op].class == CLASS_ALU || isa_ops[insn->op].class == CLASS_LOAD ||
		isa_ops[insn->op].class == CLASS_STORE))
		insn = block_next(insn);
	return insn->op == OP_jal || insn->op == OP_end_next ||
	       (insn->op < OP_COUNT && isa_ops[insn->op].class == CLASS_BRANCH);
}

static void write_search(struct gen *gen, unsigned index)
{
	const u8 *hot = gen->x.at, *cold = gen->cold.at;
	struct search_writer w;

	if (!search_find(gen, index, &w.search))
		return;
	w.gen = gen;
	w.outs = 0;
	w.avx512 = gen->jit->host.has_avx512;
	/* AVX2 has no masked stores of bytes, which most copies move. */
	if (w.search.stores && !w.avx512)
		return;
	/*
	 * Copies, and comparisons of bytes and halfwords, seldom need more than 32 bytes, and
	 * vectors of 64 are mostly in two lines of the host's cache. But 32 bytes would be few
	 * larger elements to compare.
	 */
	w.bytes = w.search.of_data && w.search.size >= 4 ? 64 : 32;
	w.vector = w.avx512 ? w.bytes : 32;
	w.lanes = w.bytes / w.search.size;
	w.number = gen->jit->searches++ % NATIVE_SEARCHES;
	gen->block->pieces |= w.search.pieces;
	gen->searches++;
	write_all(&w);
	assert(gen->x.at - hot <= SEARCH_ROOM && gen->cold.at - cold <= SEARCH_ROOM);
}

void gen_write_search(struct gen *gen, unsigned index)
{
	if (may_search(gen, index) && may_begin(gen, index))
		write_search(gen, index);
}

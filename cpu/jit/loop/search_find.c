/* SPDX-License-Identifier: MIT */
/* Finds searches: follows the guest's code from an instruction until it comes back (search.h). */
#include "cpu/jit/loop/search.h"

#include "bus/ram.h"
#include "cpu/engine/block_cache.h"
#include "cpu/jit/emitter.h"
#include "cpu/jit/gen.h"

#include <stdlib.h>

/* A path through the code, and what is known at its end. */
struct path {
	struct search search;
	s64 start; /* the offset in the page of its first instruction */
	const struct block *block;
	const struct insn *insn; /* the next instruction */
	unsigned length; /* how many instructions and ends of blocks it has */
	u32 read; /* a mask of the x registers that it reads before it writes them */
	bool exposed; /* it has a test, a jump or an end of a block */
	bool left; /* it leaves the block that is translated */
};

static s64 offset_of(const struct path *path)
{
	return (s64)(path->block->pa & ~PAGE_MASK) + path->insn->at * 2;
}

/*
 * Continues at an offset in the page. Returns false if neither an instruction of this block nor
 * another decoded block begins there.
 */
static bool follow(struct gen *gen, struct path *path, s64 offset)
{
	const struct insn_place *place = gen_place_of(gen, offset);

	path->exposed = true;
	if (place) {
		path->block = gen->block;
		path->insn = gen_insn(gen, (unsigned)(place - gen->place));
		return true;
	}
	if (offset < 0 || offset >= (s64)PAGE_SIZE)
		return false;
	path->left = true;
	path->block = block_cache_known(gen->hart, (gen->hart->pc & PAGE_MASK) + (u64)offset);
	if (!path->block || (path->block->pa ^ gen->block->pa) & PAGE_MASK)
		return false;
	path->insn = path->block->insn;
	return true;
}

/* Returns the value that an instruction reads from a register. */
static const struct search_value *read_value(struct path *path, unsigned reg)
{
	const u32 bit = 1u << reg % 32;

	if (!((path->search.early | path->search.late) & bit))
		path->read |= bit;
	return &path->search.value[reg % 32];
}

static void assign(struct path *path, unsigned rd, const struct search_value *value)
{
	if (rd == 0 || rd == X_SINK)
		return;
	path->search.value[rd] = *value;
	if (path->exposed)
		path->search.late |= 1u << rd;
	else
		path->search.early |= 1u << rd;
}

static bool is_exact(const struct form *form)
{
	return form->known && form->low == form->high;
}

/* Returns the load or store of an instruction, whose base register has a value. */
static struct search_access access_at(const struct path *path, const struct insn *insn,
				      const struct search_value *base)
{
	const struct emitter *emitter = &emitters[insn->op];

	return (struct search_access){
		.at = { form_moved(base->sum.form, insn->imm), base->sum.more },
		.offset = (u16)((path->block->pa & ~PAGE_MASK) + insn->at * 2u),
		.emitter = emitter,
		.size = emitter->size,
		.sign = emitter_extends_sign(emitter),
	};
}

/* Adds a load. Returns false if no search may have it. */
static bool add_load(struct path *path, const struct insn *insn)
{
	struct search *search = &path->search;
	const struct search_value *base = read_value(path, insn->rs1);
	struct search_access *load = &search->load[search->loads];

	if (search->loads == SEARCH_LOADS || base->loaded)
		return false;
	*load = access_at(path, insn, base);
	assign(path, insn->rd, &(struct search_value){ .loaded = true, .load = search->loads++ });
	return is_exact(&load->at.form);
}

/* Adds a store. Returns false if no search may have it. */
static bool add_store(struct path *path, const struct insn *insn)
{
	struct search *search = &path->search;
	const struct search_value *base = read_value(path, insn->rs1);

	if (search->stores || base->loaded)
		return false;
	search->stores = true;
	search->store = access_at(path, insn, base);
	search->stored = *read_value(path, insn->rs2);
	return is_exact(&search->store.at.form);
}

/* Adds two sums. Returns false if that has too many terms. */
static bool add_terms(const struct search_sum *a, const struct search_sum *b,
		      struct search_sum *sum)
{
	if (b->form.index) {
		const struct search_sum *other = a;

		a = b;
		b = other;
	}
	sum->form = form_moved(a->form, b->form.low);
	sum->more = b->form.base;
	return a->form.known && is_exact(&b->form) && !a->more && !b->more && !b->form.index &&
	       is_exact(&sum->form);
}

/* Computes a sum from sums. Returns false if the instruction does something else. */
static bool add_sums(struct path *path, const struct insn *insn, struct search_sum *sum)
{
	const bool two = isa_format(insn->op)->rs2.kind == OPERAND_X;
	const struct search_sum none = { 0 }, *a = &read_value(path, insn->rs1)->sum,
				*b = two ? &read_value(path, insn->rs2)->sum : &none;
	struct form forms[32];

	forms[insn->rs2 % 32] = b->form;
	forms[insn->rs1 % 32] = a->form;
	sum->form = form_of(forms, insn);
	sum->more = a->more | b->more;
	if (!is_exact(&sum->form))
		return insn->op == OP_add && add_terms(a, b, sum);
	return !sum->more || insn->op == OP_addi || (insn->op == OP_add && !(a->more && b->more));
}

/*
 * Adds a constant or a mask to a byte that was loaded. Returns false if the instruction does
 * something else, or if struct search_value cannot express the result.
 */
static bool add_byte(const struct path *path, const struct insn *insn, struct search_value *value)
{
	const struct search_value from = *value;
	const struct search_access *load = &path->search.load[value->load];

	if (load->size != 1 || load->sign || from.mask)
		return false;
	switch (insn->op) {
	case OP_andi:
		value->mask = from.add || insn->imm != UINT8_MAX ? (u8)insn->imm : 0;
		return insn->imm > 0 && insn->imm <= UINT8_MAX;
	case OP_addi:
	case OP_addiw:
		value->add = (s16)insn->imm;
		return !from.add;
	default:
		return false;
	}
}

/* Adds an instruction that is no load and no jump. Returns false if no search may have it. */
static bool add_insn(struct path *path, const struct insn *insn)
{
	const bool copies = insn->op == OP_add && insn->rs1 == 0;
	struct search_value value = *read_value(path, copies ? insn->rs2 : insn->rs1);
	bool fits = copies;

	if (isa_ops[insn->op].class != CLASS_ALU)
		return false;
	if (!copies)
		fits = value.loaded ? add_byte(path, insn, &value) :
				      add_sums(path, insn, &value.sum);
	assign(path, insn->rd, &value);
	return fits;
}

static bool add_test(struct path *path, const struct insn *insn, bool taken)
{
	struct search *search = &path->search;

	path->exposed = true;
	if (search->tests == SEARCH_TESTS)
		return false;
	search->test[search->tests++] = (struct search_test){
		.op = insn->op,
		.taken = taken,
		.a = *read_value(path, insn->rs1),
		.b = *read_value(path, insn->rs2),
	};
	return true;
}

static bool walk(struct gen *gen, struct path *path);

/* Follows a branch in both directions. */
static bool walk_branch(struct gen *gen, struct path *path)
{
	const struct insn *insn = path->insn;
	const s64 target = offset_of(path) + insn->imm;
	const struct path before = *path;

	if (add_test(path, insn, true) && follow(gen, path, target) && walk(gen, path))
		return true;
	*path = before;
	path->insn = block_next(insn);
	return add_test(path, insn, false) && walk(gen, path);
}

/* Follows an instruction. Returns false if the path cannot be that of a search. */
static bool step(struct gen *gen, struct path *path)
{
	const struct insn *insn = path->insn;
	const struct emitter *emitter = &emitters[insn->op];

	if (insn->op == OP_jal)
		return insn->rd == X_SINK && follow(gen, path, offset_of(path) + insn->imm);
	path->insn = block_next(insn);
	if (emitter_is_load(emitter) && isa_ops[insn->op].class == CLASS_LOAD)
		return add_load(path, insn);
	if (emitter_is_store(emitter) && isa_ops[insn->op].class == CLASS_STORE)
		return add_store(path, insn);
	return add_insn(path, insn);
}

/* Adds the next instruction to the iteration. Returns false if no search may have it. */
static bool add_next(const struct gen *gen, struct path *path)
{
	const struct insn *insn = path->insn;

	if (insn->op >= OP_COUNT || !(gen->jit->only & emitters[insn->op].group))
		return false;
	path->search.insns++;
	path->search.pieces |= ram_pieces((u64)offset_of(path), insn_length(insn->raw));
	return true;
}

/* Follows the code from the path's end on. Returns whether it leads back to the start. */
static bool walk(struct gen *gen, struct path *path)
{
	while (!path->search.insns || offset_of(path) != path->start) {
		if (path->length++ == SEARCH_INSNS)
			return false;
		if (path->insn->op == OP_end_next) {
			if (!follow(gen, path, offset_of(path)))
				return false;
			continue;
		}
		if (!add_next(gen, path))
			return false;
		if (isa_ops[path->insn->op].class == CLASS_BRANCH)
			return walk_branch(gen, path);
		if (!step(gen, path))
			return false;
	}
	return true;
}

bool search_is_stepped(const struct search *search, unsigned reg)
{
	const struct search_value *value = &search->value[reg];

	return !value->loaded && value->sum.form.base == reg && !value->sum.form.index &&
	       !value->sum.more;
}

s32 search_step(const struct search *search, const struct search_sum *sum)
{
	return search->value[sum->form.base].sum.form.low +
	       search->value[sum->form.index].sum.form.low * (1 << sum->form.shift) +
	       search->value[sum->more].sum.form.low;
}

u32 search_temporaries(const struct search *search)
{
	u32 regs = 0;

	for (unsigned reg = 1; reg < 32; reg++)
		if (!search_is_stepped(search, reg))
			regs |= 1u << reg;
	return regs;
}

/* Returns whether the sum's value is known in each iteration. */
static bool is_followed(const struct search *search, const struct search_sum *sum)
{
	return search_is_stepped(search, sum->form.base) &&
	       search_is_stepped(search, sum->form.index) && search_is_stepped(search, sum->more);
}

/*
 * Returns whether the accesses of several iterations can be done at once, or are the same in all.
 */
static bool check_access(struct search *search, struct search_access *access)
{
	if (!is_followed(search, &access->at))
		return false;
	access->step = search_step(search, &access->at);
	if (!access->step)
		return true;
	if (abs(access->step) != access->size ||
	    (search->size && (search->size != access->size || search->down != (access->step < 0))))
		return false;
	search->size = access->size;
	search->down = access->step < 0;
	return true;
}

/* Returns whether the stores of several iterations can be done at once. */
static bool check_store(struct search *search)
{
	const struct search_value *value = &search->stored;

	if (!check_access(search, &search->store) || !search->store.step)
		return false;
	/* A load from an address that stays might load what was stored. */
	for (unsigned n = 0; n < search->loads; n++)
		if (!search->load[n].step)
			return false;
	if (value->loaded)
		return !value->add && !value->mask;
	return is_followed(search, &value->sum) && !search_step(search, &value->sum);
}

/* Returns whether the sum may be equal to an extended element; a constant may be none. */
static bool may_fit(const struct search *search, const struct search_sum *sum, bool sign)
{
	const unsigned unused = 64 - 8 * search->size;
	const u64 value = (u64)(s64)sum->form.low, top = value << unused;

	if (sum->form.base || sum->form.index || sum->more)
		return true;
	return value == (sign ? (u64)((s64)top >> unused) : top >> unused);
}

/* Returns whether a value can be compared with elements that are extended like `with`. */
static bool is_operand(const struct search *search, const struct search_value *value,
		       const struct search_value *with)
{
	const bool sign = search->load[with->load].sign;

	if (!value->loaded)
		return is_followed(search, &value->sum) && !search_step(search, &value->sum) &&
		       may_fit(search, &value->sum, sign);
	return search->load[value->load].step && (!value->add || value->mask) &&
	       (search->size == 8 || search->load[value->load].sign == sign);
}

static bool check_data_test(const struct search *search, const struct search_test *test)
{
	const struct search_value *element = search_element(test);

	/* AVX2 has too few registers for two elements that are changed before they are compared. */
	if (!search->size ||
	    (test->a.loaded && test->b.loaded &&
	     ((test->op != OP_beq && test->op != OP_bne) || test->a.mask || test->b.mask)))
		return false;
	return is_operand(search, &test->a, element) && is_operand(search, &test->b, element);
}

/* Returns whether it can be computed after how many iterations a test of two sums ends the loop. */
static bool check_count_test(const struct search *search, const struct search_test *test)
{
	s32 step, size;

	if (!is_followed(search, &test->a.sum) || !is_followed(search, &test->b.sum))
		return false;
	step = search_step(search, &test->a.sum) - search_step(search, &test->b.sum);
	size = abs(step);
	if (!step || size & (size - 1))
		return false;
	/* If both sums changed, or went down, they could wrap. */
	if (search_continues_if_less(test))
		return step > 0 && !search_step(search, &test->b.sum) && !test->a.sum.form.index;
	return test->op == (test->taken ? OP_bne : OP_beq);
}

/* Returns whether the path's loop is a search. */
static bool check(struct search *search)
{
	for (unsigned n = 0; n < search->loads; n++)
		if (!check_access(search, &search->load[n]))
			return false;
	if (search->stores && !check_store(search))
		return false;
	for (unsigned n = 0; n < search->tests; n++) {
		const struct search_test *test = &search->test[n];

		search->of_data |= search_is_of_data(test);
		if (!(search_is_of_data(test) ? check_data_test : check_count_test)(search, test))
			return false;
	}
	for (unsigned reg = 1; reg < 32; reg++)
		if (!search->value[reg].loaded && !is_followed(search, &search->value[reg].sum))
			return false;
	return search->of_data || (search->stores && search->tests);
}

bool search_find(struct gen *gen, unsigned index, struct search *search)
{
	struct path path = {
		.block = gen->block,
		.insn = gen_insn(gen, index),
	};

	path.start = offset_of(&path);
	for (unsigned reg = 0; reg < 32; reg++)
		path.search.value[reg].sum.form = (struct form){ .known = true, .base = (u8)reg };
	if (!walk(gen, &path))
		return false;
	/*
	 * The facts at a place inside of the block (facts.h) need not be true of values from other
	 * blocks.
	 */
	if (index > 0 && path.left)
		return false;
	*search = path.search;
	search->late |= search->early & path.read;
	search->early &= ~path.read;
	return check(search);
}

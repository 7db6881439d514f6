/* SPDX-License-Identifier: MIT */
/* Finds where vl is known when a block is translated (see vl_known.h). */
#include "cpu/jit/vl_known.h"
#include "cpu/isa/vector.h"
#include "cpu/jit/emitter.h"
#include "cpu/jit/gen.h"

/* Describes what is known of vl before an instruction. */
struct known {
	u64 vl; /* 0: nothing */
	bool sure; /* an instruction of the block sets it; else a check compares it */
	bool passed; /* a vset was passed, so that vl is not that of the block's entry any more */
	unsigned first, last; /* the instructions that rely on the check */
};

u64 gen_vlmax(const struct gen *gen, u64 vtype)
{
	struct vector_state vector = { .vtype = vtype, .vlenb = gen->hart->vector.vlenb };

	return vector_vlmax(&vector);
}

u64 gen_vtype(const struct gen *gen)
{
	return gen->block->key >> BLOCK_KEY_VTYPE & 0xff;
}

unsigned gen_sew(const struct gen *gen)
{
	return vtype_sew(gen_vtype(gen)) - 3;
}

bool gen_are_whole(u64 bytes)
{
	return bytes >= 16 && !(bytes & (bytes - 1));
}

/*
 * Forgets what is known of vl. A check on which only one instruction would rely is removed: that
 * instruction checks vl itself.
 */
static void forget(struct gen *gen, struct known *known)
{
	if (known->vl && !known->sure && known->first == known->last)
		gen->place[known->first].vl = 0;
	known->vl = 0;
}

/*
 * Begins a check, which will compare vl with VLMAX, or with its present value if that many elements
 * fill whole vector registers of the host.
 */
static void begin_check(struct gen *gen, struct known *known, unsigned index)
{
	u64 vl = gen->hart->vector.vl, vlmax = gen_vlmax(gen, gen_vtype(gen));
	bool whole = gen_are_whole(vl << gen_sew(gen));

	known->vl = !known->passed && vl < vlmax && whole ? vl : vlmax;
	known->sure = false;
	known->first = known->last = index;
	gen->place[index].vl = (u16)known->vl;
}

static void transfer_vset(struct gen *gen, struct known *known, const struct insn *insn)
{
	u64 vtype = vtype_legal(gen->hart->isa, (u64)insn->imm);

	forget(gen, known);
	known->passed = true;
	if (insn->op == OP_vsetvl || vtype & VTYPE_VILL || gen->hart->vector.config.half_avl)
		return;
	if (insn->op == OP_vsetivli)
		known->vl = MIN(insn->rs1, gen_vlmax(gen, vtype));
	else if (!insn->rs1 && insn->rd != X_SINK)
		known->vl = gen_vlmax(gen, vtype);
	known->sure = true;
}

static bool is_first_fault(const struct insn *insn)
{
	return insn->op == OP_vle8ff_v || insn->op == OP_vle16ff_v || insn->op == OP_vle32ff_v ||
	       insn->op == OP_vle64ff_v;
}

/*
 * Notes for a vector instruction which vl is known, unless it accesses whole registers. One without
 * an emitter needs no note: its body reads vl.
 */
static void transfer_vector(struct gen *gen, struct known *known, const struct insn *insn)
{
	struct insn_place *place = &gen->place[insn->index];

	if (isa_ops[insn->op].format == FORMAT_VWHOLE)
		return;
	if (emitters[insn->op].emit && !known->vl) {
		begin_check(gen, known, insn->index);
	} else if (emitters[insn->op].emit) {
		place->vl = (u16)known->vl;
		place->sure = known->sure;
		while (!known->sure && known->last < insn->index)
			gen->place[++known->last].sized = true;
	}
	if (is_first_fault(insn))
		forget(gen, known);
}

/*
 * Returns whether there is no second version of the instruction, as is the case for the jump back
 * of a loop.
 */
static bool is_once(struct gen *gen, const struct insn *insn)
{
	enum insn_class class = isa_ops[insn->op].class;
	const struct insn_place *to;

	if (class == CLASS_CSR || class == CLASS_FENCE || class == CLASS_SYSTEM ||
	    class == CLASS_JUMP)
		return true;
	if (class != CLASS_BRANCH)
		return false;
	to = gen_place_to(gen, insn);
	return to && to - gen->place <= insn->index;
}

void gen_find_lengths(struct gen *gen)
{
	const struct insn *insn = gen->block->insn;
	struct known known = { 0 };

	if (!(gen->block->key_mask & BLOCK_KEY_V_TYPE) || gen->block->key & BLOCK_KEY_VILL)
		return;
	for (unsigned n = 0; n < gen->block->count; n++, insn = block_next(insn)) {
		enum insn_class class = isa_ops[insn->op].class;

		if (gen->place[n].joined || (is_once(gen, insn) && !known.sure))
			forget(gen, &known);
		if (class == CLASS_VSET)
			transfer_vset(gen, &known, insn);
		else if (class_is_vector(class))
			transfer_vector(gen, &known, insn);
	}
	forget(gen, &known);
}

void gen_check_length(struct gen *gen, const struct insn *insn)
{
	const struct insn_place *place = &gen->place[insn->index];
	struct slow_path *path = &gen->slow_path[gen->slow_paths];

	if (!place->vl || place->sure || place->sized || gen->ungrouped)
		return;
	*path = (struct slow_path){ .loop = gen->loops.strip,
				    .place = gen->loops.strip ? NULL : place };
	X86(&gen->x, CMP, x86_at(8, ENV, ENV_OF(vector.vl)), x86_imm(place->vl));
	gen_slow_path(gen, ZYDIS_MNEMONIC_JNZ);
	gen->slow_paths++;
}

u64 gen_known_vl(const struct gen *gen)
{
	const struct insn_place *place = &gen->place[gen->insn->index];

	return place->sure || !gen->ungrouped ? place->vl : 0;
}

/* SPDX-License-Identifier: MIT */
/* Translates a block: its entries, its instructions in turn, and then the code that seldom runs. */
#include "cpu/jit/chunks.h"
#include "cpu/jit/emitter.h"
#include "cpu/jit/gen.h"
#include "cpu/jit/vl_known.h"
#include "cpu/jit/listing/listing.h"
#include "cpu/jit/loop/search.h"
#include "cpu/jit/loop/simd.h"
#include "cpu/jit/nan.h"
#include "cpu/jit/near_access.h"
#include "cpu/jit/threaded_warm.h"
#include "cpu/jit/timed/noted.h"
#include "cpu/jit/timed/priced.h"

#include <string.h>

/*
 * Upper bounds, in bytes, of the code of a block. Each instruction can have its code, a slow path
 * and a side exit; the same again in a strip, with the check of a stream; and the same again
 * without groups. A vector instruction also has a version for some of its elements. Without vectors
 * a block may have searches, SIMD iterations, and strips of nested loops (127 bytes, 20 if cold).
 */
#define INSN_ROOM 896
#define VECTOR_ROOM 8192
#define BLOCK_ROOM 512
#define NESTED_ROOM (NESTED_INSNS * 192)

static bool has_vectors(const struct block *block)
{
	return block->key_mask & BLOCK_KEY_V_TYPE;
}

u64 jit_room(unsigned insns, bool vectors)
{
	if (vectors)
		return BLOCK_ROOM + insns * VECTOR_ROOM;
	return BLOCK_ROOM + insns * INSN_ROOM + (insns < NESTED_LEAST ? 0 : NESTED_ROOM) +
	       MIN(insns / SIMD_LEAST, BLOCK_LOOPS) * SIMD_ROOM + search_most(insns) * SEARCH_ROOM;
}

/* Returns whether the code of an instruction depends on the state of the FP unit. */
static bool is_fp(const struct insn *insn)
{
	enum insn_class class = isa_ops[insn->op].class;

	/* These are vector instructions that read or write an f register. */
	if (class_needs_fp(class) && emitters[insn->op].emit &&
	    (isa_format(insn->op)->rs1.kind == OPERAND_F ||
	     isa_format(insn->op)->rd.kind == OPERAND_F))
		return true;
	return insn->op == OP_illegal || block_insn_is_fp(insn);
}

/*
 * Returns whether the block has FP instructions, or instructions that may be illegal because the FP
 * unit is off. The code of such a block depends on block_key.
 */
static bool has_fp(const struct block *block)
{
	const struct insn *insn = block->insn;

	for (unsigned n = 0; n < block->count; n++, insn = block_next(insn))
		if (is_fp(insn))
			return true;
	return false;
}

/* Compares the key for vectors, because jumps to the block do not ensure that it matches. */
static void write_key_check(struct gen *gen)
{
	const struct x86_arg key = x86_at(4, ENV, ENV_OF(block_key));
	const struct block *block = gen->block;
	u32 mask = block->key_mask & BLOCK_KEY_VECTOR;
	struct x86 *x = &gen->x;

	gen->other = NULL;
	if (!mask)
		return;
	if (mask == BLOCK_KEY_VECTOR) {
		X86(x, CMP, key, x86_imm(block->key));
	} else {
		X86(x, MOV, x86_reg(4, RAX), key);
		X86(x, AND, x86_reg(4, RAX), x86_imm(mask));
		X86(x, CMP, x86_reg(4, RAX), x86_imm(block->key & mask));
	}
	gen->other = x86_jump(x, ZYDIS_MNEMONIC_JNZ);
}

/*
 * Writes the check of native.fp: the f registers must be where the block expects them, in host
 * registers if it has floating point, or all in the hart (gen->f_in_hart).
 */
static void write_fp_check(struct gen *gen)
{
	struct x86 *x = &gen->x;

	gen->move_fp = NULL;
	if (!gen->fp && !gen->f_in_hart)
		return;
	X86(x, CMP, x86_at(4, ENV, ENV_OF(native.fp)),
	    x86_imm(gen->f_in_hart ? 0 : gen->block->key & ~BLOCK_KEY_VECTOR));
	gen->move_fp = x86_jump(x, ZYDIS_MNEMONIC_JNZ);
}

/*
 * Writes the two entries of the block: one for jumps from anywhere, with the pc in RAX, which may
 * bring a new virtual page; and one for jumps within the page.
 */
static void write_entries(struct gen *gen)
{
	struct jit_stubs *stubs = &gen->jit->stubs;
	struct x86 *x = &gen->x;

	gen->fp = has_fp(gen->block);
	gen->f_in_hart = has_vectors(gen->block) && jit_has_only_avx2(gen->jit);
	/*
	 * A legacy SSE instruction would wait for the upper half of the register that it writes,
	 * because AVX2 leaves data in the upper halves of all registers. So AVX encodings are used.
	 */
	gen->x.vex = gen->cold.vex = gen->f_in_hart ? X86_VEX : 0;
	gen->call = gen->cold.at;
	X86(&gen->cold, MOV, x86_reg(8, RDX), x86_imm((s64)(uintptr_t)gen->block));
	x86_patch(x86_jump(&gen->cold, ZYDIS_MNEMONIC_JMP),
		  stubs->call[has_vectors(gen->block)][gen->fp && !gen->f_in_hart]);
	X86(x, AND, x86_reg(8, RAX), x86_imm((s64)PAGE_MASK));
	X86(x, MOV, x86_at(8, ENV, ENV_OF(native.page)), x86_reg(8, RAX));
	gen->direct = x->at;
	/* Intel's processors execute SUB and JL as one operation, but not SUB and JS. */
	X86(x, SUB, x86_reg(8, BUDGET), x86_imm(gen->block->count));
	gen->refusal = x86_jump(x, ZYDIS_MNEMONIC_JL);
	write_key_check(gen);
	write_fp_check(gen);
	gen->start = x->at;
	gen_run_begin(gen);
}

/* Writes the exit for a hart with another key, which looks up the block with that key. */
static void write_other(struct gen *gen, u8 *fp_differs)
{
	struct x86 *x = &gen->cold;

	if (gen->other)
		x86_patch(gen->other, x->at);
	if (fp_differs)
		x86_patch(fp_differs, x->at);
	if (!gen->other && !fp_differs)
		return;
	X86(x, ADD, x86_reg(8, BUDGET), x86_imm(gen->block->count));
	X86(x, MOV, x86_reg(8, RAX), x86_imm((s64)gen_offset(gen, 0)));
	X86(x, ADD, x86_reg(8, RAX), x86_at(8, ENV, ENV_OF(native.page)));
	x86_patch(x86_jump(x, ZYDIS_MNEMONIC_JMP), gen->jit->stubs.find_pc);
}

/*
 * Writes, in the cold half, the code for the cases in which the block is not begun: the slice ends
 * in it, there is no room for its run, or the hart has another key. The last case is possible only
 * after a block that depends on less of the key, or one that ends with a write of sstatus.
 */
static void write_refusal(struct gen *gen)
{
	struct x86 *x = &gen->cold;
	u8 *fp_differs = NULL;

	if (gen->f_in_hart) {
		/* The whole key has been compared already. */
		x86_patch(gen->move_fp, x->at);
		x86_patch(x86_jump(x, ZYDIS_MNEMONIC_CALL), gen->jit->stubs.save_fp);
		x86_patch(x86_jump(x, ZYDIS_MNEMONIC_JMP), gen->start);
	} else if (gen->fp) {
		x86_patch(gen->move_fp, x->at);
		X86(x, MOV, x86_reg(4, RAX), x86_at(4, ENV, ENV_OF(block_key)));
		X86(x, AND, x86_reg(4, RAX), x86_imm(~(s64)BLOCK_KEY_VECTOR));
		X86(x, CMP, x86_reg(4, RAX), x86_imm(gen->block->key & ~BLOCK_KEY_VECTOR));
		fp_differs = x86_jump(x, ZYDIS_MNEMONIC_JNZ);
		x86_patch(x86_jump(x, ZYDIS_MNEMONIC_CALL), gen->jit->stubs.load_fp);
		x86_patch(x86_jump(x, ZYDIS_MNEMONIC_JMP), gen->start);
	}
	write_other(gen, fp_differs);
	x86_patch(gen->refusal, x->at);
	if (gen->full)
		x86_patch(gen->full, x->at);
	X86(x, ADD, x86_reg(8, BUDGET), x86_imm(gen->block->count));
	X86(x, MOV, x86_reg(8, RAX), x86_imm((s64)gen_offset(gen, 0)));
	x86_patch(x86_jump(x, ZYDIS_MNEMONIC_JMP), gen->jit->stubs.leave_at);
}

const struct insn *gen_insn(const struct gen *gen, unsigned index)
{
	const struct insn *insn = gen->block->insn;

	while (index--)
		insn = block_next(insn);
	return insn;
}

struct insn_place *gen_place_of(struct gen *gen, s64 offset)
{
	s64 at = (offset - (s64)gen_offset(gen, 0)) / 2;

	if (at < 0 || at >= gen->place[gen->block->count].at || !gen->placed[at])
		return NULL;
	return &gen->place[gen->placed[at] - 1];
}

void gen_loop(struct gen *gen, const struct insn_place *to, unsigned next, u8 *over)
{
	unsigned target = (unsigned)(to - gen->place);
	struct loop *loop = gen_loop_ending(gen, next - 1);
	struct x86 *x = &gen->x, *cold = &gen->cold;
	u8 *back;

	if (gen->loops.strip) {
		gen_strip_end(gen, over);
		return;
	}
	gen_price(gen, x, target, next, over != NULL);
	if (!gen->ungrouped)
		gen_load_held(gen, x, to->wants & (u8)~gen->held.now);
	X86(x, SUB, x86_reg(8, BUDGET), x86_imm(next - target));
	back = x86_jump(x, ZYDIS_MNEMONIC_JNL);
	x86_patch(back, gen->ungrouped ? to->code : to->inner);
	if (loop) {
		loop->back = back;
		loop->out = cold->at;
	}
	x86_patch(x86_jump(x, ZYDIS_MNEMONIC_JMP), cold->at);
	gen_price(gen, cold, 0, target, false);
	X86(cold, ADD, x86_reg(8, BUDGET), x86_imm(gen->block->count - target));
	X86(cold, MOV, x86_reg(8, RAX), x86_imm((s64)gen_offset(gen, to->at)));
	x86_patch(x86_jump(cold, ZYDIS_MNEMONIC_JMP), gen->jit->stubs.leave_at);
	if (over)
		x86_patch(over, x->at);
}

/* Writes a branch to a later instruction, at `code`; what it skips is added to the budget. */
static void write_inner_exit(struct gen *gen, const struct side_exit *exit,
			     const struct insn_place *to, const u8 *code)
{
	unsigned target = (unsigned)(to - gen->place);
	struct x86 *x = &gen->x;

	gen_price(gen, x, target, exit->next, true);
	if (target > exit->next)
		X86(x, ADD, x86_reg(8, BUDGET), x86_imm(target - exit->next));
	x86_patch(x86_jump(x, ZYDIS_MNEMONIC_JMP), code);
}

/* Writes a branch of a strip: to one of its instructions, or where the checked branch leads. */
static void write_strip_exit(struct gen *gen, const struct side_exit *exit,
			     const struct insn_place *to)
{
	if (to && to - gen->place <= exit->loop->last)
		write_inner_exit(gen, exit, to, to->strip);
	else
		gen_leave_strip(&gen->x, exit->loop, gen->place[exit->next - 1].taken,
				exit->repeats);
}

static void write_side_exit(struct gen *gen, const struct side_exit *exit)
{
	const struct insn_place *to = gen_place_of(gen, exit->offset);

	if (exit->ungrouped) {
		x86_patch(exit->jump, gen->place[exit->next - 1].taken);
		return;
	}
	x86_patch(exit->jump, gen->x.at);
	if (exit->loop) {
		write_strip_exit(gen, exit, to);
		return;
	}
	gen->place[exit->next - 1].taken = gen->x.at;
	if (to) {
		write_inner_exit(gen, exit, to, to->code);
		return;
	}
	gen_price(gen, &gen->x, 0, exit->next, true);
	gen_run_left_to(gen, exit->offset, exit->next, true);
	gen_goto(gen, exit->offset, gen->block->count - exit->next);
}

/* Writes the targets of taken branches, and the other versions, whose branches lead there, too. */
static void write_side_exits(struct gen *gen)
{
	unsigned n = 0;

	for (; n < gen->side_exits; n++)
		write_side_exit(gen, &gen->side_exit[n]);
	gen->held.now = 0;
	gen_write_ungrouped(gen);
	gen_write_strips(gen);
	for (; n < gen->side_exits; n++)
		write_side_exit(gen, &gen->side_exit[n]);
}

/* Writes a call of the body, after which held vectors and the groups' addresses are forgotten. */
static void translate_call(struct gen *gen, const struct insn *insn)
{
	/* A strip has no calls. */
	gen->loops.failed = true;
	gen->refused |= noted_is(gen->block) && !noted_calls(insn);
	gen_replace_nans(gen, &gen->x, &gen->place[insn->index]);
	gen_call_at(gen, &gen->x, insn);
	gen->place[insn->index + 1].indexed = false;
	/* The addresses that groups keep may be out of date after the call. */
	if (!gen->ungrouped && gen->place[insn->index + 1].inside) {
		gen->slow_path[gen->slow_paths].place = &gen->place[insn->index + 1];
		gen_slow_path(gen, ZYDIS_MNEMONIC_JMP);
	}
	gen->held.reports_writes = gen->from_0 = false;
	gen_drop_held(gen, insn);
}

/* Code that notes runs ignores `kept`: a call of a body may make its whole block be refused. */
bool gen_is_emitted(const struct gen *gen, const struct insn *insn)
{
	if (!(gen->jit->only & emitters[insn->op].group))
		return false;
	if (noted_is(gen->block))
		return noted_emits(insn);
	return (gen->jit->stats.insns + insn->index) * 0x9e3779b97f4a7c15ull >> 58 < gen->jit->kept;
}

/* Begins a slow path, without clearing its arrays, which would take time for each instruction. */
static void begin_cold(struct gen *gen, unsigned more)
{
	struct slow_path *path = &gen->slow_path[gen->slow_paths];

	path->jumps = 0;
	path->loop = gen->loops.strip;
	path->repeats = (u8)gen->loops.repeats;
	path->ungrouped = gen->ungrouped;
	path->vectors = 0;
	path->more = (u8)more;
	path->place = NULL;
	path->retry.access = NULL;
}

/* Translates an instruction, or a batch of it and `more` further ones. */
static void translate(struct gen *gen, const struct insn *insn, unsigned more)
{
	const struct emitter *emitter = &emitters[insn->op];
	bool wanted = emitter->emit && gen_is_emitted(gen, insn);

	gen->insn = insn;
	gen_check_length(gen, insn);
	begin_cold(gen, more);
	gen->held.reports_writes = false;
	gen_run_operands(gen, insn);
	if (gen->place[insn->index + 1].ahead)
		gen_index_ahead(gen, insn);
	if (more)
		emit_batch(gen, insn);
	else if (wanted && emitter->emit(gen, insn, emitter))
		gen_price_of_elements(gen, insn);
	else
		translate_call(gen, insn);
	gen_transfer_held(gen, insn);
	gen->slow_path[gen->slow_paths].vectors = gen->held.now;
	/* For loads and stores, gen_find_datum itself notes what RCX holds. */
	if (!emitter_is_load(emitter) && !emitter_is_store(emitter) &&
	    !emitter_leaves_rcx(emitter, insn))
		gen->loops.rcx_stream = 0;
	if (!gen->slow_path[gen->slow_paths].jumps)
		return;
	gen->slow_path[gen->slow_paths++].back = gen->x.at;
	/* After the body of a jump to the next instruction, execution continues here. */
	gen->ended = false;
}

/* Finds where instructions are, and to which of them branches of the block lead. */
static void find_places(struct gen *gen)
{
	const struct insn *insn = gen->block->insn;

	memset(gen->place, 0, (gen->block->count + 1u) * sizeof(*gen->place));
	memset(gen->placed, 0, sizeof(gen->placed));
	for (unsigned n = 0; n < gen->block->count; n++, insn = block_next(insn)) {
		gen->place[n].at = insn->at;
		/* A jump ends a run, even one to the same block. */
		if (!noted_is(gen->block))
			gen->placed[insn->at] = (u8)(n + 1);
	}
	gen->place[gen->block->count].at = insn->at;
	insn = gen->block->insn;
	for (unsigned n = 0; n < gen->block->count; n++, insn = block_next(insn)) {
		struct insn_place *to = NULL;

		if (block_insn_is_direct_jump(insn))
			to = gen_place_to(gen, insn);
		if (to)
			to->joined = true;
	}
}

/* Forgets what host registers hold: on another path to this place they may hold something else. */
static void join(struct gen *gen)
{
	const struct loop *strip = gen->loops.strip;

	gen->from_0 = strip && strip->vectors;
	gen->loops.rcx_stream = 0;
}

/* Notes that the code of an instruction begins here. */
static void set_place(struct gen *gen, unsigned index)
{
	struct insn_place *place = &gen->place[index];

	if (gen->loops.strip) {
		gen_place_strip(gen, place);
	} else if (gen->ungrouped) {
		place->ungrouped = gen->x.at;
	} else {
		gen_enter_nested(gen, index);
		gen_write_search(gen, index);
		gen_place_held(gen, place);
	}
	if (place->joined || gen->ungrouped)
		join(gen);
	gen->known = place->known;
	if (!gen->loops.strip)
		return;
	gen->known.boxed |= gen->loops.strip->boxed;
	gen->known.dirty |= gen->loops.strip->dirty;
}

/* Translates an instruction and those that are written with it; returns how many those are. */
static unsigned translate_some(struct gen *gen, const struct insn *insn)
{
	unsigned count, more;

	if (emit_pair(gen, insn)) {
		gen->loops.rcx_stream = 0;
		return 1;
	}
	count = emitter_batch(gen, insn);
	more = count ? count - 1 : 0;
	translate(gen, insn, more);
	return more;
}

void gen_translate(struct gen *gen, unsigned first, unsigned last)
{
	const struct insn *insn = gen_insn(gen, first);

	for (unsigned n = first; n <= last; n++, insn = block_next(insn)) {
		unsigned more;

		set_place(gen, n);
		for (more = translate_some(gen, insn); more > 0; more--) {
			insn = block_next(insn);
			n++;
			gen->place[n].code = gen->place[n - 1].code;
			gen->place[n].vectors = gen->held.now;
			gen->place[n].ungrouped = gen->place[n - 1].ungrouped;
		}
	}
}

static void translate_all(struct gen *gen)
{
	s64 end;

	find_places(gen);
	gen_find_groups(gen);
	gen_find_lengths(gen);
	gen_find_loops(gen);
	gen_find_near(gen);
	gen_find_facts(gen);
	gen_choose_held(gen);
	gen_find_nans(gen);
	gen_translate(gen, 0, gen->block->count - 1u);
	gen->place[gen->block->count].code = gen->x.at;
	if (gen->ended)
		return;
	end = (s64)gen_offset(gen, gen_insn(gen, gen->block->count)->at);
	gen_price(gen, &gen->x, 0, gen->block->count, false);
	gen_run_left_to(gen, end, gen->block->count, false);
	gen_goto(gen, end, 0);
}

/* Notes the code that was made of the block. */
static void add_code(struct gen *gen)
{
	struct jit *jit = gen->jit;
	struct jit_code *code = &jit->codes[jit->code_count];

	*code = (struct jit_code){
		.block = gen->block,
		.code = (u32)(gen->begin - jit->arena.write),
		.cold = (u32)(gen->cold_begin - jit->arena.write),
		.size = (u32)(gen->x.at - gen->begin),
		.cold_size = (u32)(gen->cold.at - gen->cold_begin),
		.exits = code->exits,
		.exit_count = (u16)(jit->exit_count - code->exits),
		.offset = (u16)gen_offset(gen, 0),
	};
	gen->block->entry = jit_arena_run(&jit->arena, gen->begin);
	gen->block->direct = gen->direct;
	/* A signal handler sees it only when it is complete (guest_pc.c). */
	gen->block->code = jit->code_count++;
}

void gen_begin(struct gen *gen)
{
	gen->ended = gen->from_0 = gen->ungrouped = gen->refused = false;
	gen->pin = pin_x;
	gen->slow_paths = gen->side_exits = gen->searches = gen->held.now = 0;
}

/* Forgets what was written, and leaves the block to threaded code. */
static void refuse(struct gen *gen)
{
	gen->jit->exit_count = gen->jit->codes[gen->jit->code_count].exits;
	gen->block->countdown = NOTED_REFUSED;
}

bool jit_compile(struct jit *jit, struct hart *hart, struct block *block)
{
	struct jit_arena *arena = &jit->arena;
	struct gen *gen = jit->gen;

	stubs_need(jit);
	warm_trim(block);
	if (!jit_has_room(jit, jit_room(block->count, has_vectors(block))))
		return false;
	jit->codes[jit->code_count].exits = jit->exit_count;
	gen->begin = arena->write + arena->used;
	gen->cold_begin = jit_arena_cold(arena) + arena->cold_used;
	gen->x = (struct x86){ .at = gen->begin, .forms = jit->forms };
	gen->cold = (struct x86){ .at = gen->cold_begin, .forms = jit->forms };
	gen->jit = jit;
	gen->hart = hart;
	gen->block = block;
	gen_begin(gen);
	write_entries(gen);
	translate_all(gen);
	if (gen->refused) {
		refuse(gen);
		return true;
	}
	write_side_exits(gen);
	write_refusal(gen);
	gen_write_slow_paths(gen);
	jit->stats.blocks++;
	jit->stats.insns += block->count;
	jit->stats.bytes += (u64)(gen->x.at - gen->begin + gen->cold.at - gen->cold_begin);
	jit->stats.cold_bytes += (u64)(gen->cold.at - gen->cold_begin);
	arena->used += (size_t)(gen->x.at - gen->begin);
	arena->cold_used += (size_t)(gen->cold.at - gen->cold_begin);
	add_code(gen);
	jit_chunk_written(jit);
	jit_list_block(gen);
	return true;
}

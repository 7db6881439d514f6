/* SPDX-License-Identifier: MIT */
/* Notes the runs of blocks in native code (see noted.h). */
#include "cpu/jit/timed/noted.h"

#include "cpu/jit/emitter.h"
#include "cpu/jit/gen.h"

#define NOTES_OF(field) ENV_OF(native.notes.field)
#define RUN_OF(field) ((s64)offsetof(struct timing_run, field))

_Static_assert(sizeof(struct timing_run) == 32, "`how` is one word, and the last one");

/* Returns how many words the operands of the first `count` instructions have. */
static unsigned words_of(const struct block *block, unsigned count)
{
	unsigned words = 0;

	for (unsigned n = 0; n < count; n++)
		words += block->timing->insn[n].words;
	return words;
}

bool noted_emits(const struct insn *insn)
{
	const enum insn_class class = isa_ops[insn->op].class;

	switch (insn->op) {
	case OP_lr_w:
	case OP_lr_d:
	case OP_sc_w:
	case OP_sc_d:
	case OP_cbo_zero:
		/* Their accesses are made by the bodies, which notify the model of each. */
		return false;
	default:
		return timing_runs_have(class) && !class_is_vector(class);
	}
}

bool noted_calls(const struct insn *insn)
{
	const enum insn_class class = isa_ops[insn->op].class;

	/*
	 * The operations from OP_COUNT on are illegal instructions, and those that only decoding
	 * makes.
	 */
	if (insn->op >= OP_COUNT)
		return false;
	return class <= CLASS_DIV || (class >= CLASS_FADD && class <= CLASS_FMOVE);
}

/* Loads the address of the run into RDX. */
static void load_run(struct x86 *x)
{
	X86(x, MOV, x86_reg(8, RDX), x86_at(8, ENV, NOTES_OF(end)));
}

/* Loads into `reg` the virtual address at an offset from the page. */
static void load_pc(struct x86 *x, unsigned reg, s64 offset)
{
	X86(x, MOV, x86_reg(8, reg), x86_at(8, ENV, ENV_OF(native.page)));
	if (offset)
		X86(x, ADD, x86_reg(8, reg), x86_imm(offset));
}

void gen_run_begin(struct gen *gen)
{
	struct x86 *x = &gen->x;

	gen->full = NULL;
	if (!noted_is(gen->block))
		return;
	load_run(x);
	X86(x, CMP, x86_reg(8, RDX), x86_at(8, ENV, NOTES_OF(most)));
	gen->full = x86_jump(x, ZYDIS_MNEMONIC_JNB);
	X86(x, MOV, x86_reg(8, RAX), x86_imm((s64)(uintptr_t)gen->block->timing));
	X86(x, MOV, x86_at(8, RDX, RUN_OF(block)), x86_reg(8, RAX));
	load_pc(x, RAX, (s64)gen_offset(gen, 0));
	X86(x, MOV, x86_at(8, RDX, RUN_OF(pc)), x86_reg(8, RAX));
}

static struct x86_arg operand_of(const struct gen *gen, const struct insn *insn, unsigned word)
{
	return x86_at(8, RDX, RUN_OF(operand) + 8 * (words_of(gen->block, insn->index) + word));
}

/* Stores the x register, or the f register, with the number `reg`. */
static void note_register(struct gen *gen, struct x86_arg to, unsigned reg, bool fp)
{
	struct x86 *x = &gen->x;

	if (fp && gen_pin_f(gen, reg) != X86_NONE) {
		X86(x, MOVQ, to, x86_xmm(gen_pin_f(gen, reg)));
	} else if (fp) {
		X86(x, MOV, x86_reg(8, RAX), x86_at(8, ENV, ENV_OF(f) + 8 * (s64)reg));
		X86(x, MOV, to, x86_reg(8, RAX));
	} else if (reg == 0) {
		X86(x, MOV, to, x86_imm(0));
	} else {
		X86(x, MOV, to, x86_reg(8, gen_source(gen, RAX, reg)));
	}
}

void gen_run_operands(struct gen *gen, const struct insn *insn)
{
	const enum insn_class class = isa_ops[insn->op].class;
	const unsigned of[] = { insn->rs1, insn->rs2, insn->rs3_rm >> 3u };
	const unsigned count = timing_operands(class);

	if (!noted_is(gen->block) || !count)
		return;
	load_run(&gen->x);
	for (unsigned n = 0; n < count; n++)
		note_register(gen, operand_of(gen, insn, n), of[n], class_is_fp(class));
}

/* Notes what the bytes at RCX are before a store overwrites them. */
static void note_before(struct gen *gen, const struct insn *insn, unsigned size)
{
	struct x86 *x = &gen->x;

	if (size < 4)
		X86(x, MOVZX, x86_reg(4, RAX), x86_at(size, RCX, 0));
	else
		X86(x, MOV, x86_reg(size, RAX), x86_at(size, RCX, 0));
	X86(x, MOV, operand_of(gen, insn, 2), x86_reg(8, RAX));
}

struct address gen_run_access(struct gen *gen, const struct insn *insn, unsigned at, bool write,
			      unsigned size)
{
	struct x86 *x = &gen->x;

	load_run(x);
	X86(x, ADD, x86_reg(8, RCX), x86_reg(8, at));
	X86(x, MOV, operand_of(gen, insn, 0), x86_reg(8, at));
	X86(x, MOV, x86_reg(8, RAX), x86_reg(8, RCX));
	X86(x, SUB, x86_reg(8, RAX), x86_at(8, ENV, NOTES_OF(ram_host)));
	X86(x, CMP, x86_reg(8, RAX), x86_at(8, ENV, NOTES_OF(ram_size)));
	gen_slow_path(gen, ZYDIS_MNEMONIC_JNB);
	X86(x, ADD, x86_reg(8, RAX), x86_at(8, ENV, NOTES_OF(ram_base)));
	X86(x, MOV, operand_of(gen, insn, 1), x86_reg(8, RAX));
	if (write)
		note_before(gen, insn, size);
	return (struct address){ RCX, X86_NONE, 0 };
}

/* Ends the run, after which execution continues at the pc in RAX. */
static void write_left(struct x86 *x, struct timing_run left)
{
	load_run(x);
	X86(x, MOV, x86_at(8, RDX, RUN_OF(next)), x86_reg(8, RAX));
	X86(x, MOV, x86_reg(8, RCX), x86_imm((s64)left.how));
	X86(x, OR, x86_reg(8, RCX), x86_at(8, ENV, NOTES_OF(how)));
	X86(x, MOV, x86_at(8, RDX, RUN_OF(how)), x86_reg(8, RCX));
	X86(x, ADD, x86_reg(8, RDX), x86_imm(RUN_OF(operand) + 8 * (s64)left.words));
	X86(x, MOV, x86_at(8, ENV, NOTES_OF(end)), x86_reg(8, RDX));
}

void gen_run_left(struct gen *gen, unsigned done, bool jumped)
{
	if (noted_is(gen->block))
		write_left(&gen->x, (struct timing_run){
					    .count = (u8)done,
					    .jumped = jumped,
					    .words = (u16)words_of(gen->block, done),
				    });
}

void gen_run_left_to(struct gen *gen, s64 offset, unsigned done, bool jumped)
{
	if (!noted_is(gen->block))
		return;
	load_pc(&gen->x, RAX, offset);
	gen_run_left(gen, done, jumped);
}

void noted_leave(struct hart *hart, const struct insn *insn, const struct block *block)
{
	struct run_notes *notes = &hart->native.notes;
	struct timing_run *run = (struct timing_run *)notes->end;

	timing_run_end(notes, run->operand + words_of(block, insn->index),
		       (struct timing_exit){ .next = hart->pc, .count = insn->index });
	hart->native.undone = insn;
}

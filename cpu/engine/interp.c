/* SPDX-License-Identifier: MIT */
/* The interpreter: the bodies as functions, and the loop that calls them (see interp.h). */
#include "cpu/engine/interp.h"

#include "cpu/engine/cfi.h"
#include "cpu/engine/exec.h"
#include "cpu/engine/jump.h"
#include "cpu/sem/sem.h"

#include <stdlib.h>

#define PC (h->pc)
#define JUMP(target) (h->npc = (target))
#define JUMP_INDIRECT(target) (h->npc = (target))
#define FAULT() return false
#define SLOW() ((void)0)
#define LOOK() ((void)0)
#define LOADS(type, va, host) ((void)0)
#define STORES(type, va, host) ((void)0)
#define SEM(name, ...)                                                                             \
	static bool exec_##name(struct hart *h, const struct insn *i)                              \
	{                                                                                          \
		(void)h;                                                                           \
		(void)i;                                                                           \
		__VA_ARGS__;                                                                       \
		return true;                                                                       \
	}
#include "cpu/sem/all.inc"
#undef SEM

static bool illegal_fp(struct hart *h, u32 raw)
{
	hart_illegal(h, raw, REASON_fp_off);
	return hart_denied_by(h, csr_fp_denied_by(h));
}

/*
 * Raises the exception of an illegal vector instruction: a unit is off, or its encoding is reserved
 * for this vtype.
 */
static bool illegal_vector(struct hart *h, const struct insn *i)
{
	static const enum trap_reason reasons[VECTOR_RULES] = {
		[VECTOR_VILL] = REASON_vector_vill, [VECTOR_SEW] = REASON_vector_sew,
		[VECTOR_EEW] = REASON_vector_eew, [VECTOR_EMUL] = REASON_vector_emul,
		[VECTOR_GROUP] = REASON_vector_group, [VECTOR_OVERLAP] = REASON_vector_overlap,
		[VECTOR_READ_TWICE] = REASON_vector_read_twice,
	};
	enum vector_rule rule = vector_rule(h->isa, i, h->vector.vtype);

	if (h->block_key & BLOCK_KEY_V && rule)
		return hart_illegal(h, i->raw, reasons[rule]);
	if (h->block_key & BLOCK_KEY_V)
		return illegal_fp(h, i->raw);
	hart_illegal(h, i->raw, REASON_vector_off);
	return hart_denied_by(h, csr_vector_denied_by(h));
}

/*
 * Finds why an instruction is illegal, and raises the exception: its encoding has no row for this
 * hart, or the row needs a unit that is off, or is illegal with this vtype.
 */
static bool exec_illegal(struct hart *h, const struct insn *i)
{
	struct insn plain;

	isa_decode(h->isa, i->raw, &plain);
	if (plain.op == OP_illegal)
		return hart_illegal(h, i->raw, REASON_no_row);
	if (class_is_vector(isa_ops[plain.op].class))
		return illegal_vector(h, &plain);
	return illegal_fp(h, i->raw);
}

static bool exec_checked_jump(struct hart *h, const struct insn *i)
{
	return jump_checked(h, i, h->pc, &h->npc);
}

/*
 * Executes an instruction that crosses the page's end. It is fetched again, because the other page
 * is neither watched for writes nor is its translation known.
 */
static bool exec_page_crossing(struct hart *h, const struct insn *i)
{
	struct insn insn;
	u32 raw;

	(void)i;
	if (!mem_fetch(h, h->pc, &raw))
		return false;
	interp_decode(h, raw, &insn);
	h->npc = h->pc + insn_length(raw);
	return interp_exec[insn.op](h, &insn);
}

const interp_fn interp_exec[OP_TABLE_SIZE] = {
#define INSN(name, ...) [OP_##name] = exec_##name,
#include "cpu/isa/isa.def"
#undef INSN
	[OP_illegal] = exec_illegal,
	[OP_checked_jump] = exec_checked_jump,
	[OP_page_crossing] = exec_page_crossing,
};

#define MEMO_ENTRIES 4096

struct insn *interp_memo_create(void)
{
	struct insn *memo = calloc(MEMO_ENTRIES, sizeof(*memo));

	/* The entry of the encoding 0, which is illegal, must not seem to be decoded already. */
	for (unsigned n = 0; memo && n < MEMO_ENTRIES; n++)
		memo[n].raw = ~n;
	return memo;
}

/*
 * Returns the decoded instruction. Decoding depends on the bits alone, so the results are cached by
 * them.
 */
static ALWAYS_INLINE const struct insn *decode_memo(struct hart *hart, u32 raw)
{
	u32 key = insn_bits(raw);
	struct insn *insn = &hart->memo[(key ^ key >> 12 ^ key >> 20) % MEMO_ENTRIES];

	if (insn->raw != key) {
		isa_decode(hart->isa, key, insn);
		jump_mark(hart->isa, insn);
	}
	return insn;
}

/*
 * Returns whether the units that the instruction needs are on, and a vector instruction is legal
 * with the hart's vtype.
 */
static bool unit_allows(const struct hart *hart, const struct insn *insn, enum insn_class class)
{
	bool legal = true;

	if (class_needs_fp(class))
		legal = hart->block_key & BLOCK_KEY_FP;
	if (class_is_vector(class))
		legal = legal && hart->block_key & BLOCK_KEY_V &&
			vector_legal(hart->isa, insn, hart->vector.vtype);
	return legal;
}

static ALWAYS_INLINE u16 op_now(const struct hart *hart, const struct insn *insn)
{
	enum insn_class class = isa_ops[insn->op].class;

	return class_needs_unit(class) && !unit_allows(hart, insn, class) ? OP_illegal : insn->op;
}

void interp_decode(struct hart *hart, u32 raw, struct insn *insn)
{
	*insn = *decode_memo(hart, raw);
	insn->op = op_now(hart, insn);
}

static ALWAYS_INLINE enum hart_exit interp_insn(struct hart *hart, const struct insn *insn, u16 op)
{
	hart->npc = hart->pc + insn_length(insn->raw);
	if (!interp_exec[op](hart, insn))
		return EXIT_TRAP;
	hart->pc = hart->npc;
	hart->steps++;
	/* Instructions after which a decoded block returns to the run loop do so here, too. */
	if (class_leaves(isa_ops[op].class))
		hart->stop = true;
	return EXIT_NEXT;
}

enum hart_exit interp_execute(struct hart *hart, const struct insn *insn)
{
	return interp_insn(hart, insn, insn->op);
}

static ALWAYS_INLINE enum hart_exit interp_one(struct hart *hart, bool hooked)
{
	const struct insn *insn;
	u32 raw;

	if (!mem_fetch(hart, hart->pc, &raw))
		return EXIT_TRAP;
	insn = decode_memo(hart, raw);
	if (hooked && unlikely(hart->hooks.entered))
		hart->hooks.entered(hart, insn_length(insn->raw),
				    class_ends_basic_block(isa_ops[insn->op].class));
	return interp_insn(hart, insn, op_now(hart, insn));
}

enum hart_exit interp_step(struct hart *hart)
{
	return interp_one(hart, true);
}

enum hart_exit interp_run(struct hart *hart)
{
	if (!cfi_lands(hart))
		return EXIT_TRAP;
	while (hart->steps < hart->limit && !hart->stop)
		if (interp_one(hart, false) == EXIT_TRAP)
			return EXIT_TRAP;
	return EXIT_NEXT;
}

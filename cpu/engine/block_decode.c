/* SPDX-License-Identifier: MIT */
/* Decodes blocks, and decides where a block ends and on which bits of block_key it depends. */
#include "cpu/engine/block_decode.h"

#include "bus/platform.h"
#include "cpu/engine/interp.h"
#include "cpu/hart/hart.h"
#include "cpu/isa/disasm.h"
#include "cpu/isa/vector.h"
#include "cpu/mmu/mem.h"
#include "cpu/mmu/tlb.h"

#include <string.h>

/* Returns whether there are stops: instructions that must not be in a block. */
static bool has_stops(const struct block_limits *limits)
{
	return limits->places || limits->stops.raw[0] || limits->stops.raw[1];
}

bool block_stops_at(const struct block_limits *limits, u64 pc)
{
	const struct block_cache_stops *stops = &limits->stops;
	const u64 offset = pc & ~PAGE_MASK;

	for (unsigned n = 0; n < ARRAY_SIZE(stops->pc); n++)
		if ((stops->pc[n] & ~PAGE_MASK) == offset)
			return true;
	return limits->breaks && block_cache_breaks_at(limits->breaks, pc);
}

/* Returns whether the instruction is a stop; `offset` is its offset in its page. */
static bool is_stop(const struct block_limits *limits, u64 offset, u32 raw)
{
	const struct block_cache_stops *stops = &limits->stops;

	if (limits->places && block_stops_at(limits, offset))
		return true;
	return (stops->raw[0] && stops->raw[0] == raw) || (stops->raw[1] && stops->raw[1] == raw);
}

/*
 * Fetches the instruction at the offset `at` of the rest of the page. Returns false if it crosses
 * the page's end.
 */
static bool fetch(const u8 *host, u64 left, unsigned at, u32 *raw)
{
	u16 low, high = 0;

	if (at + 2 > left)
		return false;
	memcpy(&low, host + at, 2);
	if (insn_length(low) == 4) {
		if (at + 4 > left)
			return false;
		memcpy(&high, host + at + 2, 2);
	}
	*raw = (u32)high << 16 | low;
	return true;
}

/*
 * Returns the instruction's class. An illegal instruction leaves the block, so it is treated like
 * one that changes state.
 */
static enum insn_class class_of(const struct insn *insn)
{
	return insn->op != OP_illegal ? isa_ops[insn->op].class : CLASS_SYSTEM;
}

/*
 * Returns whether the instruction is legal only while the FP or the vector unit is on, or depends
 * on them in another way.
 */
static bool needs_unit(const struct insn *insn)
{
	return insn->op == OP_illegal || block_insn_is_fp(insn) ||
	       class_is_vector(isa_ops[insn->op].class);
}

/*
 * Returns the bits of block_key on which the decoding and translation of an instruction depend that
 * needs a unit. Blocks without such instructions depend on neither unit, so that they stay usable
 * although kernels turn the FP unit off at each entry and on again at each exit.
 */
static u32 key_mask_of(const struct insn *insn)
{
	/* A vset replaces vtype, so it does not depend on it. */
	if (isa_ops[insn->op].class == CLASS_VSET)
		return ~BLOCK_KEY_V_TYPE;
	return block_insn_is_fp(insn) ? ~BLOCK_KEY_VECTOR : UINT32_MAX;
}

/*
 * Returns the bits for vectors that block_key has after a vset, or 0 if they are not known. In a
 * block that is timed they count as unknown, so that each vset is the last instruction.
 */
static u32 key_after(const struct hart *hart, const struct insn *insn)
{
	u64 vtype = vtype_legal(hart->isa, (u64)insn->imm);

	if (insn->op == OP_vsetvl || vtype & VTYPE_VILL || hart->hooks.describe)
		return 0;
	return hart_vector_key(vtype) | BLOCK_KEY_V_DIRTY;
}

/*
 * Returns whether the block continues after its latest instruction, a vset. It does if it is
 * decoded for one vtype, which the vset keeps. A block that begins with a vset either continues
 * after it, or it is for harts with another vtype than the vset sets (block->excluded_key).
 */
static bool passes_vset(const struct hart *hart, struct block *block, const struct insn *insn)
{
	u32 key = key_after(hart, insn);

	if (!key || !(insn->index == 0 || block->key_mask & BLOCK_KEY_V_TYPE))
		return false;
	if (key != (hart->block_key & BLOCK_KEY_VECTOR)) {
		block->excluded_key = insn->index ? UINT32_MAX : key;
		return false;
	}
	block->key_mask = UINT32_MAX;
	return true;
}

static struct insn *add_link(struct insn *insn)
{
	*block_link(insn) = (struct block_link){ NULL, NULL };
	return insn + 2;
}

/*
 * Makes a block of the instruction at hart->pc, whose first half is at the end of the page. It is
 * fetched again each time that it is executed, so the block depends neither on the contents of the
 * other page nor on its translation. Returns NULL if the instruction must not be in a block, or if
 * the view for fetches lacks the other page.
 */
static void *decode_crossing(struct hart *hart, struct block *block, const u8 *host,
			     const struct block_limits *limits)
{
	const struct tlb_view *view = hart->fetch;
	const u64 next = hart->pc + 2;
	u16 low, high;
	u32 raw;

	/* A timing model must observe such an instruction, so it is in no block. */
	if (hart->hooks.describe || !mem_hit(view->execute[tlb_index(next)], next, 2))
		return NULL;
	memcpy(&low, host, 2);
	memcpy(&high, mem_host(view, next), 2);
	raw = (u32)high << 16 | low;
	if (is_stop(limits, PAGE_SIZE - 2, raw))
		return NULL;
	block->count = 1;
	block->bytes = 2;
	block->insn[0] = (struct insn){ .op = OP_page_crossing, .raw = raw };
	block->insn[1] = (struct insn){ .op = OP_end_leave, .at = 2, .index = 1 };
	return add_link(&block->insn[1]);
}

/* Whether the instructions of a block so far may turn units on or off, or need one. */
struct units {
	bool turned, needed;
};

/* Returns whether the instruction, which is not plain, ends its block. */
static bool ends_block(const struct hart *hart, struct block *block, const struct insn *insn,
		       struct units *units)
{
	enum insn_class class = class_of(insn);

	if (needs_unit(insn)) {
		block->key_mask |= key_mask_of(insn);
		units->needed = true;
	}
	units->turned = units->turned || block_insn_turns_units(insn);
	return class_leaves(class) || class == CLASS_JUMP || (units->turned && units->needed) ||
	       (class == CLASS_VSET && !passes_vset(hart, block, insn));
}

void *block_decode(struct hart *hart, struct block *block, const u8 *host, u64 left,
		   const struct block_limits *limits)
{
	const bool stops = has_stops(limits);
	unsigned at = 0, n = 0;
	struct insn *insn = block->insn;
	struct units units = { .turned = false };
	enum insn_class class = CLASS_ALU;
	bool ended = false;
	u32 raw;

	block->key_mask = BLOCK_KEY_VALID | BLOCK_KEY_TIMED;
	block->excluded_key = UINT32_MAX;
	if (!fetch(host, left, 0, &raw))
		return decode_crossing(hart, block, host, limits);
	while (n < limits->insns && !ended && fetch(host, left, at, &raw)) {
		if (stops && is_stop(limits, PAGE_SIZE - left + at, raw))
			break;
		interp_decode(hart, raw, insn);
		if (units.turned && needs_unit(insn))
			break;
		insn->at = (u8)(at / 2);
		insn->index = (u8)n++;
		at += insn_length(raw);
		class = class_of(insn);
		ended = class_is_plain(class) ? limits->branches && class == CLASS_BRANCH :
						ends_block(hart, block, insn, &units);
		insn = block_has_link(class) ? add_link(insn) : insn + 1;
	}
	block->count = (u8)n;
	block->bytes = (u16)at;
	*insn = (struct insn){ .op = class_leaves(class) ? OP_end_leave : OP_end_next,
			       .at = (u8)(at / 2),
			       .index = (u8)n };
	return n > 0 ? add_link(insn) : NULL;
}

void block_log(struct hart *hart, const struct block *block)
{
	struct log *log = &hart->platform->log;
	const struct insn *insn = block->insn;
	char text[DISASM_MAX];

	for (unsigned n = 0; n < block->count; n++) {
		u64 pc = hart->pc + insn->at * 2u;

		if (log_covers(log, pc)) {
			disasm(hart->isa, pc, insn->raw, text, sizeof(text));
			log_line(log, LOG_IN_ASM, "hart %u: %s 0x%llx: %s", hart->id,
				 priv_name(hart->priv, hart->virt), pc, text);
		}
		insn += 1 + block_has_link(class_of(insn));
	}
}

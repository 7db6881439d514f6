/* SPDX-License-Identifier: MIT */
/*
 * The bodies behind labels, in one function: the only long one of the project, and all of it is
 * the table. Registers that matter: h, i (the instruction), block, go (where bodies go next).
 * While a block runs, h->pc and h->steps are those of its start; leaving makes them exact.
 */
#include "cpu/threaded.h"

#include "cpu/code.h"
#include "cpu/exec.h"
#include "cpu/interp.h"
#include "cpu/jump.h"
#include "cpu/limits.h"
#include "cpu/sem.h"

static ALWAYS_INLINE bool same_page(u64 a, u64 b)
{
	return ((a ^ b) & PAGE_MASK) == 0;
}

/*
 * The block at hart->pc from the view's jumps, or found and decoded. NULL as code_find; at the
 * slice's end, since what is fetched next (its fault, its A bit) belongs to the next slice; and
 * when stop is set, as decoding does when it throws all blocks away.
 */
static ALWAYS_INLINE struct block *next_block(struct hart *hart, bool *trapped)
{
	const struct tlb_jump *jump = tlb_jump_of(hart->fetch, hart->pc);
	struct block *block;

	if (likely(jump->pc == hart->pc && jump->block->key == hart->code_key))
		return jump->block;
	if (unlikely(hart->steps >= hart->limit))
		return NULL;
	block = code_find(hart, trapped);
	return hart->stop ? NULL : block;
}

/* The block at hart->pc follows one at `from`; in the same page it does so while both live. */
static ALWAYS_INLINE void remember(struct hart *hart, struct block **link, struct block *block,
				   u64 from)
{
	if (same_page(from, hart->pc) && CODE_LINK_KEPT(hart->steps))
		*link = block;
}

#define PC (h->pc + (u64)i->at * 2)
#define NEXT() goto *go[(i += 1 + block_has_link((enum insn_class)class_here))->op]
#define FAULT() goto fault
#define SLOW() (h->index = i->index)
#define LOOK() (go = h->stop ? halt : label)
#define JUMP(target)                                                                               \
	do {                                                                                       \
		to = (target);                                                                     \
		goto jump;                                                                         \
	} while (0)
#define JUMP_INDIRECT(target)                                                                      \
	do {                                                                                       \
		to = (target);                                                                     \
		if (class_leaves((enum insn_class)class_here))                                     \
			goto leave;                                                                \
		goto jump_indirect;                                                                \
	} while (0)

#define SEM(name, ...)                                                                             \
	label_##name:                                                                              \
	{                                                                                          \
		enum { class_here = class_of_##name };                                             \
		__VA_ARGS__;                                                                       \
		NEXT();                                                                            \
	}

enum {
#define INSN(name, pattern, format, ext, class) class_of_##name = CLASS_##class,
#include "cpu/isa.def"
#undef INSN
};

/* Run from `block` on; h->pc and h->steps are at its start. */
static enum hart_exit run(struct hart *h, struct block *block)
{
	static const void *const label[OP_TABLE_SIZE] = {
#define INSN(name, ...) [OP_##name] = &&label_##name,
#include "cpu/isa.def"
#undef INSN
		[OP_illegal] = &&label_illegal,
		[OP_checked_jump] = &&label_checked_jump,
		[OP_end_next] = &&label_end_next,
		[OP_end_leave] = &&stopped,
	};
	/* In place of the above once stop is set: leave before the next instruction. */
	static const void *const halt[OP_TABLE_SIZE] = {
		[0 ... OP_TABLE_SIZE - 1] = &&stopped,
	};
	const void *const *go = label;
	struct block *next, **link;
	const struct insn *i;
	u64 to, from;
	bool trapped = false;

enter:
	i = block->insn;
	goto *go[i->op];

#include "cpu/sem/all.inc"

label_illegal:
	interp_exec[OP_illegal](h, i);
	goto fault;

label_checked_jump:
	SLOW();
	if (unlikely(!jump_checked(h, i, PC, &to)))
		goto fault;
	goto jump_indirect;

label_end_next:
	to = PC;
	h->steps += i->index;
	goto follow;

jump:
	h->steps += i->index + 1u;
follow:
	link = block_link(i);
	next = *link;
	from = h->pc;
	h->pc = to;
	if (likely(next))
		goto chain;
	next = next_block(h, &trapped);
	if (unlikely(!next))
		goto out;
	remember(h, link, next, from);
	goto chain;

jump_indirect:
	h->steps += i->index + 1u;
	h->pc = to;
	next = next_block(h, &trapped);
	if (unlikely(!next))
		goto out;
chain:
	if (unlikely(h->steps + next->count > h->limit))
		goto out;
	block = next;
	goto enter;

leave:
	h->steps += i->index + 1u;
	h->pc = to;
out:
	h->index = 0;
	return trapped ? EXIT_TRAP : EXIT_NEXT;

stopped:
	h->steps += i->index;
	h->pc = PC;
	h->index = 0;
	return EXIT_NEXT;

fault:
	h->steps += i->index;
	h->pc = PC;
	h->index = 0;
	return EXIT_TRAP;
}

enum hart_exit threaded_run(struct hart *hart)
{
	bool trapped = false;
	struct block *block = next_block(hart, &trapped);

	if (trapped)
		return EXIT_TRAP;
	if (!block)
		return interp_step(hart);
	/* The slice ends within the block: exactly there. */
	if (hart->steps + block->count > hart->limit)
		return interp_run(hart);
	return run(hart, block);
}

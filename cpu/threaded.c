/* SPDX-License-Identifier: MIT */
/*
 * The bodies behind labels, in one function: the only long one of the project, and all of it is
 * the table. Registers that matter: h, i (the instruction), block, pc (of the block's start).
 * While a block runs, h->pc and h->steps are those of its start; leaving makes them exact.
 */
#include "cpu/threaded.h"

#include "cpu/code.h"
#include "cpu/exec.h"
#include "cpu/interp.h"
#include "cpu/limits.h"
#include "cpu/sem.h"

static ALWAYS_INLINE bool same_page(u64 a, u64 b)
{
	return ((a ^ b) & PAGE_MASK) == 0;
}

/*
 * The block at hart->pc from the view's jumps, or found and decoded. As code_find; and NULL at the
 * slice's end, since what is fetched next (its fault, its A bit) belongs to the next slice.
 */
static ALWAYS_INLINE struct block *next_block(struct hart *hart, bool *trapped)
{
	const struct tlb_jump *jump = tlb_jump_of(hart->fetch, hart->pc);

	if (likely(jump->pc == hart->pc && jump->block->key == hart->code_key))
		return jump->block;
	if (unlikely(hart->steps >= hart->limit))
		return NULL;
	return code_find(hart, trapped);
}

/* A successor in the same page stays one as long as both blocks live: remember it. */
static ALWAYS_INLINE void remember(struct block **link, struct block *block, u64 from, u64 to)
{
	if (CODE_LINKS && same_page(from, to))
		*link = block;
}

#define AT ((u64)i->at * 2)
#define PC (pc + AT)
#define NEXT() goto *label[(++i)->op]
#define FAULT() goto fault
#define SLOW() (h->index = i->index)
#define JUMP(target)                                                                               \
	do {                                                                                       \
		to = (target);                                                                     \
		goto jump;                                                                         \
	} while (0)
#define JUMP_INDIRECT(target)                                                                      \
	do {                                                                                       \
		to = (target);                                                                     \
		goto jump_indirect;                                                                \
	} while (0)

/* Only accesses to memory can set stop in the middle of a block (a device did it). */
#define SEM(name, ...)                                                                             \
	label_##name:                                                                              \
	{                                                                                          \
		__VA_ARGS__;                                                                       \
		if (class_touches_memory((enum insn_class)class_of_##name) && unlikely(h->stop))                    \
			goto stopped;                                                              \
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
		[OP_end_next] = &&label_end_next,
		[OP_end_leave] = &&label_end_leave,
	};
	struct block *next, **link;
	const struct insn *i;
	u64 pc, to;
	bool trapped = false;

enter:
	pc = h->pc;
	i = block->insn;
	goto *label[i->op];

#include "cpu/sem/all.inc"

label_illegal:
	interp_exec[OP_illegal](h, i);
	goto fault;

label_end_next:
	to = pc + block->bytes;
	link = &block->fall;
	goto follow;

jump:
	link = &block->taken;
follow:
	h->steps += block->count;
	h->pc = to;
	next = *link;
	if (likely(next))
		goto chain;
	next = next_block(h, &trapped);
	if (unlikely(!next || h->stop))
		goto out;
	remember(link, next, pc, to);
	goto chain;

jump_indirect:
	/* An xRET jumps and leaves. */
	h->steps += block->count;
	h->pc = to;
	if (class_leaves(isa_ops[i->op].class))
		goto out;
	next = next_block(h, &trapped);
	/* Decoding may have thrown all blocks away, and set stop. */
	if (unlikely(!next || h->stop))
		goto out;
chain:
	if (unlikely(h->steps + next->count > h->limit))
		goto out;
	block = next;
	goto enter;

out:
	h->index = 0;
	return trapped ? EXIT_TRAP : EXIT_NEXT;

label_end_leave:
	h->steps += block->count;
	h->pc = pc + block->bytes;
	h->index = 0;
	return EXIT_NEXT;

stopped:
	/* The instruction is done; leave before the next. */
	i++;
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

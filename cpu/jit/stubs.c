/* SPDX-License-Identifier: MIT */
/*
 * The code that all blocks share: the entry to native code, the exits from it, and the call of an
 * instruction's body. While C code runs, the guest's registers are in struct hart.
 */
#include "cpu/jit/stubs.h"

#include "cpu/engine/interp.h"
#include "cpu/engine/leave.h"
#include "cpu/jit/gen.h"
#include "cpu/jit/listing/listing.h"
#include "cpu/jit/timed/noted.h"
#include "cpu/jit/timed/priced.h"

#include <string.h>
#include <xmmintrin.h>

/* Moves the flags that native code raised from MXCSR to the hart. */
static inline void take_flags(struct hart *hart)
{
	unsigned csr = _mm_getcsr();

	if (!(csr & MXCSR_FLAGS))
		return;
	hart->fflags |= hart->native.jit->fflags[csr & MXCSR_FLAGS];
	_mm_setcsr(MXCSR_DEFAULT);
}

/*
 * Resets MXCSR for native code, to no flags and rounding to nearest: the flags that C code raised
 * and the rounding mode that it set do not belong to the guest.
 */
static inline void reset_mxcsr(void)
{
	if (_mm_getcsr() != MXCSR_DEFAULT)
		_mm_setcsr(MXCSR_DEFAULT);
}

enum jit_left jit_enter(struct jit *jit, struct hart *hart, const struct block *block)
{
	reset_mxcsr();
	gen_review_loops(hart);
	hart->native.priced = hart->steps;
	return jit->stubs.enter(hart, block->entry);
}

/* Returns the value of jit_call that makes native code continue at hart->pc. */
static unsigned go_to_pc(void)
{
	reset_mxcsr();
	return JIT_GO_TO_PC;
}

/*
 * Returns the value of jit_call that makes native code return to the run loop, which checks the
 * hart before it continues.
 */
static unsigned look(struct hart *hart)
{
	hart->stop = true;
	return JIT_LOOK + 1;
}

/*
 * Handles a trap that the instruction raised. Returns where execution continues, as jit_call does.
 */
static unsigned trapped(struct hart *hart, const struct insn *insn, const struct block *block)
{
	if (!trap_take_direct(hart, insn))
		return JIT_TRAP + 1;
	if (hart->native.prices && !priced_trapped(hart, block))
		return look(hart);
	return go_to_pc();
}

/*
 * Leaves native code before the instruction, which the timing model has to observe. Returns the
 * value of jit_call for that.
 */
static unsigned leave_undone(struct hart *hart, const struct insn *insn, const struct block *block)
{
	noted_leave(hart, insn, block);
	return JIT_TRAP + 1;
}

static void retire(struct hart *hart)
{
	hart->pc = hart->npc;
	hart->steps++;
}

/*
 * Sets hart->steps and hart->pc to those of the instruction; `budget` is what will be left of the
 * slice after the whole block. Returns the pc of the next instruction.
 */
static inline u64 arrive(struct hart *hart, const struct insn *insn, const struct block *block,
			 s64 budget)
{
	hart->steps = hart->limit - (u64)budget - block->count + insn->index;
	hart->index = 0;
	hart->pc = hart->native.page + (block->pa & ~PAGE_MASK) + insn->at * 2u;
	return hart->npc = hart->pc + insn_length(insn->raw);
}

unsigned jit_call(struct hart *hart, const struct insn *insn, struct block *block, s64 budget)
{
	const bool priced = hart->native.prices;
	u64 next;
	bool done, again = false;

	take_flags(hart);
	next = arrive(hart, insn, block, budget);
	if (noted_is(block) && !noted_calls(insn))
		return leave_undone(hart, insn, block);
	if (unlikely(hart->native.site_review_due))
		again = stubs_review_site(hart, insn, block);
	if (priced && !priced_begin(hart, insn, block))
		return JIT_LOOK + 1;
	done = interp_exec[insn->op](hart, insn);
	if (priced)
		priced_end(hart, insn, block, next, done);
	if (!done)
		return noted_is(block) ? leave_undone(hart, insn, block) :
					 trapped(hart, insn, block);
	retire(hart);
	if (class_leaves(isa_ops[insn->op].class))
		return (!priced || priced_changed(hart)) && tier_stays(hart) ? go_to_pc() :
									       look(hart);
	if (hart->stop)
		return JIT_NEXT + 1;
	/*
	 * If the block's code was dropped (`again`), it must be left now: a loop in it might run on
	 * for a long time.
	 */
	if (hart->npc != next || (again && !priced))
		return go_to_pc();
	if (priced)
		priced_continue(hart, insn, block);
	reset_mxcsr();
	return JIT_GO_ON;
}

/*
 * Does what jit_call does in blocks with vectors. Bodies of integer vectors neither use nor change
 * MXCSR (cpu/CMakeLists.txt ensures that compilers do not use it), which is slow to read, so the
 * flags stay there.
 */
static unsigned call_in_vectors(struct hart *hart, const struct insn *insn, struct block *block,
				s64 budget)
{
	if (!class_is_vector_int(isa_ops[insn->op].class) || hart->native.prices ||
	    hart->native.site_review_due)
		return jit_call(hart, insn, block, budget);
	arrive(hart, insn, block, budget);
	if (!interp_exec[insn->op](hart, insn)) {
		take_flags(hart);
		return trapped(hart, insn, block);
	}
	retire(hart);
	if (!hart->stop)
		return JIT_GO_ON;
	take_flags(hart);
	return JIT_NEXT + 1;
}

/*
 * Called when native code was left: stores the flags, the pc and the steps in the hart. Returns
 * JIT_NEXT + 1, for write_return.
 */
static unsigned left(struct hart *hart, u64 pc, s64 budget)
{
	take_flags(hart);
	hart->pc = pc;
	hart->steps = hart->limit - (u64)budget;
	if (hart->native.prices)
		priced_take(hart);
	return JIT_NEXT + 1;
}

static const u8 saved[] = { RBX, RBP, R12, R13, R14, R15 };

/* Returns whether C functions may change a host register. */
static bool is_volatile(unsigned reg)
{
	for (unsigned n = 0; n < ARRAY_SIZE(saved); n++)
		if (saved[n] == reg)
			return false;
	return true;
}

void stubs_move_x(struct x86 *x, bool save, bool all)
{
	for (unsigned n = 0; n < X_SINK; n++) {
		const struct x86_arg reg = x86_reg(8, pin_x[n]), at = gen_x_in_hart(8, n);

		if (pin_x[n] == X86_NONE || (!all && !is_volatile(pin_x[n])))
			continue;
		if (save)
			X86(x, MOV, at, reg);
		else
			X86(x, MOV, reg, at);
	}
}

/* Moves the pinned f registers to or from the hart, and notes in native.fp where they are now. */
static void move_f(struct x86 *x, bool save)
{
	for (unsigned n = 0; n < ARRAY_SIZE(pin_f); n++) {
		const struct x86_arg reg = x86_xmm(pin_f[n]);
		const struct x86_arg at = x86_at(8, ENV, ENV_OF(f) + 8 * (s64)n);

		if (pin_f[n] != X86_NONE && save)
			X86(x, MOVQ, at, reg);
		else if (pin_f[n] != X86_NONE)
			X86(x, MOVQ, reg, at);
	}
	if (save) {
		X86(x, MOV, x86_at(4, ENV, ENV_OF(native.fp)), x86_imm(0));
	} else {
		X86(x, MOV, x86_reg(4, RCX), x86_at(4, ENV, ENV_OF(block_key)));
		X86(x, AND, x86_reg(4, RCX), x86_imm(~(s64)BLOCK_KEY_VECTOR));
		X86(x, MOV, x86_at(4, ENV, ENV_OF(native.fp)), x86_reg(4, RCX));
	}
}

/*
 * Clears the upper halves of the vector registers before C code runs. Most of it (all but the
 * bodies of vectors) is compiled without AVX, and its SSE instructions would wait for the upper
 * halves of the registers that they write (Intel 64 manual, volume 1, "Transitions Between SSE and
 * AVX").
 */
static void clear_upper_halves(struct x86 *x, const struct jit_stubs *stubs)
{
	if (stubs->with_avx2)
		X86(x, VZEROUPPER);
}

void stubs_save(struct x86 *x, const struct jit_stubs *stubs, bool all)
{
	u8 *none;

	clear_upper_halves(x, stubs);
	stubs_move_x(x, true, all);
	X86(x, CMP, x86_at(4, ENV, ENV_OF(native.fp)), x86_imm(0));
	none = x86_jump(x, ZYDIS_MNEMONIC_JZ);
	move_f(x, true);
	x86_patch(none, x->at);
}

void stubs_load_view(struct x86 *x)
{
	X86(x, MOV, x86_reg(8, VIEW), x86_at(8, ENV, ENV_OF(data)));
	X86(x, LEA, x86_reg(8, VIEW), x86_at(8, VIEW, VIEW_BIAS));
}

void stubs_call_c(struct x86 *x, u64 function)
{
	X86(x, MOV, x86_reg(8, RAX), x86_imm((s64)function));
	X86(x, CALL, x86_reg(8, RAX));
}

static void write_enter(struct x86 *x)
{
	X86(x, ENDBR64);
	for (unsigned n = 0; n < ARRAY_SIZE(saved); n++)
		X86(x, PUSH, x86_reg(8, saved[n]));
	X86(x, SUB, x86_reg(8, RSP), x86_imm(8));
	X86(x, LEA, x86_reg(8, ENV), x86_at(8, RDI, ENV_BIAS));
	X86(x, MOV, x86_reg(8, RCX), x86_reg(8, RSI));
	X86(x, MOV, x86_reg(8, BUDGET), x86_at(8, ENV, ENV_OF(limit)));
	X86(x, SUB, x86_reg(8, BUDGET), x86_at(8, ENV, ENV_OF(steps)));
	stubs_load_view(x);
	X86(x, MOV, x86_reg(8, RAX), x86_at(8, ENV, ENV_OF(pc)));
	X86(x, MOV, x86_at(4, ENV, ENV_OF(native.fp)), x86_imm(0));
	stubs_move_x(x, false, true);
	X86(x, JMP, x86_reg(8, RCX));
}

/*
 * Writes the return to C, with eax - 1 as the result; the guest's registers are in the hart.
 * Returns the address of this code.
 */
static u8 *write_return(struct x86 *x)
{
	u8 *start = x->at;

	X86(x, DEC, x86_reg(4, RAX));
	X86(x, ADD, x86_reg(8, RSP), x86_imm(8));
	for (unsigned n = ARRAY_SIZE(saved); n > 0; n--)
		X86(x, POP, x86_reg(8, saved[n - 1]));
	X86(x, RET);
	return start;
}

/*
 * Writes the call of a body: rdx has the block, rcx the instruction's offset from the block in
 * bytes.
 */
static void write_call(struct x86 *x, struct jit_stubs *stubs, const u8 *leave, bool vectors,
		       bool fp)
{
	unsigned (*const call)(struct hart *, const struct insn *, struct block *, s64) =
		vectors ? call_in_vectors : jit_call;

	u8 *stay;

	stubs->call[vectors][fp] = x->at;
	stubs_save(x, stubs, true);
	X86(x, LEA, x86_reg(8, RDI), x86_at(8, ENV, -ENV_BIAS));
	X86(x, LEA, x86_reg(8, RSI), x86_indexed(8, RDX, RCX, 1, 0));
	X86(x, MOV, x86_reg(8, RCX), x86_reg(8, BUDGET));
	X86(x, SUB, x86_reg(8, RSP), x86_imm(8));
	stubs_call_c(x, (u64)(uintptr_t)call);
	X86(x, ADD, x86_reg(8, RSP), x86_imm(8));
	X86(x, TEST, x86_reg(4, RAX), x86_reg(4, RAX));
	stay = x86_jump(x, ZYDIS_MNEMONIC_JZ);
	/* Native code is not continued after the call, so its return address is dropped. */
	X86(x, ADD, x86_reg(8, RSP), x86_imm(8));
	X86(x, CMP, x86_reg(4, RAX), x86_imm(JIT_GO_TO_PC));
	x86_patch(x86_jump(x, ZYDIS_MNEMONIC_JZ), stubs->go_to_pc);
	x86_patch(x86_jump(x, ZYDIS_MNEMONIC_JMP), leave);
	x86_patch(stay, x->at);
	stubs_load_view(x);
	stubs_move_x(x, false, true);
	if (fp)
		move_f(x, false);
	X86(x, RET);
}

/* Writes the exit to C at the pc in rax. */
static void write_leave(struct x86 *x, const struct jit_stubs *stubs, const u8 *leave)
{
	stubs_save(x, stubs, true);
	X86(x, LEA, x86_reg(8, RDI), x86_at(8, ENV, -ENV_BIAS));
	X86(x, MOV, x86_reg(8, RSI), x86_reg(8, RAX));
	X86(x, MOV, x86_reg(8, RDX), x86_reg(8, BUDGET));
	stubs_call_c(x, (u64)(uintptr_t)left);
	x86_patch(x86_jump(x, ZYDIS_MNEMONIC_JMP), leave);
}

static void write_stubs(struct jit *jit)
{
	struct x86 x = { .at = jit->arena.write, .forms = jit->forms };
	struct jit_stubs *stubs = &jit->stubs;
	u8 *entry = x86_jump(&x, ZYDIS_MNEMONIC_JMP), *leave;
	const void *enter = jit_arena_run(&jit->arena, x.at);

	memcpy(&stubs->enter, &enter, sizeof(enter));
	stubs->with_avx2 = jit_has_only_avx2(jit);
	write_enter(&x);
	leave = write_return(&x);
	stubs->load_fp = x.at;
	clear_upper_halves(&x, stubs);
	move_f(&x, false);
	X86(&x, RET);
	stubs->save_fp = x.at;
	move_f(&x, true);
	X86(&x, RET);
	stubs_write_refill(&x, jit);
	stubs->end_strip = x.at;
	gen_write_end_strip(&x);
	stubs->link = x.at;
	X86(&x, MOV, x86_at(4, ENV, ENV_OF(native.exit)), x86_reg(4, RCX));
	stubs->leave_at = x.at;
	X86(&x, ADD, x86_reg(8, RAX), x86_at(8, ENV, ENV_OF(native.page)));
	stubs->leave_pc = x.at;
	x86_patch(entry, x.at);
	write_leave(&x, stubs, leave);
	stubs_write_find(&x, stubs);
	stubs_write_trap(&x, stubs);
	for (unsigned n = 0; n < 4; n++)
		write_call(&x, stubs, leave, n / 2, n % 2);
	jit->arena.cold_used = 0;
	jit->arena.used = jit->stubs_end = (size_t)(x.at - jit->arena.write);
}

void stubs_need(struct jit *jit)
{
	if (jit->stubs_end)
		return;
	write_stubs(jit);
	jit_list_stubs(jit);
}

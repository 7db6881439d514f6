/* SPDX-License-Identifier: MIT */
/*
 * The emitter of AMOs, LR, SC and FENCE for harts that take turns on one host thread: there a plain
 * read and write are atomic together, and memory accesses are always in order.
 */
#include "bus/bus.h"
#include "bus/platform.h"
#include "cpu/jit/emit/emit.h"

/* An instruction, and how it is emitted. */
struct atomic {
	bool (*emit)(struct gen *gen, const struct insn *insn, const struct atomic *atomic,
		     unsigned size);
	u16 mnemonic; /* it computes what is stored */
};

/* Returns the operand at the host's address in RAX. */
static struct x86_arg at_rax(unsigned size)
{
	return x86_at(size, RAX, 0);
}

/* Loads a value of `size` bytes, extended with its sign. */
static void load_signed(struct x86 *x, unsigned reg, unsigned size, struct x86_arg from)
{
	if (size == 8)
		X86(x, MOV, x86_reg(8, reg), from);
	else if (size == 4)
		X86(x, MOVSXD, x86_reg(8, reg), from);
	else
		X86(x, MOVSX, x86_reg(8, reg), from);
}

static void read_operand(struct gen *gen, unsigned rs, unsigned size)
{
	if (rs == 0 || rs == X_SINK)
		gen_constant(gen, RCX, 0);
	else
		load_signed(&gen->x, RCX, size, gen_x(gen, size, rs));
}

/* Leaves in RAX the host's address of the datum, and in RDX its old value. */
static void load_old(struct gen *gen, const struct insn *insn, unsigned size)
{
	struct address at = gen_probe(gen, insn, true, size, true);

	X86(&gen->x, LEA, x86_reg(8, RAX), gen_datum(8, &at));
	load_signed(&gen->x, RDX, size, at_rax(size));
}

/* Stores RCX, and writes the old value, which is in RDX, to rd. */
static bool finish(struct gen *gen, const struct insn *insn, unsigned size)
{
	X86(&gen->x, MOV, at_rax(size), x86_reg(size, RCX));
	gen_write_x(gen, insn->rd, RDX);
	return true;
}

static bool emit_swap(struct gen *gen, const struct insn *insn, const struct atomic *atomic,
		      unsigned size)
{
	(void)atomic;
	load_old(gen, insn, size);
	gen_read_x(gen, RCX, insn->rs2);
	return finish(gen, insn, size);
}

static bool emit_op(struct gen *gen, const struct insn *insn, const struct atomic *atomic,
		    unsigned size)
{
	load_old(gen, insn, size);
	gen_read_x(gen, RCX, insn->rs2);
	x86_write(&gen->x, atomic->mnemonic, 2,
		  (struct x86_arg[]){ x86_reg(8, RCX), x86_reg(8, RDX) });
	return finish(gen, insn, size);
}

/* Emits AMOMIN and the like. Sign extension does not change the order of unsigned numbers. */
static bool emit_choice(struct gen *gen, const struct insn *insn, const struct atomic *atomic,
			unsigned size)
{
	load_old(gen, insn, size);
	read_operand(gen, insn->rs2, size);
	X86(&gen->x, CMP, x86_reg(8, RDX), x86_reg(8, RCX));
	x86_write(&gen->x, atomic->mnemonic, 2,
		  (struct x86_arg[]){ x86_reg(8, RCX), x86_reg(8, RDX) });
	return finish(gen, insn, size);
}

/*
 * Emits AMOCAS. If the comparison fails, the old value is stored again, which cannot be observed.
 */
static bool emit_cas(struct gen *gen, const struct insn *insn, const struct atomic *atomic,
		     unsigned size)
{
	(void)atomic;
	load_old(gen, insn, size);
	read_operand(gen, insn->rd, size);
	X86(&gen->x, CMP, x86_reg(8, RDX), x86_reg(8, RCX));
	gen_read_x(gen, RCX, insn->rs2);
	X86(&gen->x, CMOVNZ, x86_reg(8, RCX), x86_reg(8, RDX));
	return finish(gen, insn, size);
}

/*
 * Leaves in RAX the host's address of the datum of LR or SC, and in RDX its physical address.
 * Accesses to other regions than the largest RAM are left to the body, as are misses. Where that
 * RAM is may be a constant of the code, because all code is dropped when the bus is remapped.
 * Returns false if the instruction cannot be emitted.
 */
static bool find_physical(struct gen *gen, const struct insn *insn, bool write, unsigned size)
{
	const struct bus *bus = &gen->hart->platform->bus;
	const struct region *memory = &bus->regions[bus->largest];
	struct x86 *x = &gen->x;
	struct address at;

	/* LR notes the exact number of steps, which is not known in a strip. */
	if (!memory->ram || gen->loops.strip)
		return false;
	at = gen_probe(gen, insn, write, size, true);
	gen->slow_path[gen->slow_paths].retry.access = NULL;
	X86(x, LEA, x86_reg(8, RAX), gen_datum(8, &at));
	gen_constant(gen, RCX, (uintptr_t)memory->ram->host);
	X86(x, MOV, x86_reg(8, RDX), x86_reg(8, RAX));
	X86(x, SUB, x86_reg(8, RDX), x86_reg(8, RCX));
	gen_constant(gen, RCX, memory->size);
	X86(x, CMP, x86_reg(8, RDX), x86_reg(8, RCX));
	gen_slow_path(gen, ZYDIS_MNEMONIC_JNB);
	gen_constant(gen, RCX, memory->base);
	X86(x, ADD, x86_reg(8, RDX), x86_reg(8, RCX));
	return true;
}

static bool emit_lr(struct gen *gen, const struct insn *insn, const struct atomic *atomic,
		    unsigned size)
{
	struct x86 *x = &gen->x;

	(void)atomic;
	if (!find_physical(gen, insn, false, size))
		return false;
	load_signed(x, RCX, size, at_rax(size));
	X86(x, MOV, x86_at(8, ENV, ENV_OF(reservation)), x86_reg(8, RDX));
	X86(x, MOV, x86_at(1, ENV, ENV_OF(reservation_size)), x86_imm(size));
	X86(x, MOV, x86_reg(8, RDX), x86_at(8, ENV, ENV_OF(limit)));
	X86(x, SUB, x86_reg(8, RDX), x86_reg(8, BUDGET));
	X86(x, SUB, x86_reg(8, RDX), x86_imm(gen->block->count - insn->index));
	X86(x, MOV, x86_at(8, ENV, ENV_OF(reservation_steps)), x86_reg(8, RDX));
	gen_write_x(gen, insn->rd, RCX);
	return true;
}

/*
 * Emits SC, including an SC that fails: kernels clear the reservation with one at each return to a
 * program. While a counter counts failing SCs, the body is called.
 */
static bool emit_sc(struct gen *gen, const struct insn *insn, const struct atomic *atomic,
		    unsigned size)
{
	struct x86 *x = &gen->x;
	u8 *elsewhere, *other_size;

	(void)atomic;
	if (!find_physical(gen, insn, true, size))
		return false;
	X86(x, TEST, x86_at(4, ENV, ENV_OF(pmu.listening)), x86_imm(1 << PMU_sc_failures));
	gen_slow_path(gen, ZYDIS_MNEMONIC_JNZ);
	X86(x, MOV, x86_reg(4, RCX), x86_imm(1));
	X86(x, CMP, x86_reg(8, RDX), x86_at(8, ENV, ENV_OF(reservation)));
	elsewhere = x86_jump(x, ZYDIS_MNEMONIC_JNZ);
	X86(x, CMP, x86_at(1, ENV, ENV_OF(reservation_size)), x86_imm(size));
	other_size = x86_jump(x, ZYDIS_MNEMONIC_JNZ);
	gen_read_x(gen, RDX, insn->rs2);
	X86(x, MOV, at_rax(size), x86_reg(size, RDX));
	gen_constant(gen, RCX, 0);
	x86_patch(elsewhere, x->at);
	x86_patch(other_size, x->at);
	_Static_assert(RESERVATION_NONE == (u64)-1, "an immediate stands for it");
	X86(x, MOV, x86_at(8, ENV, ENV_OF(reservation)), x86_imm(-1));
	gen_write_x(gen, insn->rd, RCX);
	return true;
}

static bool emit_fence(struct gen *gen, const struct insn *insn, const struct atomic *atomic,
		       unsigned size)
{
	(void)gen;
	(void)insn;
	(void)atomic;
	(void)size;
	return true;
}

static const struct atomic atomics[] = {
	[JIT_FENCE] = { .emit = emit_fence },
	[JIT_LR] = { .emit = emit_lr },
	[JIT_SC] = { .emit = emit_sc },
	[JIT_CAS] = { .emit = emit_cas },
	[JIT_SWAP] = { .emit = emit_swap },
	[JIT_ADD] = { emit_op, ZYDIS_MNEMONIC_ADD },
	[JIT_XOR] = { emit_op, ZYDIS_MNEMONIC_XOR },
	[JIT_AND] = { emit_op, ZYDIS_MNEMONIC_AND },
	[JIT_OR] = { emit_op, ZYDIS_MNEMONIC_OR },
	[JIT_MIN] = { emit_choice, ZYDIS_MNEMONIC_CMOVL },
	[JIT_MAX] = { emit_choice, ZYDIS_MNEMONIC_CMOVNLE },
	[JIT_MINU] = { emit_choice, ZYDIS_MNEMONIC_CMOVB },
	[JIT_MAXU] = { emit_choice, ZYDIS_MNEMONIC_CMOVNBE },
};

bool emit_atomic_of_one_thread(struct gen *gen, const struct insn *insn, const struct emitter *how)
{
	const struct atomic *atomic = &atomics[how->mnemonic];

	return atomic->emit(gen, insn, atomic, how->size);
}

bool jit_atomic(struct gen *gen, const struct insn *insn, const struct emitter *how)
{
	return gen->jit->atomic(gen, insn, how);
}

/* SPDX-License-Identifier: MIT */
/*
 * The queries that the translation makes about emitters (emit/). An emitter may use everything in
 * this folder.
 */
#ifndef CPU_JIT_EMITTER_H
#define CPU_JIT_EMITTER_H

#include "cpu/isa/isa.h"

struct gen;

/*
 * An emitter translates the instruction, which is gen->insn. It returns false, with nothing
 * written, if it cannot.
 */
struct emitter {
	bool (*emit)(struct gen *gen, const struct insn *insn, const struct emitter *how);
	u16 mnemonic; /* of Zydis, or another parameter of the emitter */
	u8 size, group;
	bool flag; /* a parameter of the emitter */
};

/* The emitters by operation; one without a function is a call. */
extern const struct emitter emitters[OP_TABLE_SIZE];

/* Return whether it translates a load or store of one datum. */
bool emitter_is_load(const struct emitter *emitter);
bool emitter_is_store(const struct emitter *emitter);

/* Returns whether it computes a single or a double, and then replaces a NaN. */
bool emitter_makes_nan(const struct emitter *emitter);

/*
 * Returns whether the floating-point unit is Dirty after the instruction although it writes no f
 * register: an instruction that raises flags sets it so.
 */
bool emitter_makes_dirty(const struct emitter *emitter);

/* Returns whether it treats all quiet NaNs of its size alike. Comparisons do, too. */
bool emitter_ignores_nan(const struct emitter *emitter);

/*
 * Returns how many bytes at rs1 a unit-stride vector load or store accesses; 0 for other
 * instructions.
 */
unsigned emitter_unit_bytes(const struct gen *gen, const struct insn *insn);

/*
 * Returns how many instructions, beginning with this one, are emitted together as a batch
 * (emit/vector_batch.c); 0 if it begins none.
 */
unsigned emitter_batch(struct gen *gen, const struct insn *first);
void emit_batch(struct gen *gen, const struct insn *first);

/* Compares the upper part of an f register, above a single, with that of a NaN box. */
void emitter_compare_boxed(struct gen *gen, unsigned reg);

/*
 * Returns whether the emitted instruction, alone or as one of a pair, preserves RCX. If its body is
 * called instead, a group goes on in the second version of the code, and a strip is not written.
 */
bool emitter_leaves_rcx(const struct emitter *emitter, const struct insn *insn);

/*
 * Translates an instruction together with the next one, if it can (emit/pair.c). Otherwise it
 * returns false and writes nothing.
 */
bool emit_pair(struct gen *gen, const struct insn *first);

/*
 * Returns whether the instruction writes a sign-extended word to its x register. `words` is the
 * mask of the registers that have such words before it.
 */
bool emitter_gives_word(u32 words, const struct insn *insn);

/*
 * Emits AMOs, LR, SC and FENCE for harts that share one host thread. Harts on several threads would
 * need another function, with locked instructions and fences of the host.
 */
bool emit_atomic_of_one_thread(struct gen *gen, const struct insn *insn, const struct emitter *how);

#endif

/* SPDX-License-Identifier: MIT */
/*
 * The interface that the emitters (emit/), which are made of all that is here, give to the
 * translation.
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
 * Returns whether the state of the floating-point unit is dirty behind the instruction, though it
 * writes no f register: whatever raises flags leaves it so.
 */
bool emitter_makes_dirty(const struct emitter *emitter);

/* Returns whether it does the same with each quiet NaN of its size: also a comparison does. */
bool emitter_ignores_nan(const struct emitter *emitter);

/* Returns how many bytes at rs1 a vector instruction loads or stores; 0: it is no such one. */
unsigned emitter_unit_bytes(const struct gen *gen, const struct insn *insn);

/*
 * Returns how many instructions from one on are written at once, as a batch (emit/vector_batch.c);
 * 0: it begins none.
 */
unsigned emitter_batch(struct gen *gen, const struct insn *first);
void emit_batch(struct gen *gen, const struct insn *first);

/* Compares what an f register has in front of a single with what is there if it is NaN-boxed. */
void emitter_compare_boxed(struct gen *gen, unsigned reg);

/*
 * Returns whether the instruction, also as one of a pair, leaves RCX as it is if it is emitted.
 * Where a body is called instead, a group goes on in the version apart, and a strip is not written.
 */
bool emitter_leaves_rcx(const struct emitter *emitter, const struct insn *insn);

/*
 * Translates an instruction and the next one at once, if it knows how (emit/pair.c). Returns false,
 * with nothing written, if it does not.
 */
bool emit_pair(struct gen *gen, const struct insn *first);

/*
 * Returns whether the instruction leaves in its x register a word extended with its sign; those of
 * the mask do before it.
 */
bool emitter_gives_word(u32 words, const struct insn *insn);

/*
 * Emits AMOs, LR, SC and FENCE for harts on one host thread; harts on several would have another
 * function, with locked instructions and fences of the host.
 */
bool emit_atomic_of_one_thread(struct gen *gen, const struct insn *insn, const struct emitter *how);

#endif

/* SPDX-License-Identifier: MIT */
/* The native tier's own data: the native code of a machine, its entries and its exits. */
#ifndef CPU_JIT_IMPL_H
#define CPU_JIT_IMPL_H

#include "cpu/engine/block_cache.h"
#include "cpu/hart/hart.h"
#include "cpu/fpu/mxcsr.h"
#include "cpu/hart/limits.h"
#include "cpu/jit/arena.h"
#include "cpu/jit/host.h"
#include "cpu/jit/jit.h"

struct emitter;
struct gen;
struct x86_forms;

/*
 * A jump out of a block within its page. It leads to the exit's own code until it is linked. Exits
 * and codes refer to each other by their numbers, the indices in jit->exits and jit->codes; 0 means
 * none.
 */
struct jit_exit {
	u8 *place; /* the place of the jump, for x86_patch */
	u8 *own; /* the exit's own code, which leaves native code so that the exit can be linked */
	u32 from; /* the code that contains the jump */
	u32 to; /* the code to which the jump leads; 0 if it is not linked */
	u32 same_target, before; /* the next and previous exit in the list of those to `to` */
	u16 offset; /* of the target in the page, in bytes */
};

/* The native code of a block. In a chunk, codes are numbered in the order of their addresses. */
struct jit_code {
	struct block *block; /* NULL: the code was dropped */
	u32 code, cold; /* the offsets in the arena of its hot and its cold part, in bytes */
	u32 size, cold_size; /* their sizes in bytes */
	u32 exits; /* its first exit; the others follow */
	u32 linked; /* the first exit in the list of those that lead to this code */
	u16 exit_count;
	u16 offset; /* of the block in its page, in bytes */
};

/*
 * Why native code was left: JIT_NEXT, to find the next block, unless hart->stop is set; JIT_TRAP,
 * for a trap, which is in hart->trap, or before an instruction that a timing model has to observe
 * (native.undone); JIT_LOOK, after an instruction that changes state, where interrupts must be
 * checked.
 */
enum jit_left { JIT_NEXT, JIT_TRAP, JIT_LOOK };

/* jit_call returns these to stay in native code: after the instruction, or at hart->pc. */
enum { JIT_GO_ON = 0, JIT_GO_TO_PC = JIT_LOOK + 2 };

/* Code that all blocks share. Addresses are those at which it is written (arena.h). */
struct jit_stubs {
	bool with_avx2; /* blocks with vectors use AVX2, so upper halves are cleared for C */
	/* Call a body: [1][*] in blocks with vectors, [*][1] with f registers in the host's. */
	u8 *call[2][2];
	u8 *load_fp, *save_fp; /* load the pinned f registers from the hart, or store them to it */
	u8 *leave_at; /* leaves native code at the page offset in EAX */
	u8 *leave_pc; /* leaves native code at the pc in RAX */
	u8 *find_pc; /* finds the code for the pc in RAX if the table of jumps does not have it */
	/*
	 * By write and by the binary logarithm of the size: look in the second level of the TLB for
	 * the page of an access that missed the view, and clear ZF if they find it.
	 */
	u8 *refill[2][4];
	/*
	 * Do the same for the site with the number in ECX, after trying the view: [1] in strips,
	 * where they try nothing else.
	 */
	u8 *site[2][2][4];
	u8 *span[2]; /* by write: finds a new span for a vector access (probe.h) */
	u8 *walk; /* finds the page of a load by a page walk if the second level does not have it */
	u8 *end_strip; /* ends a strip (gen_write_end_strip) */
	u8 *go_to_pc; /* continues at hart->pc, after loading all registers of native code */
	/* Execute the ECALL or SRET at the page offset in EAX; they return if they cannot. */
	u8 *ecall, *sret;
	/* Write a CSR: ECX is the kind of access, RDX the operand. They set ZF if that was done. */
	u8 *sstatus, *sie, *satp;
	u8 *sum; /* does the same for sstatus, faster if only SUM changes; changes RAX, too */
	u8 *link; /* does what leave_at does, for the exit with the number in ECX */
	enum jit_left (*enter)(struct hart *hart, const void *code);
};

struct jit {
	struct jit_arena arena;
	struct x86_forms *forms;
	struct gen *gen; /* the state of jit_compile, which is too large for the stack */
	struct jit_stubs stubs;
	size_t stubs_end; /* the offset in the arena after the stubs; 0: they are not written yet */
	struct block_cache *blocks;
	/*
	 * A set of enum jit_only, whose emitters are used; and for how many of JIT_KEPT_MOST
	 * instructions they are used, chosen at random (below the maximum only in tests).
	 */
	unsigned only, kept;
	struct jit_host host;
	/* Emits AMOs, LR, SC and FENCE (emit/emit.h). */
	bool (*atomic)(struct gen *gen, const struct insn *insn, const struct emitter *how);
	u8 fflags[MXCSR_FLAGS + 1]; /* by MXCSR's exception flags: the fflags that they become */
	struct jit_exit *exits;
	struct jit_code *codes;
	u32 exit_count, code_count; /* the next numbers to be assigned */
	u32 searches; /* the number of searches that have had a number */
	u32 loops; /* the number of loops that have had a number */
	unsigned now; /* the chunk of the arena into which code is written */
	bool huge; /* that chunk was put into huge pages */
	u32 chunk_end[JIT_CHUNKS_MAX]; /* of the other chunks: the number after their last code */
	u16 threshold; /* how often a block runs before it is translated */
	struct jit_stats stats;
	struct jit_listing listing;
};

/* Returns whether blocks with vectors use AVX2, and all of its sixteen registers. */
static inline bool jit_has_only_avx2(const struct jit *jit)
{
	return jit->host.has_avx2 && jit->host.has_bmi2 && !jit->host.has_avx512;
}

/*
 * Writes the stubs at the start of the arena, unless they are there already. It is called late
 * because many programs end before a block is hot. Offset 0 is the entry of blocks without code.
 */
void stubs_need(struct jit *jit);

/* Returns how many bytes of either half the code of a block with `insns` instructions may take. */
u64 jit_room(unsigned insns, bool vectors);

/*
 * Translates a block, or refuses to (timed/noted.h), in which case it has no native code. Returns
 * false if the chunk has no space.
 */
bool jit_compile(struct jit *jit, struct hart *hart, struct block *block);

/* Runs native code, beginning with `block`, which is at hart->pc, until native code is left. */
enum jit_left jit_enter(struct jit *jit, struct hart *hart, const struct block *block);

/*
 * Calls an instruction's body for native code; `budget` is what will be left of the slice after
 * the whole block. Returns JIT_GO_ON, JIT_GO_TO_PC, or, to leave native code, enum jit_left + 1.
 */
unsigned jit_call(struct hart *hart, const struct insn *insn, struct block *block, s64 budget);

#endif

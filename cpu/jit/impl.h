/* SPDX-License-Identifier: MIT */
/* The native tier's own data: the code of a machine, and the ways in and out of it. */
#ifndef CPU_JIT_IMPL_H
#define CPU_JIT_IMPL_H

#include "cpu/engine/block_cache.h"
#include "cpu/hart/hart.h"
#include "cpu/fpu/mxcsr.h"
#include "cpu/hart/limits.h"
#include "cpu/jit/arena.h"
#include "cpu/jit/jit.h"

struct emitter;
struct gen;
struct x86_forms;

/*
 * A jump out of a block within its page: it leads to the exit's own code until it is linked. Exits
 * and codes are known by their numbers; 0 is none.
 */
struct jit_exit {
	u8 *place; /* of its offset, where it is written */
	u8 *own; /* its own code */
	u32 from; /* the code that has it */
	u32 to; /* the code to which it leads; 0: it is not linked */
	u32 same_target,
		before; /* other exits that lead there, the next and the last of its list */
	u16 offset; /* of the target in the page */
};

/*
 * The code that was made of a block. In a chunk such codes are in the order of their places in the
 * arena.
 */
struct jit_code {
	struct block *block; /* NULL: it was dropped */
	u32 code, cold; /* offsets of its two parts, and their lengths */
	u32 size, cold_size;
	u32 exits; /* its first exit */
	u32 linked; /* an exit that leads here */
	u16 exit_count;
	u16 offset; /* of the block in its page */
};

/*
 * Why native code was left: for the next block, unless hart->stop is set; for a trap, which is in
 * hart->trap, or an instruction left undone in a run (native.undone); or after an instruction that
 * changes state, where interrupts must be checked.
 */
enum jit_left { JIT_NEXT, JIT_TRAP, JIT_LOOK };

/* jit_call returns these to stay in native code: after the instruction, or at hart->pc. */
enum { JIT_GO_ON = 0, JIT_GO_TO_PC = JIT_LOOK + 2 };

/* Features beyond x86-64-v2 that native code may use; a host with only that level has none. */
struct jit_host {
	bool has_bmi2, has_bextr, has_fma, has_counts; /* BMI2; BMI1; FMA3; LZCNT and TZCNT */
	bool has_aes, has_vaes, has_pclmul, has_f16c, has_sha, has_vpclmul, has_gfni;
	bool has_avx, has_avx2, has_avx512; /* the last one with BW, DQ, VL and BMI2 */
	bool has_vbmi; /* with AVX-512 */
};

/* Code that all blocks share. The addresses are where it is written. */
struct jit_stubs {
	bool with_avx2; /* blocks with vectors use AVX2, and C may not */
	/*
	 * They execute an instruction by its interpreter function: [1][*] in blocks with vectors,
	 * [*][1] with f registers in the host's before and behind it.
	 */
	u8 *call[2][2];
	u8 *load_fp, *save_fp; /* load f registers, or store them, and return */
	u8 *leave_at; /* leaves at the offset in the page that is in eax */
	u8 *leave_pc; /* leaves at the pc in rax */
	u8 *find_pc; /* goes on at the pc in rax, which the table of jumps does not have */
	/*
	 * For reads and writes of 1 to 8 bytes: they ask the second level of the TLB for the page
	 * of an access that missed the view, and clear ZF if it is there.
	 */
	u8 *refill[2][4];
	u8 *site[2][4]; /* the same for a site, whose number is in ecx: the view is asked first */
	u8 *span[2]; /* finds the pages of a vector access, to be read or written (probe.c) */
	u8 *walk; /* asks for the page of a load that the second level lacks */
	u8 *end_strip; /* ends a strip (loop/loop.h) */
	u8 *go_to_pc; /* goes on at hart->pc, with all that native code keeps in registers */
	u8 *ecall, *sret; /* execute the instruction whose offset is in eax, or return */
	/* Write the register with ECX as the way and RDX, keep RAX, and set ZF if that is done. */
	u8 *sstatus, *sie, *satp;
	u8 *sum; /* the same for sstatus, of SUM at once; changes RAX */
	u8 *link; /* leaves like leave_at, by the exit whose number is in ecx */
	enum jit_left (*enter)(struct hart *hart, const void *code);
};

struct jit {
	struct jit_arena arena;
	struct x86_forms *forms;
	struct gen *gen; /* jit_compile works on it: a stack would be probed for so much */
	struct jit_stubs stubs;
	size_t stubs_end; /* where the arena's blocks begin; 0: there are no stubs yet */
	struct block_cache *blocks;
	unsigned only, kept; /* of these groups, so many of JIT_KEPT_MOST emitters are used */
	struct jit_host host;
	/* Emits AMOs, LR, SC and FENCE (emit/emit.h). */
	bool (*atomic)(struct gen *gen, const struct insn *insn, const struct emitter *how);
	u8 fflags[MXCSR_FLAGS + 1]; /* by MXCSR's flags */
	struct jit_exit *exits;
	struct jit_code *codes;
	u32 exit_count, code_count; /* the next numbers */
	u32 loops; /* given numbers of loops */
	unsigned now; /* the chunk of the arena where code is made */
	bool huge; /* that chunk was put into huge pages */
	u32 chunk_end[JIT_CHUNKS_MAX]; /* of the others: the number behind their last code */
	u16 threshold; /* how often a block is run before it is translated */
	struct jit_stats stats;
	struct jit_listing listing;
};

/* Returns whether blocks with vectors use AVX2, and all of its sixteen registers. */
static inline bool jit_has_only_avx2(const struct jit *jit)
{
	return jit->host.has_avx2 && jit->host.has_bmi2 && !jit->host.has_avx512;
}

/*
 * Writes the stubs at the start of the arena, unless they are there: many programs end before a
 * block is hot. The arena's first byte is the entry for blocks without native code.
 */
void stubs_need(struct jit *jit);

/* Returns how many bytes of either half the code of a block with `insns` instructions may take. */
u64 jit_room(unsigned insns, bool vectors);

/*
 * Translates a block, or refuses to (timed/noted.h), in which case it has no native code. Returns
 * false if the chunk has no space.
 */
bool jit_compile(struct jit *jit, struct hart *hart, struct block *block);

/* Runs native code from `block` on, which is at hart->pc. */
enum jit_left jit_enter(struct jit *jit, struct hart *hart, const struct block *block);

/*
 * Executes an instruction for native code. Returns JIT_GO_ON, JIT_GO_TO_PC, or, to leave native
 * code, enum jit_left + 1.
 */
unsigned jit_call(struct hart *hart, const struct insn *insn, struct block *block, s64 budget);

#endif

/* SPDX-License-Identifier: MIT */
/*
 * The units of random programs. The registers: x1 to x20 contain data; x21 counts loops; x22 points
 * to private data, x23 to shared data; x24 is the start of private data; units use x25 and x26; x27
 * is the address of the next unit; x28 that of the devices; x29 that of this hart's page-table
 * entries for its private data; the handlers use x30 and x31. An instruction that the mode does not
 * allow ends a unit by a trap.
 */
#ifndef TESTS_CPU_TIERS_TIER_UNITS_H
#define TESTS_CPU_TIERS_TIER_UNITS_H

#include "tests/cpu/tiers/tier_emit.h"
#include "tests/cpu/tiers/tier_random.h"

/* The pages of RAM. Those with a constant ..._EACH are separate for each hart. */
enum {
	CODE = 0, CODE_EACH = 32, HANDLERS = 128, HANDLERS_EACH = 3, HANDLER_NMI = 140,
	PRIVATE = 144, PRIVATE_EACH = 16, SHARED = 208, SAVE = 224, ROUTINE = 240, JUMPS = 241,
	TWINS = 242, SHADOWS = 250, TABLES = 256, DEVICES = 500,
};
/* The address spaces of a mode: one for each of three paging modes and each ASID. */
enum { ASIDS = 2, SPACES = 3 * ASIDS };
/* The offset of the values of satp in the save area to which sscratch points, in doublewords. */
enum { SAVED = 4 };
enum { UNITS = 300 };

/* The flags of page-table entries. User pages are for data. */
#define LEAF_S 0xcfull /* V R W X A D */
#define LEAF_U 0xd7ull /* V R W U A D */
#define LEAF_ANY 0xdfull /* V R W X U A D */

struct program {
	struct emit emit;
	const struct isa *isa;
	u64 *seed;
	unsigned hart;
	unsigned harts;
	bool unfenced; /* most fences of page tables are omitted */
	/*
	 * mstatus.TVM and TSR may be set, so illegal and virtual instructions always trap to
	 * M-mode.
	 */
	bool reserves;
};

typedef void (*program_unit)(struct program *program);

/* Emits a random sequence of these units, in an endless loop. */
void program_emit(struct program *program, const program_unit *units, unsigned count);

/* Returns the number of a random register for data. */
unsigned program_register(struct program *program);

/* Emit a load or store of a doubleword of data near `base`. */
void program_load(struct program *program, unsigned base);
void program_store(struct program *program, unsigned base);

/* Emits code that sets or clears bits of a CSR. It overwrites x25. */
void program_change(struct program *program, bool set, unsigned csr, u64 bits);

/* Emits a random instruction that computes or accesses memory. */
void program_any(struct program *program);

static inline u64 program_private(unsigned hart)
{
	return PAGE_AT(PRIVATE + hart * PRIVATE_EACH);
}

/* The units in tier_units.c. */
void unit_compute(struct program *program);
void unit_loop(struct program *program);
void unit_move(struct program *program);
void unit_lr_sc(struct program *program);
void unit_idioms(struct program *program);
void unit_near(struct program *program);
void unit_streams(struct program *program);
void unit_arrays(struct program *program);
void unit_search(struct program *program);
void unit_copy(struct program *program);
void unit_device(struct program *program);
void unit_mode(struct program *program);
void unit_csr(struct program *program);
void unit_timer(struct program *program);
void unit_counter(struct program *program);
void unit_code(struct program *program);
void unit_chase(struct program *program);
void unit_switch(struct program *program);
void unit_rest(struct program *program);

/*
 * The units in tier_paging_units.c. program_fences returns whether the next change of a page table
 * is followed by a fence.
 */
bool program_fences(const struct program *program);

/*
 * Returns whether hardware updates A and D in the page tables of this hart, for programs that omit
 * fences.
 */
static inline bool program_adue(unsigned hart)
{
	return hart % 2 == 0;
}

void unit_page(struct program *program);
void unit_space(struct program *program);
void unit_twins(struct program *program);
void unit_superpage(struct program *program);
void unit_pointer(struct program *program);
void unit_own_page(struct program *program);

#endif

/* SPDX-License-Identifier: MIT */
/*
 * Lays out a fact's code, data and page tables. Physical memory is laid out once; a fact chooses
 * stages of translation and the entries for its data by tokens:
 *   STAGE[MODE][/LEVEL][.WHAT]:FLAGS[+BITS][@TARGET]
 * STAGE s, vs or g; MODE 39 (if left out), 48, 57; LEVEL of the leaf, 0 if left out; WHAT data (if
 * left out), next (the page after it), code, table (g: the page of the VS stage's leaf entry),
 * middle (g: that of its entry above). FLAGS are letters of r w x u g a d, i for V clear, n for
 * NAPOT, p and q for PBMT 1 and 2, or - for V alone. BITS are added to the entry, TARGET is where
 * it points. Each stage has its own addresses, so that none can be taken for another's.
 */
#ifndef TESTS_FACTS_LAYOUT_H
#define TESTS_FACTS_LAYOUT_H

#include "bus/bus.h"
#include "tests/facts/value.h"

/* The physical pages. Those of the handlers and of the code are filled with jumps to themselves. */
#define STUB_PA 0x80000000ull /* the instructions that set up a fact */
#define HANDLER_M_PA 0x80001000ull
#define HANDLER_S_PA 0x80002000ull
#define HANDLER_VS_PA 0x80003000ull
#define CODE_PA 0x80004000ull
#define CODE_PAGES 2
#define DATA_PA 0x80008000ull
#define DATA_PAGES 2
#define HOLE_PA 0x40000000ull /* there is nothing at this address */
#define DEVICE_PA 0x10000000ull /* a device */

enum stage_name { STAGE_S, STAGE_VS, STAGE_G, STAGE_COUNT };
enum page_name { PAGE_DATA, PAGE_NEXT, PAGE_CODE, PAGE_TABLE, PAGE_MIDDLE, PAGE_COUNT };

/* The chosen leaf for a page of a stage. */
struct choice {
	bool made;
	u8 level;
	u64 flags;
	bool has_target;
	u64 target;
};

struct space {
	bool on;
	u8 levels;
	struct choice page[PAGE_COUNT];
	/* The stage's input addresses are physical addresses plus these offsets. */
	u64 code_offset, data_offset;
	u64 root, next; /* physical addresses: the root table, and the next free page */
	/* The physical addresses of the data's entry, and of the entry at level 1. */
	u64 leaf_pa, middle_pa;
	u64 leaf; /* the value of the data's entry */
	u64 atp; /* the value for satp, vsatp or hgatp */
};

struct layout {
	struct space space[STAGE_COUNT];
	struct bus *bus;
	struct symbols *symbols;
};

/*
 * layout_is_choice returns whether a token is one of those described above; layout_choose applies
 * it, or returns false with *error set if it is not valid.
 */
bool layout_is_choice(const char *token);
bool layout_choose(struct layout *layout, const char *token, const char **error);

/*
 * Makes the tables for code that runs in a mode, and sets the symbols for their addresses. The
 * symbols HOLE, DEVICE and PA must be set before, because choices may contain them. In U-mode
 * (VU-mode) the code pages are user pages of the stage s (vs).
 */
void layout_build(struct layout *layout, u8 priv, bool virt);

/* Returns the stage that a token names. */
enum stage_name layout_stage(const char *token);

#endif

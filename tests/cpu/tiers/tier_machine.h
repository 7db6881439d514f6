/* SPDX-License-Identifier: MIT */
/*
 * Machines of the same shape, one per tier, that are put into the same state again and again
 * and compared: harts, RAM, a second RAM that only holds page tables, two devices with registers
 * that have side effects, a CLINT. All that the machines registered as state is compared and
 * copied; memory only where it was written, by its dirty marks.
 */
#ifndef TESTS_CPU_TIERS_TIER_MACHINE_H
#define TESTS_CPU_TIERS_TIER_MACHINE_H

#include "bus/platform.h"
#include "bus/timebase.h"
#include "cpu/debug/observe.h"
#include "cpu/hart/harts.h"
#include "devices/irq/clint.h"
#include "devices/irq/imsic.h"

#define RAM_BASE 0x80000000ull
#define RAM_SIZE (2 * MiB)
/*
 * Random addresses do not reach these, so that stores change no translation by chance. Sums and
 * shifts of edge values would reach a power of two.
 */
#define TABLES_BASE 0x2c0000000ull
#define TABLES_SIZE (256 * KiB)
/*
 * All extensions of ext.def, opt-in ones, too, but for Smdbltrp, with which a second trap in M-mode
 * ends a hart. Zcmp and Zcmt are included although they exclude Zcd: where both mean something,
 * they win.
 */
#define TIER_EXTENSIONS ext_without(ext_in_no_state(1 << EXT_QUIRK), EXT_smdbltrp)
#define BYTES_BASE 0x10000000ull /* a device that takes accesses of 1 to 8 bytes */
#define WORDS_BASE 0x10001000ull /* one that takes 4 bytes */
#define DEVICE_SIZE PAGE_SIZE
#define HOLE_BASE 0x40000000ull /* nothing is here */

/* Each access, also a read, changes the registers; a write to the first drives MEIP of hart 0. */
#define PROBE_REGS 16
#define PROBE_REFUSES 0x800 /* offsets from here on */
struct probe {
	u64 reg[PROBE_REGS];
	u32 reads, writes;
	struct irq line;
};

struct tier_machine {
	struct platform platform;
	struct timebase timebase;
	struct ram ram, tables;
	struct probe bytes, words;
	struct clint clint;
	struct imsic imsic;
	struct harts harts;
	struct jit *jit; /* of the native tier, or NULL */
	struct watch watch; /* the observers of machines that are timed */
};

struct tier_config {
	unsigned harts;
	struct ext_set extensions;
	struct vector_config vector; /* as harts_config's */
	struct rnmi_vectors rnmi;
	bool imsic; /* an IMSIC for each hart, with so many guest files */
	unsigned guests;
	bool unfenced; /* programs leave out most fences of page tables */
	bool native; /* m[1] runs the native tier from the first time on, not threaded code */
	/*
	 * There the instructions of these groups (enum jit_only) are calls of their bodies, and so
	 * are so many of JIT_KEPT_MOST others, at random.
	 */
	unsigned calls, some_calls;
	bool three; /* m[1] runs threaded code, and m[2] the native tier */
	const struct timing_core *timing; /* all are timed by it; outlives them. NULL: none */
};

/*
 * m[0] runs the interpreter (which is watched if it is timed), m[1] threaded or native code; the
 * third machine is there if the configuration has three.
 */
struct machines {
	struct tier_config config;
	unsigned count; /* of machines */
	struct tier_machine m[3];
	u8 *ram, *tables; /* memory at machines_begin: the test fills it in */
};

/*
 * These assert on failure. machines_commit makes what was written to ram and tables the machines'
 * memory.
 */
void machines_init(struct machines *machines, const struct tier_config *config);
void machines_commit(struct machines *machines);
void machines_free(struct machines *machines);

/* Returns the port of the IMSIC to a hart, which has it already. */
struct imsic_port tier_imsic_port(struct tier_machine *machine, unsigned hart);

/*
 * Restores memory of all machines as it was committed, resets the harts, and sets the time to
 * zero.
 */
void machines_begin(struct machines *machines);

/* Writes bytes into the first machine's memory. */
void machines_poke(struct machines *machines, u64 pa, const void *data, size_t size);

/* Makes the others copies of the first machine; all rebuild what follows from their state. */
void machines_mirror(struct machines *machines);

/*
 * Copies to new other machines, which know nothing but what is loaded, and leaves the first one
 * alone.
 */
void machines_restore(struct machines *machines);

/*
 * Describes the first difference of another machine from the first one, also of the traps taken
 * last; returns false if there is none.
 */
bool machines_differs(struct machines *machines, char *text, size_t size);

/* Finds a page that is dirty in one of them, and differs; returns false if there is none. */
bool tier_ram_differs(const struct ram *a, const struct ram *b, u64 *page);

/*
 * Runs hart 0 of one machine until it has begun `steps` instructions since reset (or waits or is
 * dead), outside of any scheduling: no event fires, no other hart runs.
 */
void tier_run(struct tier_machine *machine, u64 steps);

/* Returns the traps that all harts have taken. */
u64 tier_traps(const struct tier_machine *machine);

/*
 * Runs all harts until `count` instructions are retired in all, or none goes on; returns HARTS_RAN
 * if they only trap, for TIER_TRAPS_MOST traps or more.
 */
#define TIER_TRAPS_MOST 10000000
enum harts_exit tier_run_to(struct tier_machine *machine, u64 count);

#endif

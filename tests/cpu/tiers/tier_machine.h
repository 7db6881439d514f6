/* SPDX-License-Identifier: MIT */
/*
 * Machines with the same configuration, one per tier, that are put into the same state again and
 * again, and compared. Each has harts, RAM, a second RAM that only contains page tables, two
 * devices whose registers have side effects, and a CLINT. Everything that the machines have
 * registered as state is compared and copied; of memory, only the pages that are marked as dirty.
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
 * Page tables are where no address leads that a test generates, so that no store changes a
 * translation by chance. Sums and shifts of edge values would reach a power of two.
 */
#define TABLES_BASE 0x2c0000000ull
#define TABLES_SIZE (256 * KiB)
/*
 * All extensions of ext.def, also those that must be requested, except Smdbltrp, with which a
 * second trap in M-mode ends a hart. Zcmp and Zcmt are included, although they exclude Zcd:
 * encodings that both define are theirs.
 */
#define TIER_EXTENSIONS ext_without(ext_in_no_state(1 << EXT_QUIRK), EXT_smdbltrp)
#define BYTES_BASE 0x10000000ull /* a device that accepts accesses of 1 to 8 bytes */
#define WORDS_BASE 0x10001000ull /* one that accepts accesses of 4 bytes */
#define DEVICE_SIZE PAGE_SIZE
#define HOLE_BASE 0x40000000ull /* there is nothing at this address */

/*
 * The registers of these devices. Each access, even a read, changes them; a write to the first one
 * drives MEIP of hart 0.
 */
#define PROBE_REGS 16
#define PROBE_REFUSES 0x800 /* accesses at offsets from here on fail */
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
	struct jit *jit; /* the native tier's; else NULL */
	struct watch watch; /* the observers, of machines that are timed */
};

struct tier_config {
	unsigned harts;
	struct ext_set extensions;
	struct vector_config vector; /* as in struct harts_config */
	struct rnmi_vectors rnmi;
	bool imsic; /* each hart has an IMSIC, with `guests` guest files */
	unsigned guests;
	bool unfenced; /* programs omit most fences of page tables */
	bool native; /* m[1] runs the native tier, not threaded code */
	unsigned threshold; /* how often a block runs before the native tier translates it */
	/*
	 * In the native tier, the instructions of these groups (enum jit_only) are calls of their
	 * bodies, and so are `some_calls` of JIT_KEPT_MOST others, at random.
	 */
	unsigned calls, some_calls;
	bool three; /* m[1] runs threaded code, and m[2] the native tier */
	const struct timing_core *timing; /* times all machines, and outlives them; NULL: none */
};

/*
 * m[0] runs the interpreter (with observers if it is timed); m[1] runs threaded or native code;
 * m[2] exists if the configuration has `three`.
 */
struct machines {
	struct tier_config config;
	unsigned count; /* the number of machines */
	struct tier_machine m[3];
	u8 *ram, *tables; /* the contents of memory at machines_begin, which the test fills in */
};

/*
 * Make and free the machines; they assert success. machines_commit copies `ram` and `tables` to the
 * machines' memory.
 */
void machines_init(struct machines *machines, const struct tier_config *config);
void machines_commit(struct machines *machines);
void machines_free(struct machines *machines);

/* Returns the port by which a hart reaches its IMSIC; the hart has it already. */
struct imsic_port tier_imsic_port(struct tier_machine *machine, unsigned hart);

/*
 * Restores the memory of all machines to the committed contents, resets the harts, and sets the
 * time to 0.
 */
void machines_begin(struct machines *machines);

/* Writes bytes into the first machine's memory. */
void machines_poke(struct machines *machines, u64 pa, const void *data, size_t size);

/*
 * Copies the first machine's state to the others. All machines then rebuild what is derived from
 * their state.
 */
void machines_mirror(struct machines *machines);

/*
 * Replaces the other machines by new ones, which only have the first machine's state, as after
 * loading a snapshot. The first machine is not changed.
 */
void machines_restore(struct machines *machines);

/*
 * Describes the first difference between the first machine and another one, including the last trap
 * of each hart. Returns false if there is none.
 */
bool machines_differs(struct machines *machines, char *text, size_t size);

/* Finds a page that is dirty in one of the RAMs and differs. Returns false if there is none. */
bool tier_ram_differs(const struct ram *a, const struct ram *b, u64 *page);

/*
 * Runs hart 0 of a machine until it has begun `steps` instructions since its reset, or waits, or is
 * dead. Nothing is scheduled: no event fires, and no other hart runs.
 */
void tier_run(struct tier_machine *machine, u64 steps);

/* Returns the number of traps that all harts have taken. */
u64 tier_traps(const struct tier_machine *machine);

/*
 * Runs all harts until they have retired `count` instructions in total, or none can continue.
 * Returns HARTS_RAN if they only trap, that is, after TIER_TRAPS_MOST traps.
 */
#define TIER_TRAPS_MOST 10000000
enum harts_exit tier_run_to(struct tier_machine *machine, u64 count);

#endif

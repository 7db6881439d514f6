/* SPDX-License-Identifier: MIT */
/*
 * Programs with guests: the units of tier_units.h and more, in M-, HS-, U-, VS- and VU-mode, with
 * page tables of both stages that the units change while they run. All tables are in RAM, at the
 * same address in each mode that can access them.
 *
 * Each hart has three worlds: two guests with a G stage, and one without. A world has its own VMID
 * and its own first-stage tables, to which vsscratch points; so fences of a single VMID suffice.
 */
#ifndef TESTS_CPU_TIERS_TIER_GUEST_H
#define TESTS_CPU_TIERS_TIER_GUEST_H

#include "tests/cpu/tiers/tier_units.h"

enum { GUESTS = 2, WORLDS };

/*
 * The pages of a hart's tables: those of the guests, then the first stages of the world without a G
 * stage and of HS-mode.
 */
enum { GUEST_PAGES = 24, BARE_FIRST = GUESTS * GUEST_PAGES, HS_FIRST = BARE_FIRST + 5,
       HART_PAGES = 60 };
/* The pages of a guest's tables. Each root of the G stage has four pages. */
enum { G_39, G_48 = 4, G_57 = 8, G_LEVEL3 = 12, G_LEVEL2, G_MIDDLE, G_LAST, G_LAST_B, G_FIRST };
/* The pages of a first stage: its roots, and the tables that they share. */
enum { FIRST_57, FIRST_48, FIRST_39, FIRST_MIDDLE, FIRST_LAST };

/*
 * Virtual pages: after the devices the interrupt files, then the mode's own last-level table and
 * the table above it.
 */
enum { DEVICE_FILES = 5, FILES = 3, OWN_LAST = DEVICES + DEVICE_FILES + FILES, OWN_MIDDLE };

/*
 * The guest physical addresses at which guests find RAM: page by page, as a superpage, page by page
 * in another order, and as a gigapage.
 */
#define WINDOW_A RAM_BASE
#define WINDOW_SUPER 0x80200000ull
#define WINDOW_USER 0x80400000ull
#define WINDOW_B 0x80600000ull
#define WINDOW_GIGA 0x100000000ull

/*
 * The guest interrupt files of an IMSIC. Together with the S file they are a power of two of pages
 * per hart.
 */
#define IMSIC_GUESTS 3

/*
 * The choices of worlds in S-mode's save area, after the values of satp, from which unit_world
 * takes the values of three CSRs: GUEST_CHOICES for each guest, and a last one for the world
 * without a G stage.
 */
enum { GUEST_CHOICES = 3, WORLD_CHOICES = GUESTS * GUEST_CHOICES + 1, WORLD_WORDS = 3,
       WORLD_SAVED = SAVED + SPACES };

static inline unsigned guest_page(unsigned hart, unsigned guest, unsigned table)
{
	return TABLES + hart * HART_PAGES + guest * GUEST_PAGES + table;
}

/* Returns the first page of the first-stage tables of a world. World WORLDS stands for HS-mode. */
static inline unsigned guest_first_stage(unsigned hart, unsigned world)
{
	if (world < GUESTS)
		return guest_page(hart, world, G_FIRST);
	return TABLES + hart * HART_PAGES + (world == GUESTS ? BARE_FIRST : HS_FIRST);
}

/* Makes programs as program_make does. */
void guest_make(struct machines *machines, u64 seed);

/* Chooses a configuration for such a program: harts, extensions and IMSICs are random, too. */
void guest_config(struct tier_config *config, u64 seed);

/* The units in tier_guest_units.c, which change modes, worlds and the page tables of guests. */
void unit_guest_mode(struct program *program);
void unit_return(struct program *program);
void unit_world(struct program *program);
void unit_guest_access(struct program *program);
void unit_first_stage(struct program *program);
void unit_g_stage(struct program *program);
void unit_call_twins(struct program *program);
void unit_implicit_store(struct program *program);
void unit_fences(struct program *program);
void unit_mprv(struct program *program);
void unit_stray(struct program *program);
void unit_tagged(struct program *program);

/* The units in tier_guest_csr.c, which configure modes, and those for interrupts. */
void unit_configure(struct program *program);
void unit_status(struct program *program);
void unit_interrupts(struct program *program);
void unit_indirect(struct program *program);
void unit_files(struct program *program);
void unit_message(struct program *program);
void unit_trigger(struct program *program);
void unit_shadow(struct program *program);
void unit_landing(struct program *program);
void unit_frame(struct program *program);
void unit_table(struct program *program);

#endif

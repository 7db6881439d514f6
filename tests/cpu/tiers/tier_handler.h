/* SPDX-License-Identifier: MIT */
/*
 * The trap handlers of the random programs. They keep all registers except those that a unit loses
 * when it ends by an exception: x25 and x26, and in a guest x30 and x31.
 */
#ifndef TESTS_CPU_TIERS_TIER_HANDLER_H
#define TESTS_CPU_TIERS_TIER_HANDLER_H

#include "tests/cpu/tiers/tier_emit.h"

struct handler {
	unsigned period; /* ticks to the next timer interrupt */
	bool guests; /* the program has guests: otherwise no CSR of H is touched */
	bool fence_g; /* HS-mode may use HFENCE.GVMA, always */
	bool landing_pads;
};

/*
 * Interrupts are acknowledged, timers set again; with guests, others are disabled. Exceptions
 * continue at x27, where the mode sees RAM; ECALL first takes the mode from x26: privilege, and 4
 * for V=1. A fetch that faults continues in HS-mode, where all code can be fetched. An instruction
 * that may not be executed ends with a fence of everything, as it may have been one.
 *
 * mscratch and sscratch point to save areas: two words, then for M-mode the addresses of the hart's
 * mtimecmp and msip. The guest's handler uses no memory, because none of its own is sure.
 */
void handler_m(struct emit *emit, const struct handler *handler);
void handler_hs(struct emit *emit, const struct handler *handler);
void handler_vs(struct emit *emit, const struct handler *handler);

/* Counts non-maskable interrupts in mnscratch. */
void handler_nmi(struct emit *emit);

#endif

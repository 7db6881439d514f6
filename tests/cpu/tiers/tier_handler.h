/* SPDX-License-Identifier: MIT */
/*
 * The trap handlers of the random programs. They preserve all registers, except those that are lost
 * when a unit ends by an exception: x25 and x26, and in a guest x30 and x31.
 */
#ifndef TESTS_CPU_TIERS_TIER_HANDLER_H
#define TESTS_CPU_TIERS_TIER_HANDLER_H

#include "tests/cpu/tiers/tier_emit.h"

struct handler {
	unsigned period; /* ticks until the next timer interrupt */
	bool guests; /* the program has guests; otherwise no CSR of the H extension is accessed */
	bool fence_g; /* HS-mode may always execute HFENCE.GVMA */
	bool landing_pads;
};

/*
 * Emit the handlers of M-, HS- and VS-mode. They acknowledge interrupts and set timers again; with
 * guests, they disable other interrupts. After an exception they continue at x27, in the addresses
 * at which the mode finds RAM. ECALL first changes the mode to the one in x26: the privilege, plus
 * 4 for V=1. A fetch that faults continues in HS-mode, where all code can be fetched. For an
 * instruction that the mode may not execute, the handler executes a fence of everything, because
 * the instruction may have been a fence.
 *
 * mscratch and sscratch point to save areas: two words, which for M-mode are followed by the
 * addresses of the hart's mtimecmp and msip. The guest's handler uses no memory, because it cannot
 * rely on any being mapped.
 */
void handler_m(struct emit *emit, const struct handler *handler);
void handler_hs(struct emit *emit, const struct handler *handler);
void handler_vs(struct emit *emit, const struct handler *handler);

/* Emits the handler of non-maskable interrupts, which counts them in mnscratch. */
void handler_nmi(struct emit *emit);

#endif

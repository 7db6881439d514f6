/* SPDX-License-Identifier: MIT */
/*
 * Registers of the host in the strip of a loop (loop.h): those of x registers that the loop seldom
 * uses hold others while it runs, or what is to be added to addresses of a stream (live-range
 * splitting; Cooper and Simpson, "Live Range Splitting in a Graph Coloring Register Allocator").
 */
#ifndef CPU_JIT_PINS_H
#define CPU_JIT_PINS_H

struct gen;
struct loop;
struct x86;

/* Chooses what the registers hold in the loop's strip, and how many move. Its streams are known. */
void gen_choose_pins(const struct gen *gen, struct loop *loop);

/* Move registers to what the strip has in them, and back to what all other code has. */
void gen_enter_pins(struct x86 *x, const struct loop *loop);
void gen_leave_pins(struct x86 *x, const struct loop *loop);

#endif

/* SPDX-License-Identifier: MIT */
/*
 * The assignment of host registers in the strip of a loop (loop.h). Where all other code pins an x
 * register that the loop seldom uses, the strip may keep another x register, or the addend of a
 * stream (live-range splitting; Cooper and Simpson, "Live Range Splitting in a Graph Coloring
 * Register Allocator").
 */
#ifndef CPU_JIT_PINS_H
#define CPU_JIT_PINS_H

struct gen;
struct loop;
struct x86;

/* Chooses what host registers hold in the strip (loop->pin). The loop's streams must be known. */
void gen_choose_pins(const struct gen *gen, struct loop *loop);

/* Write moves from the assignment of all other code to the strip's, and back. */
void gen_enter_pins(struct x86 *x, const struct loop *loop);
void gen_leave_pins(struct x86 *x, const struct loop *loop);

#endif

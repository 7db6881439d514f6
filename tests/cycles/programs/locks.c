/*
 * Lock-free loops: branches on what an atomic, a load-reserved or a store-conditional gave. Passes in `extra`. OUT has the way by
 * which a program would leave a loop, or goes on; here both lead back.
 */
#include "pair.h"
RESULTS;
uint64_t cell[64] __attribute__((aligned(64)));

#define P "la a0, cell\n addi a2, a0, 256\n li a1, 1\n li a3, 3\n sd a3, 0(a0)\n sd zero, 64(a0)\n addi a7, a0, 64\n"
/* Both ways are longer than what is issued and fetched ahead of an atomic. */
#define PLAIN REP(24, "add a5, a5, a1")
#define OUT "\n" PLAIN " j 8f\n7:" PLAIN "8:"
#define KERNELS(K) \
  K(add,        "lr add sc bnez",              32, 1, P, "2: lr.d a4, (a0)\n add a4, a4, a1\n sc.d a5, a4, (a0)\n bnez a5, 2b") \
  K(add_w,      "lr.w addiw sc.w bnez",        32, 1, P, "2: lr.w a4, (a0)\n addiw a4, a4, 1\n sc.w a5, a4, (a0)\n bnez a5, 2b") \
  K(add_far,    "lr add sc add bnez",          32, 1, P, "2: lr.d a4, (a0)\n add a4, a4, a1\n sc.d a5, a4, (a0)\n add a6, a1, a3\n bnez a5, 2b") \
  K(cas,        "compare and swap",            32, 1, P, "2: lr.d a4, (a0)\n bne a4, a3, 7f\n sc.d a5, a3, (a0)\n bnez a5, 2b" OUT) \
  K(cas_zero,   "compare with x0 and swap",    32, 1, P, "2: lr.d a4, (a7)\n bnez a4, 7f\n sc.d a5, zero, (a7)\n bnez a5, 2b" OUT) \
  K(cas_null,   "compare with a zero and swap", 32, 1, P "li a6, 0\n", "2: lr.d a4, (a7)\n bne a4, a6, 7f\n sc.d a5, a6, (a7)\n bnez a5, 2b" OUT) \
  K(cas_misses, "compare and swap, another value", 32, 1, P, "2: lr.d a4, (a0)\n bne a4, a1, 7f\n sc.d a5, a3, (a0)\n bnez a5, 2b" OUT) \
  K(cas_fence,  "compare and swap, fence",     32, 1, P, "2: lr.d a4, (a0)\n bne a4, a3, 7f\n sc.d a5, a3, (a0)\n bnez a5, 2b\n fence rw, rw" OUT) \
  K(cas_beq,    "compare and swap by beq",     32, 1, P, "2: lr.d a4, (a0)\n beq a4, a3, 3f\n j 7f\n3: sc.d a5, a3, (a0)\n beqz a5, 8f\n j 2b" OUT) \
  K(unless,     "add unless",                  32, 1, P, "2: lr.d a4, (a0)\n beq a4, a1, 7f\n add a5, a4, a1\n sc.d a5, a5, (a0)\n bnez a5, 2b" OUT) \
  K(max,        "maximum by blt",              32, 1, P, "2: lr.d a4, (a0)\n blt a4, a1, 3f\n j 7f\n3: sc.d a5, a1, (a0)\n bnez a5, 2b" OUT) \
  K(max_u,      "maximum by bgeu",             32, 1, P, "2: lr.d a4, (a0)\n bgeu a1, a4, 3f\n j 7f\n3: sc.d a5, a1, (a0)\n bnez a5, 2b" OUT) \
  K(sc_fails,   "sc that fails, bnez",         32, 1, P "sc.d a5, a1, (a0)\n", "sc.d a5, a1, (a0)\n bnez a5, 7f" OUT) \
  K(sc_fails_not, "sc that fails, beqz",       32, 1, P "sc.d a5, a1, (a0)\n", "sc.d a5, a1, (a0)\n beqz a5, 7f" OUT) \
  K(lock,       "amoswap bnez, unlock",        32, 1, P, "2: amoswap.d a4, a1, (a7)\n bnez a4, 2b\n sd a3, 0(a0)\n amoswap.d zero, zero, (a7)") \
  K(lock_sd,    "amoswap bnez, fence sd",      32, 1, P, "2: amoswap.w.aq a4, a1, (a7)\n bnez a4, 2b\n fence rw, w\n sw zero, 0(a7)") \
  K(ticket,     "ticket lock",                 32, 1, P "li a5, 65536\n", "amoadd.w a4, a5, (a7)\n srliw a6, a4, 16\n slli a4, a4, 48\n srli a4, a4, 48\n beq a4, a6, 8f\n7: j 8f\n8: fence rw, rw\n addiw a6, a6, 1\n sh a6, 0(a7)") \
  K(reference,  "amoadd, beqz on the old value", 32, 1, P, "amoadd.w a4, a1, (a0)\n beqz a4, 7f" OUT) \
  K(reference2, "amoadd, two branches",        32, 1, P, "amoadd.w a4, a1, (a0)\n beqz a4, 7f\n bltz a4, 7f" OUT) \
  K(released,   "amoadd, beq on the old value", 32, 1, P, "amoadd.w a4, a1, (a0)\n beq a4, a1, 7f" OUT) \
  K(both,       "amoadd, beq with itself",     32, 1, P, "amoadd.w a4, a1, (a0)\n beq a4, a4, 8f" OUT) \
  K(fence_add,  "fence amoadd bnez",           32, 1, P, "fence rw, rw\n amoadd.d a4, a1, (a0)\n bnez a4, 7f" OUT) \
  K(two,        "two atomics, branch on the second", 32, 1, P, "amoadd.d a6, a1, (a0)\n amoadd.d a4, a1, (a0)\n bnez a4, 7f" OUT) \
  K(two_first,  "two atomics, branch on the first", 32, 1, P, "amoadd.d a4, a1, (a0)\n amoadd.d a6, a1, (a0)\n bnez a4, 7f" OUT) \
  K(load,       "amoadd ld bnez",              32, 1, P, "amoadd.d a4, a1, (a7)\n ld a6, 8(a2)\n bnez a4, 7f" OUT) \
  K(load_0,     "amoadd ld of offset 0 bnez",  32, 1, P, "amoadd.d a4, a1, (a7)\n ld a6, 0(a2)\n bnez a4, 7f" OUT) \
  K(load_neg,   "amoadd ld of a negative offset bltz", 32, 1, P, "amoadd.d a4, a1, (a7)\n ld a6, -8(a2)\n bltz a4, 7f" OUT) \
  K(load_equal, "amoadd ld beq with the offset", 32, 1, P "li a6, 8\n", "amoadd.d a4, a1, (a7)\n ld a5, 8(a2)\n beq a4, a6, 7f" OUT) \
  K(store_0,    "amoadd sd of zero bnez",      32, 1, P, "amoadd.d a4, a1, (a0)\n sd zero, 8(a2)\n bnez a4, 7f" OUT) \
  K(busy,       "sd sd amoadd bnez",           32, 1, P, "sd a1, 0(a2)\n sd a1, 64(a2)\n amoadd.d a4, a1, (a0)\n bnez a4, 7f" OUT) \
  K(after_div,  "div amoadd bnez",             32, 1, P, "div a6, a3, a1\n amoadd.d a4, a1, (a0)\n bnez a4, 7f" OUT) \
  K(far,        "amoadd, 8 alu, bnez",         32, 1, P, "amoadd.d a4, a1, (a0)\n" REP(8, "add a6, a1, a3") " bnez a4, 7f" OUT)

KERNELS(DEFINE)

int main(void) {
  EMPTY();
  KERNELS(RUN)
  return 0;
}

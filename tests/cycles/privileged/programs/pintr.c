/* A timer's interrupt: the cycles from its tick to a reading of the counter that comes first in the handler, and how
 * many instructions have left until then. All is done twice, and the second time is kept. The timer is that of pwait. */
#include "measure.h"
RESULTS;

#define MTIMECMP ((volatile uint64_t *)0x2004000)
#define CYCLES_A_TICK 5

#define REP(n, x) ".rept " #n "\n" x "\n.endr\n"
#define FOREVER(body) ".balign 64\n 1:\n" body "\n j 1b\n"

/* A record: cycles since the tick, instructions, and ticks from somewhat before to it. The handler is what comes behind. */
#define INTERRUPT(id_, label_, ticks_, until_) do { \
  LABEL(id_, label_); \
  uint64_t i0_ = read_instret(), at_ = read_cycle() / CYCLES_A_TICK + (ticks_), taken_, i1_; \
  *MTIMECMP = at_; \
  asm volatile("la t0, 9f\n csrw mtvec, t0\n fence\n csrsi mstatus, 8\n" until_ \
               ".balign 64\n 9: csrr %0, mcycle\n csrr %1, minstret\n" \
               : "=r"(taken_), "=r"(i1_) :: "t0", "t1", "t2", "t3", "t4", "ft0", "ft1", "ra", "memory"); \
  *MTIMECMP = ~0ull; \
  asm volatile("fence\n 1: csrr t0, mip\n andi t0, t0, 0x80\n bnez t0, 1b" ::: "t0", "memory"); \
  results[id_] = (struct record){ (id_), taken_ - at_ * CYCLES_A_TICK, i1_ - i0_, (ticks_) }; \
} while (0)

NOINLINE static void run(void)
{
  INTERRUPT(3, "additions", 200, FOREVER(REP(64, "addi t1, t1, 1")));
  INTERRUPT(4, "additions, once more", 200, FOREVER(REP(64, "addi t1, t1, 1")));
  INTERRUPT(5, "additions, a cycle on", 200, "addi t1, t1, 1\n" FOREVER(REP(64, "addi t1, t1, 1")));
  INTERRUPT(6, "additions, two cycles on", 200, REP(2, "addi t1, t1, 1") FOREVER(REP(64, "addi t1, t1, 1")));
  INTERRUPT(7, "jump to itself", 200, FOREVER(""));
  INTERRUPT(8, "jumps", 201, FOREVER("j 3f\n 2: j 4f\n 3: j 2b\n 4:"));
  INTERRUPT(9, "loads", 202, FOREVER(REP(16, "ld t1, 0(sp)")));
  INTERRUPT(10, "loads, each waited for", 200, FOREVER(REP(16, "ld t1, 0(sp)\n add t1, t1, t1")));
  INTERRUPT(11, "loads that miss", 400, "la t2, _start\n lui t3, 1\n" FOREVER("ld t1, 0(t2)\n add t2, t2, t3\n add t1, t1, t1"));
  INTERRUPT(12, "stores", 300, FOREVER(REP(16, "sd t1, -8(sp)")));
  INTERRUPT(13, "stores to many lines", 400, "addi t2, sp, -2048\n" FOREVER("sd t1, 0(t2)\n addi t2, t2, -64"));
  INTERRUPT(14, "divisions", 303, "li t2, -1\n li t3, 3\n" FOREVER(REP(8, "divu t1, t2, t3")));
  INTERRUPT(15, "divisions and additions", 302, "li t2, -1\n li t3, 3\n" FOREVER(REP(8, "divu t1, t2, t3\n addi t4, t4, 1")));
  INTERRUPT(16, "multiplications", 202, FOREVER(REP(16, "mul t1, t1, t2")));
  INTERRUPT(17, "mispredicted branches", 401, "li t1, 0x1234567\n" FOREVER("slli t2, t1, 13\n xor t1, t1, t2\n srli t2, t1, 7\n xor t1, t1, t2\n slli t2, t1, 17\n xor t1, t1, t2\n andi t2, t1, 1\n bnez t2, 2f\n addi t3, t3, 1\n 2:"));
  INTERRUPT(18, "amoadd.d", 300, "addi t2, sp, -64\n" FOREVER(REP(8, "amoadd.d t1, t1, (t2)")));
  INTERRUPT(19, "fence", 300, FOREVER(REP(8, "fence")));
  INTERRUPT(20, "CSR written", 300, FOREVER(REP(8, "csrw mscratch, t1")));
  INTERRUPT(21, "CSR read", 301, FOREVER(REP(8, "csrr t1, mscratch\n addi t1, t1, 1")));
  INTERRUPT(22, "counter read", 302, FOREVER(REP(8, "csrr t1, mcycle")));
  INTERRUPT(23, "floating point", 303, "fcvt.d.l ft0, t1\n" FOREVER(REP(8, "fadd.d ft0, ft0, ft0")));
  INTERRUPT(24, "floating-point divisions", 304, "fcvt.d.l ft0, t1\n fcvt.d.l ft1, t2\n" FOREVER(REP(8, "fdiv.d ft0, ft0, ft1")));
  INTERRUPT(25, "calls", 304, FOREVER(REP(4, "call 2f") " j 1b\n 2: ret"));
  INTERRUPT(26, "code that misses", 30, REP(600, "addi t1, t1, 1"));
  INTERRUPT(27, "interrupts off and on", 300, FOREVER("csrci mstatus, 8\n addi t1, t1, 1\n csrsi mstatus, 8\n addi t1, t1, 1"));
  INTERRUPT(28, "wfi", 200, FOREVER("wfi"));
  INTERRUPT(29, "wfi, additions", 201, "wfi\n" FOREVER(REP(64, "addi t1, t1, 1")));
  INTERRUPT(30, "wfi, load", 202, "wfi\n" FOREVER(REP(16, "ld t1, 0(sp)\n addi t1, t1, 1")));
  INTERRUPT(31, "wfi, stores", 203, "wfi\n" FOREVER(REP(16, "sd t1, -8(sp)")));
  INTERRUPT(32, "wfi, division", 204, "li t2, -1\n li t3, 3\n wfi\n" FOREVER("divu t1, t2, t3\n" REP(16, "addi t1, t1, 1")));
  INTERRUPT(33, "wfi, CSR", 204, "wfi\n" FOREVER("csrr t1, mscratch\n csrw mscratch, t1\n addi t1, t1, 1"));
  INTERRUPT(34, "wfi, jumps", 200, "wfi\n" FOREVER("j 3f\n 2: j 4f\n 3: j 2b\n 4:"));
  INTERRUPT(35, "wfi, mispredicted branch", 200, "ld t1, 0(sp)\n wfi\n sub t1, t1, t1\n bnez t1, 2f\n beqz t1, 3f\n 2: addi t2, t2, 1\n 3:" FOREVER(REP(64, "addi t3, t3, 1")));
}

int main(void)
{
  asm volatile("csrw mie, %0" :: "r"(0x80ull));
  run();
  run();
  return 0;
}

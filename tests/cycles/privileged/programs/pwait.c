/* WFI that sleeps until the timer: the cycles from the tick that wakes it to a reading of the counter behind it.
 * The timer has five of them to a tick, 10 MHz beside a core of 50 MHz, both from reset on. */
#include "measure.h"
RESULTS;

#define MTIMECMP ((volatile uint64_t *)0x2004000)
#define CYCLES_A_TICK 5

/* A record: cycles since the tick, instructions, and the ticks that it slept at most. */
#define SLEEP(id_, label_, ticks_, behind_) do { \
  LABEL(id_, label_); \
  uint64_t i0_ = read_instret(), at_ = read_cycle() / CYCLES_A_TICK + (ticks_), woken_; \
  *MTIMECMP = at_; \
  asm volatile("fence\n wfi\n" behind_ "csrr %0, mcycle" : "=r"(woken_) :: "t0", "t1", "t2", "t3", "t4", "ft0", "memory"); \
  uint64_t i1_ = read_instret(); \
  *MTIMECMP = ~0ull; \
  asm volatile("fence\n 1: csrr t0, mip\n andi t0, t0, 0x80\n bnez t0, 1b" ::: "t0", "memory"); \
  results[id_] = (struct record){ (id_), woken_ - at_ * CYCLES_A_TICK, i1_ - i0_, (ticks_) }; \
} while (0)

NOINLINE static void sleep_and_wake(void)
{
  SLEEP(3, "nothing", 200, "");
  SLEEP(4, "nothing, once more", 203, "");
  SLEEP(5, "nothing, long", 5000, "");
  SLEEP(6, "additions", 200, ".rept 8\n addi t1, t1, 1\n .endr\n");
  SLEEP(7, "load", 201, "ld t1, 0(sp)\n addi t1, t1, 1\n");
  SLEEP(8, "store", 201, "sd t1, -8(sp)\n");
  SLEEP(9, "store, fence", 201, "sd t1, -8(sp)\n fence\n");
  SLEEP(10, "division", 202, "li t2, -1\n li t3, 3\n divu t1, t2, t3\n");
  SLEEP(11, "jumps", 203, "j 3f\n 2: j 4f\n 3: j 2b\n 4:\n");
  SLEEP(12, "mispredicted branch", 203, "ld t1, 0(sp)\n sub t1, t1, t1\n bnez t1, 2f\n beqz t1, 3f\n 2: addi t2, t2, 1\n 3: addi t3, t3, 1\n");
  SLEEP(13, "CSR", 200, "csrr t1, mscratch\n csrw mscratch, t1\n");
  SLEEP(14, "wfi again, still pending", 200, "wfi\n");
  SLEEP(15, "amoadd.d", 200, "addi t2, sp, -64\n amoadd.d t1, t1, (t2)\n");
  SLEEP(16, "floating point", 200, "fcvt.d.l ft0, t1\n fadd.d ft0, ft0, ft0\n");
}

int main(void)
{
  asm volatile("csrw mie, %0" :: "r"(0x80ull));
  sleep_and_wake();
  return 0;
}

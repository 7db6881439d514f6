/* Fetches that physical memory protection denies: in machine mode by a locked entry, in supervisor mode behind
 * pages of 2 MiB and 4 KiB, on wrong paths, and of tables that the walker may not read. */
#include "priv.h"
RESULTS;

/* A page whose first KiB nobody executes, between code that runs into it and code that may be executed. */
asm(".text\n .balign 4096\n .option push\n .option norvc\n"
    " .skip 4096 - 40\nrun_in: .rept 9\n addi a2, a2, 1\n .endr\n"
    "over: beqz t3, behind\n"
    "denied: .skip 1024\n"
    "behind: jr t0\n .balign 64\nallowed: jr t0\n .balign 4096\n .option pop\n"
    /* Goes on where the one who called wants it: t0. */
    ".balign 64\nback: csrw mepc, t0\n mret\n");
extern char denied[], back[];

KERNEL(k_calls, 12, "la a0, denied", "andi t1, t6, 3\n slli t1, t1, 1\n add t1, t1, a0\n jalr t0, t1\n mul a1, a0, a0")
KERNEL(k_direct, 6, "", "addi a0, a0, 3\n call t0, denied+64\n addi a1, a1, 1\n ld a2, 0(sp)\n call t0, denied+66\n div a3, a2, t6\n call t0, denied+256")
KERNEL(k_runs_in, 12, "", "la t0, 2f\n ld a2, 0(sp)\n div a3, a2, t6\n j run_in\n2:")
KERNEL(k_over, 16, "li t4, 7", "la t0, 2f\n div t3, t4, a0\n j over\n2:")
KERNEL(k_over_or_in, 40, "", "andi t4, t6, 3\n seqz t4, t4\n la t0, 2f\n ld t3, 0(sp)\n xor t3, t3, t3\n add t3, t3, t4\n j over\n2:")
KERNEL(k_now_and_then, 24, "la a0, denied\n la a1, allowed",
       "andi t4, t6, 1\n neg t4, t4\n xor t1, a0, a1\n and t1, t1, t4\n xor t1, t1, a1\n jalr t0, t1\n addi a2, a2, 1")
KERNEL2(k_place, 12, "", "andi t1, t6, 3\n slli t1, t1, 1\n add t1, t1, a0\n jalr t0, t1\n jalr t0, a1")
KERNEL2(k_place_fenced, 12, "", "jalr t0, a0\n sfence.vma\n jalr t0, a1")

#define ELSEWHERE 0x40000000ull
#define SECRET_AT 0x80200000ull

/* Entries: 0 the KiB, to be read; 1 a page, not at all; 2 the rest. */
static void protect(uint64_t secret)
{
  asm volatile("csrw pmpaddr2, %0\n csrw pmpaddr1, %1\n csrw pmpaddr0, %2\n csrw pmpcfg0, %3"
               :: "r"(-1ull), "r"(secret >> 2 | 0x1ff), "r"((uint64_t)denied >> 2 | 0x7f), "r"(0x1f1899ull) : "memory");
}

int main(void)
{
  open_machine(0);
  uint64_t *root = identity(G_), secret = (uint64_t)new_page();
  map(root, ELSEWHERE, (uint64_t)denied, V_ | X_ | AD_);
  map(root, ELSEWHERE + PAGE, (uint64_t)denied, V_ | R_ | X_ | AD_);
  *entry_of(root, SECRET_AT, 1) = PTE(secret, V_);
  protect(secret);
  asm volatile("csrw mtvec, %0" :: "r"(back));
  EMPTY();
  PAIR("M calls", 12, k_calls());
  PAIR("M direct calls", 18, k_direct());
  PAIR("M straight into it", 12, k_runs_in());
  PAIR("M wrong path into it", 16, k_over());
  PAIR("M wrong path, or straight into it", 40, k_over_or_in());
  PAIR("M calls there and elsewhere", 24, k_now_and_then());
  set_satp(SV39(root, 1));
  flush();
  to_supervisor();
  PAIR("S calls", 12, k_calls());
  PAIR("S straight into it", 12, k_runs_in());
  PAIR("S wrong path, or straight into it", 40, k_over_or_in());
  PAIR("S calls there and elsewhere", 24, k_now_and_then());
  PAIR("S calls at other addresses", 24, k_place(ELSEWHERE, ELSEWHERE + PAGE));
  PAIR("S calls at other addresses, sfence.vma", 24, k_place_fenced(ELSEWHERE, ELSEWHERE + PAGE));
  PAIR("S calls behind a table that is not to be read", 24, k_place_fenced(SECRET_AT, ELSEWHERE));
  return 0;
}

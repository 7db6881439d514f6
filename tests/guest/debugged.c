/* SPDX-License-Identifier: MIT */
/*
 * The program that test_gdb.py of tests/system debugs. It has stages, each of which begins with a
 * call of stage(), where a debugger can stop it. It reports nothing, and ends with a pass if the
 * debugger has not disturbed it.
 */
#include "paging.h"

#define OFFSET 0x340 /* in its page, of the word that is written through another address */
#define FW_CFG_DMA 0x10100010
#define FIRST_TICK 4 /* ticks of mtime, before some hundred instructions have been executed */
#define TICK 32 /* the handler itself needs some ticks on a core with slow devices */
#define TICKS 100
#define ROUNDS 100
#define TRIES 3000
#define CALLS 100

volatile u64 watched, twice, read_only = 0x5a5a, ticks, rounds[8], order;
volatile bool others_go;
u64 shared[PAGE / 8] __attribute__((aligned(4096)));
volatile u32 device_data[2];
u32 patched[16] __attribute__((aligned(64)));

typedef u64 code(void);

__attribute__((noinline)) void stage(u64 number)
{
	asm volatile("" ::"r"(number) : "memory");
}

__attribute__((noinline)) u64 count_up(u64 by)
{
	watched += by; /* watchpoints on watched stop after this line */
	return watched;
}

/* Makes two consecutive stores, and a third one after a jump. */
__attribute__((noinline)) void store_twice(void)
{
	asm volatile("sd %1, (%0)\n\t"
		     "sd %2, (%0)\n\t"
		     "j 1f\n"
		     "1: sd %3, (%0)" ::"r"(&twice),
		     "r"(11), "r"(22), "r"(33)
		     : "memory");
}

/* Writes to the same memory through TEST_VA, in S-mode. */
static void write_alias(void)
{
	paging_start(SV39);
	paging_map(TEST_VA, 0, (u64)shared, PTE_RWX | PTE_U);
	csr_set(sstatus, BIT(18)); /* SUM */
	run(MODE_S, store_double, TEST_VA + OFFSET, 0x1122334455667788);
	run(MODE_S, load_double, TEST_VA + OFFSET, 0);
	paging_stop();
}

static u64 run_patched(u64 value)
{
	const u32 words[] = { 0x00000513u | (u32)value << 20, 0x00008067 }; /* li a0, value; ret */

	put_code(patched, words, COUNT(words));
	return ((code *)patched)();
}

__attribute__((interrupt, aligned(4), noinline)) void tick(void)
{
	/* With the host's clock the next tick may be due before this one is handled, so the number
	 * of ticks is limited. */
	set_mtimecmp(0, ++ticks < TICKS ? mtime() + TICK : -1ul);
}

/* Executes some thousand instructions, with a timer that interrupts them. */
__attribute__((noinline)) void calm(void)
{
	for (u64 n = 0; n < 20000; n++)
		asm volatile("addi t0, t0, 1" ::: "t0");
}

/* Waits until the timer's interrupt is pending; it is not taken yet. */
__attribute__((noinline)) void doze(void)
{
	set_mtimecmp(0, mtime() + TICK);
	asm volatile("wfi" ::: "memory");
}

/* Enables the interrupt by an MRET, after which it is taken. */
__attribute__((noinline)) void wake_up(void)
{
	csr_set(mstatus, MSTATUS_MPP | MSTATUS_MPIE);
	asm volatile("la t0, 1f; csrw mepc, t0; mret; .balign 4; 1:" ::: "t0", "memory");
}

static void be_interrupted(void)
{
	u64 old = csr_read(mtvec);

	csr_write(mtvec, tick);
	set_mtimecmp(0, mtime() + FIRST_TICK);
	csr_write(mie, BIT(MTI));
	csr_set(mstatus, MSTATUS_MIE);
	calm();
	csr_clear(mstatus, MSTATUS_MIE);
	doze();
	doze();
	wake_up();
	csr_clear(mstatus, MSTATUS_MIE);
	csr_write(mie, 0);
	csr_write(mtvec, old);
}

/* Has QEMU's fw_cfg write the four bytes of its item 0, "QEMU", into memory by DMA. */
__attribute__((noinline)) void from_device(void)
{
	const u64 address = (u64)&device_data[1];
	static volatile u32 command[4];

	command[0] = __builtin_bswap32(8 | 2); /* select item 0, read */
	command[1] = __builtin_bswap32(4);
	command[2] = __builtin_bswap32(address >> 32);
	command[3] = __builtin_bswap32((u32)address);
	asm volatile("fence" ::: "memory");
	*(volatile u64 *)FW_CFG_DMA = __builtin_bswap64((u64)command);
}

__attribute__((noinline)) void go_round(u64 hart)
{
	rounds[hart]++;
}

/* Changes a number without a lock, so that the result depends on the order in which the harts
 * ran. */
__attribute__((noinline)) void contend(u64 hart)
{
	for (unsigned n = 0; n < TRIES; n++)
		order = order * 3 + hart;
}

/* Jumps to address 0, from which nothing can be fetched: M-mode has no memory there, and S-mode no
 * page. */
__attribute__((noinline)) void call_nothing(void)
{
	run(MODE_M, jump_to, 0, 0);
	paging_start(SV39);
	for (unsigned n = 0; n < CALLS; n++)
		run(MODE_S, jump_to, 0, 0);
	paging_stop();
}

void secondary(u64 hart)
{
	while (!others_go)
		;
	for (unsigned n = 0; n < ROUNDS; n++)
		go_round(hart);
	contend(hart);
}

void main(void)
{
	bool good = true;

	stage(1);
	for (u64 n = 1; n <= 3; n++)
		count_up(n);
	good = good && read_only == 0x5a5a;
	store_twice();
	stage(2);
	write_alias();
	good = good && shared[OFFSET / 8] == 0x1122334455667788;
	stage(3);
	for (u64 n = 1; n <= 3; n++)
		good = good && run_patched(n) == n;
	stage(4);
	be_interrupted();
	good = good && ticks;
	from_device();
	good = good && device_data[1] == 0x554d4551;
	stage(5);
	others_go = true;
	for (unsigned n = 0; n < ROUNDS; n++)
		go_round(0);
	stage(6);
	contend(0);
	stage(7);
	call_nothing();
	finish(good && watched == 6 ? 0 : 1);
}

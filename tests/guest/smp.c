/* SPDX-License-Identifier: MIT */
/*
 * Tests several harts: software interrupts, LR/SC and AMOs under contention, message passing, and
 * code and page-table entries that one hart changes while others use them (for reliability: code is
 * patched while a loop executes it, instructions are seen whole, several walkers set accessed and
 * dirty bits). It runs with any number of harts from 2 to 64. QEMU 10.0 agrees.
 */
#include "paging.h"

#define MAX 64

typedef void job(u64 hart);

static job *volatile work; /* the job of the other harts */
static volatile u64 generation, done;
static u64 harts;
static u64 rounds; /* rounds of counting, to which other tests are in proportion */

static volatile u64 counter, locked_counter, lock, reserved;
static volatile u64 ipis[MAX];
static volatile u64 mail, mail_flag;

static u8 page[2 * PAGE] __attribute__((aligned(4096)));

static u64 add(volatile u64 *to, u64 value)
{
	return __atomic_fetch_add(to, value, __ATOMIC_SEQ_CST);
}

/* Starts a job on every other hart and does it here as well; returns when all are done. */
static void together(job *fn)
{
	done = 0;
	work = fn;
	add(&generation, 1);
	fn(0);
	while (done != harts - 1)
		;
}

void secondary(u64 hart)
{
	for (u64 seen = 0;; seen++) {
		while (generation == seen)
			;
		work(hart);
		add(&done, 1);
	}
}

static void count_up(u64 hart)
{
	(void)hart;
	for (unsigned n = 0; n < rounds; n++)
		add(&counter, 1);
}

/* Increments a counter by LR/SC, and another one under a lock taken by amoswap. */
static void reserve(u64 hart)
{
	(void)hart;
	for (unsigned n = 0; n < rounds; n++) {
		asm volatile(
			"1: lr.d t0, (%0)\n addi t0, t0, 1\n sc.d t1, t0, (%0)\n bnez t1, 1b" ::"r"(
				&reserved)
			: "t0", "t1", "memory");
	}
	for (unsigned n = 0; n < rounds / 10; n++) {
		while (__atomic_exchange_n(&lock, 1, __ATOMIC_ACQUIRE))
			;
		locked_counter++;
		__atomic_store_n(&lock, 0, __ATOMIC_RELEASE);
	}
}

/* Sends interrupts to the next hart, and waits by WFI for those of the hart before. */
static void exchange(u64 hart)
{
	csr_write(mie, BIT(MSI));
	for (u64 n = 0; n < rounds / 40; n++) {
		u64 to = (hart + 1) % harts;

		mmio_write32(MSIP(to), 1);
		while (!(csr_read(mip) & BIT(MSI)))
			asm volatile("wfi");
		mmio_write32(MSIP(hart), 0);
		ipis[hart]++;
		/* The next interrupt may be sent only when this one was taken. */
		while (ipis[to] <= n)
			;
	}
	csr_write(mie, 0);
}

/* Passes numbers through memory, each followed by a flag. */
static u64 bad_mail;
static void pass(u64 hart)
{
	for (u64 n = 1; n <= rounds / 5; n++) {
		if (hart == 0) {
			mail = n * 3;
			asm volatile("fence w, w" ::: "memory");
			mail_flag = n;
			while (mail_flag == n)
				;
		} else if (hart == 1) {
			while (mail_flag != n)
				;
			asm volatile("fence r, r" ::: "memory");
			bad_mail += mail != n * 3;
			mail_flag = 0;
		}
	}
}

/* Tests that SC fails if another hart stores between LR and SC. */
static volatile u64 stage, sc_result, sc_cell;
static void steal(u64 hart)
{
	if (hart == 0) {
		u64 result;

		asm volatile("lr.d t0, (%1)\n li t0, 1\n sd t0, (%2)\n"
			     "1: ld t0, (%2)\n li t1, 2\n bne t0, t1, 1b\n li t0, 9\n"
			     "sc.d %0, t0, (%1)"
			     : "=r"(result)
			     : "r"(&sc_cell), "r"(&stage)
			     : "t0", "t1", "memory");
		sc_result = result;
	} else if (hart == 1) {
		while (stage != 1)
			;
		sc_cell = 5;
		stage = 2;
	}
}

/*
 * Executes `j .`, which another hart replaces by a return. The manual guarantees nothing to a hart
 * that does not execute FENCE.I itself; on this machine the hart sees the change. QEMU with 2 harts
 * may stay in the loop for ever.
 */
static void spin_on_code(u64 hart)
{
	if (hart == 0) {
		for (unsigned n = 0; n < 20000; n++)
			asm volatile("");
		*(volatile u32 *)page = 0x00008067;
		asm volatile("fence w, w" ::: "memory");
	} else {
		asm volatile("fence.i\n jalr %0" ::"r"(page) : "ra", "memory");
	}
}

/* Tests that harts see whole instructions, old or new, while addi a0, x0, n changes all the
 * time. */
static volatile u64 patching, torn;
static void patch_storm(u64 hart)
{
	if (hart == 0) {
		for (u32 n = 0; n < 4000; n++)
			*(volatile u32 *)page = (n & 1 ? 0x555u : 0x2aau) << 20 | 0x513;
		patching = 0;
		return;
	}
	while (patching) {
		register u64 a0 asm("a0");

		asm volatile("fence.i\n jalr %1" : "=r"(a0) : "r"(page) : "ra", "memory");
		if (a0 != 0x555 && a0 != 0x2aa)
			add(&torn, 1);
	}
}

/* Tests Svadu: some harts load, some store, and one clears the bits; nothing else may clear
 * them. */
static u64 *entry;
static volatile u64 entry_wrong, root_satp;
static void walk_together(u64 hart)
{
	u64 flags = PTE_V | PTE_R | PTE_W, base = (u64)page >> 2;

	csr_write(menvcfg, ENVCFG_ADUE);
	csr_write(satp, root_satp);
	sfence();
	for (unsigned n = 0; n < 300; n++) {
		u64 value;

		if (hart == 0) {
			__atomic_and_fetch(entry, ~(PTE_A | PTE_D), __ATOMIC_SEQ_CST);
		} else {
			sfence_page(TEST_VA);
			run(MODE_S, hart & 1 ? store_byte : load_byte, TEST_VA + hart, 1);
		}
		value = *(volatile u64 *)entry;
		if ((value & ~(PTE_A | PTE_D)) != (base | flags) ||
		    ((value & PTE_D) && !(value & PTE_A)))
			add(&entry_wrong, 1);
	}
	csr_write(satp, 0);
	sfence();
	csr_write(menvcfg, 0);
}

/* One hart maps and unmaps a page; after its message and a fence the other harts see the new
 * state. */
static volatile u64 shootdown, shootdown_acks, shootdown_wrong;
static void shoot_down(u64 hart)
{
	csr_write(satp, root_satp);
	sfence();
	for (u64 n = 1; n <= rounds / 50; n++) {
		if (hart == 0) {
			*(volatile u64 *)entry = n & 1 ? (u64)page >> 2 | PTE_RW : 0;
			shootdown_acks = 0;
			asm volatile("fence" ::: "memory");
			shootdown = n;
			while (shootdown_acks != harts - 1)
				;
		} else {
			while (shootdown != n)
				;
			asm volatile("fence" ::: "memory");
			sfence_page(TEST_VA);
			if (run(MODE_S, load_byte, TEST_VA, 0).trapped != !(n & 1))
				add(&shootdown_wrong, 1);
			add(&shootdown_acks, 1);
		}
	}
	csr_write(satp, 0);
	sfence();
}

static void patched_code(void)
{
	*(u32 *)page = 0x0000006f;
	asm volatile("fence.i" ::: "memory");
	together(spin_on_code);
	report(true, "a loop of one jump ends when another hart patches it");
	put_code(page, (const u32[]){ 0x55500513, 0x00008067 }, 2);
	patching = 1;
	together(patch_storm);
	report_equal(torn, 0, "an instruction that is being patched is seen whole");
}

static void shared_tables(void)
{
	paging_start(SV39);
	entry = paging_map(TEST_VA, 0, (u64)page, PTE_V | PTE_R | PTE_W);
	root_satp = paging_satp(0);
	paging_stop();
	together(walk_together);
	report_equal(entry_wrong, 0, "walkers that race set A and D and nothing else");
	together(shoot_down);
	report_equal(shootdown_wrong, 0, "a fence after a message shows another hart's entry");
}

void main(void)
{
	bool equal = true;

	harts = count_harts();
	rounds = harts > 8 ? 200 : 2000;
	report(harts > 1, "there are several harts");
	wait_for_harts(harts);
	together(count_up);
	report_equal(counter, rounds * harts, "no AMO is lost");
	together(reserve);
	report_equal(reserved, rounds * harts, "no SC succeeds wrongly, and all come through");
	report_equal(locked_counter, rounds / 10 * harts, "a lock keeps others out");
	together(exchange);
	for (u64 n = 0; n < harts; n++)
		equal &= ipis[n] == rounds / 40;
	report(equal, "software interrupts reach every hart out of WFI");
	together(pass);
	report_equal(bad_mail, 0, "what is stored before the flag is there after it");
	together(steal);
	report_equal(sc_result, 1, "SC fails when another hart has stored");
	report_equal(sc_cell, 5, "and the other's value stays");
	patched_code();
	shared_tables();
}

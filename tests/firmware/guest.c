/* SPDX-License-Identifier: MIT */
/* Console, reports, harts, traps and paging for the S-mode test guest (see guest.h). */
#include "tests/firmware/guest.h"

#define WAIT_SECONDS 20

#define PTE_LEAF 0xcf /* V R W X A D */
#define PTE_VAD 0xc1
#define PTE_V 0x01
#define PTE_PPN(pointer) ((u64)(pointer) >> 12 << 10)
#define SATP_SV39 (8UL << 60)

struct trap_frame {
	u64 x[32];
};

/* A job that start_secondary passes to a hart. */
struct job {
	void (*code)(u64);
	u64 arg;
};

static struct {
	u64 passed, failed;
	const char *section;
	u64 boot_hart;
	struct job jobs[MAX_HARTS];
	u64 taken[MAX_HARTS][16]; /* interrupts */
	bool catching, in_mode;
	struct caught caught;
} guest;

static u64 root_table[512] __attribute__((aligned(4096)));
static u64 window_middle[512] __attribute__((aligned(4096)));
static u64 window_pages[512] __attribute__((aligned(4096)));

extern char left_mode[];
void main(u64 hart);
void secondary(u64 hart, struct job *job, u64 satp, u64 status);
void trap(struct trap_frame *frame);

void *memset(void *to, int value, size_t size)
{
	for (size_t i = 0; i < size; i++)
		((volatile u8 *)to)[i] = (u8)value;
	return to;
}

void print(const char *text)
{
	while (*text) {
		while (!(*(volatile u8 *)(UART_BASE + 5) & 0x20))
			;
		*(volatile u8 *)UART_BASE = *text++;
	}
}

static void print_radix(u64 number, u64 radix)
{
	char text[21];
	char *digit = &text[20];

	*digit = 0;
	do {
		*--digit = "0123456789abcdef"[number % radix];
		number /= radix;
	} while (number);
	print(digit);
}

void print_number(u64 number)
{
	print("0x");
	print_radix(number, 16);
}

void report_section(const char *name)
{
	guest.section = name;
}

static void report_line(bool fact, const char *text)
{
	*(fact ? &guest.passed : &guest.failed) += 1;
	print(fact ? "ok   " : "FAIL ");
	print(guest.section);
	print(": ");
	print(text);
}

void report(bool fact, const char *text)
{
	report_line(fact, text);
	print("\n");
}

void report_equal(u64 got, u64 expected, const char *text)
{
	report_line(got == expected, text);
	if (got != expected) {
		print(": got ");
		print_number(got);
		print(", expected ");
		print_number(expected);
	}
	print("\n");
}

bool report_all_passed(void)
{
	print("sbi_test: ");
	print_radix(guest.passed, 10);
	print(" passed, ");
	print_radix(guest.failed, 10);
	print(" failed\n");
	return guest.failed == 0;
}

static void __attribute__((noreturn)) die(const struct trap_frame *frame)
{
	report(false, "unexpected trap in S-mode");
	print("  scause ");
	print_number(csr_read(scause));
	print(" sepc ");
	print_number(csr_read(sepc));
	print(" stval ");
	print_number(csr_read(stval));
	print(" ra ");
	print_number(frame->x[1]);
	print("\n");
	*(volatile u32 *)TEST_BASE = TEST_FAIL | 1 << 16;
	for (;;)
		;
}

static void take_interrupt(u64 irq)
{
	if (irq == 1)
		csr_clear(sip, SIE_SSIE);
	else
		csr_clear(sie, 1UL << irq);
	guest.taken[hart_here()][irq & 15]++;
}

/*
 * Returns where code continues after a trap: after the instruction, or, if a jump had an invalid
 * target, in the caller.
 */
static u64 resume_at(const struct trap_frame *frame, u64 cause, u64 epc)
{
	if (guest.in_mode)
		return (u64)left_mode;
	if (cause == 1 || cause == 12 || cause == 18)
		return frame->x[1];
	return epc + ((*(volatile u8 *)epc & 3) == 3 ? 4 : 2);
}

void trap(struct trap_frame *frame)
{
	u64 cause = csr_read(scause), epc = csr_read(sepc), status = csr_read(sstatus);

	if (cause >> 63) {
		take_interrupt(cause & 63);
		return;
	}
	if (!guest.catching)
		die(frame);
	guest.caught = (struct caught){ true, cause, csr_read(stval), epc, status, 0,
					frame->x[10] };
	if (guest.in_mode && has_hypervisor()) {
		guest.caught.hstatus = csr_read(0x600);
		csr_clear(0x600, 1 << 7);
	}
	csr_write(sepc, resume_at(frame, cause, epc));
	csr_set(sstatus, SSTATUS_SPP);
	csr_clear(sstatus, SSTATUS_SPELP);
}

struct caught catch_trap(void (*code)(u64), u64 arg)
{
	guest.caught = (struct caught){ 0 };
	guest.in_mode = code == enter_mode;
	guest.catching = true;
	code(arg);
	guest.catching = guest.in_mode = false;
	return guest.caught;
}

u64 interrupts_taken(u64 hart, u64 irq)
{
	return *(volatile u64 *)&guest.taken[hart][irq];
}

static void read_hstatus(u64 unused)
{
	(void)unused;
	csr_read(0x600);
}

bool has_hypervisor(void)
{
	static u32 known; /* 1: no, 2: yes */

	if (!known)
		known = catch_trap(read_hstatus, 0).happened ? 1 : 2;
	return known == 2;
}

u64 hart_here(void)
{
	u64 hart;

	__asm__("mv %0, tp" : "=r"(hart));
	return hart;
}

u64 hart_mask(void)
{
	u64 mask = 0;

	for (u64 hart = 0; hart < MAX_HARTS; hart++)
		if (sbi(EXT_HSM, 2, hart).error == SUCCESS)
			mask |= 1UL << hart;
	return mask;
}

u64 hart_other(u64 n)
{
	u64 mask = hart_mask() & ~(1UL << guest.boot_hart);

	for (u64 hart = 0; hart < MAX_HARTS; hart++)
		if ((mask >> hart & 1) && n-- == 0)
			return hart;
	return -1UL;
}

u64 hart_job(u64 hart, void (*code)(u64), u64 arg)
{
	guest.jobs[hart] = (struct job){ code, arg };
	__asm__ volatile("fence rw, rw" : : : "memory");
	return (u64)&guest.jobs[hart];
}

bool hart_run(u64 hart, void (*code)(u64), u64 arg)
{
	u64 opaque = hart_job(hart, code, arg);

	return sbi(EXT_HSM, 0, hart, start_secondary, opaque).error == SUCCESS;
}

/* Runs the job if a0, a1, satp and sstatus.SIE are as specified at the entry of a hart. */
void secondary(u64 hart, struct job *job, u64 satp, u64 status)
{
	if (hart < MAX_HARTS && job == &guest.jobs[hart] && satp == 0 && !(status & SSTATUS_SIE))
		job->code(job->arg);
	csr_clear(sstatus, SSTATUS_SIE);
	sbi(EXT_HSM, 1);
	report(false, "sbi_hart_stop does not return");
	for (;;)
		;
}

u64 time_now(void)
{
	return csr_read(time);
}

bool time_wait(bool (*done)(u64), u64 arg)
{
	u64 start = time_now();

	while (!done(arg))
		if (time_now() - start > WAIT_SECONDS * (u64)TIMEBASE_HZ)
			return false;
	return true;
}

static bool hart_is(u64 hart_and_state)
{
	return sbi(EXT_HSM, 2, hart_and_state >> 8).value == (hart_and_state & 0xff);
}

bool hart_wait(u64 hart, u64 state)
{
	return time_wait(hart_is, hart << 8 | state);
}

void paging_init(void)
{
	root_table[0] = PTE_LEAF;
	root_table[2] = PTE_PPN(0x80000000) | PTE_LEAF;
	root_table[WINDOW >> 30] = PTE_PPN(window_middle) | PTE_V;
	window_middle[0] = PTE_PPN(window_pages) | PTE_V;
}

u64 paging_satp(void)
{
	return SATP_SV39 | (u64)root_table >> 12;
}

void paging_on(void)
{
	csr_write(satp, paging_satp());
	__asm__ volatile("sfence.vma" : : : "memory");
}

void paging_off(void)
{
	csr_write(satp, 0);
	__asm__ volatile("sfence.vma" : : : "memory");
}

void paging_map(u64 page, const void *target)
{
	*(volatile u64 *)&window_pages[page] = target ? PTE_PPN(target) | PTE_LEAF : 0;
	__asm__ volatile("fence rw, rw" : : : "memory");
}

void paging_map_as(u64 page, u64 target, u64 bits)
{
	*(volatile u64 *)&window_pages[page] = PTE_PPN(target) | bits | PTE_VAD;
	__asm__ volatile("fence rw, rw" : : : "memory");
}

u64 *paging_entry(u64 page)
{
	return &window_pages[page];
}

void main(u64 hart)
{
	static void (*const tests[])(void) = {
		test_base, test_hsm, test_ipi, test_time, test_rfence, test_dbcn, test_pmu,
		test_fwft, test_susp, test_sse, test_dbtr, test_sta, test_legacy, test_traps,
		test_misaligned, test_aia, test_srst,
	};

	guest.boot_hart = hart;
	guest.section = "guest";
	paging_init();
	for (u64 i = 0; i < sizeof(tests) / sizeof(tests[0]); i++)
		tests[i]();
}

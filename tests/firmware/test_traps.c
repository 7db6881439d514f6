/* SPDX-License-Identifier: MIT */
/*
 * Tests traps that arrive in S-mode whether or not M-mode took them first: one that was not
 * delegated must look as if it had been, from S, U and, with the H extension, VS. The firmware's
 * memory cannot be accessed.
 */
#include "tests/firmware/guest.h"

#define HSTATUS_GVA (1UL << 6)
#define HSTATUS_SPV (1UL << 7)
#define HSTATUS_SPVP (1UL << 8)
#define HENVCFG_DTE (1UL << 59)
#define ILLEGAL_WORD 0xffffffffUL

static void traps_load(u64 addr)
{
	*(volatile u32 *)addr;
}

static void traps_store(u64 addr)
{
	*(volatile u32 *)addr = 0;
}

static void jump(u64 addr)
{
	((void (*)(void))addr)();
}

static void traps_illegal(u64 unused)
{
	(void)unused;
	__asm__ volatile(".4byte 0xffffffff");
}

static void machine_csr(u64 unused)
{
	(void)unused;
	__asm__ volatile("csrr zero, mstatus");
}

static void breakpoint(u64 unused)
{
	(void)unused;
	__asm__ volatile(".4byte 0x00100073");
}

static const struct {
	void (*code)(u64);
	u64 arg, cause, tval;
	const char *text;
} from_s[] = {
	{ traps_load, FIRMWARE_BASE, 5, FIRMWARE_BASE, "load from the firmware" },
	{ traps_load, FIRMWARE_BASE + FIRMWARE_SIZE - 4, 5, FIRMWARE_BASE + FIRMWARE_SIZE - 4,
	  "load from the firmware's end" },
	{ traps_store, FIRMWARE_HOLE, 7, FIRMWARE_HOLE, "store to the firmware" },
	{ jump, FIRMWARE_HOLE, 1, FIRMWARE_HOLE, "jump into the firmware" },
	{ traps_load, CLINT_BASE, 5, CLINT_BASE, "load from the CLINT" },
	{ traps_store, CLINT_BASE + 0x4000, 7, CLINT_BASE + 0x4000, "store to the CLINT" },
	{ traps_load, NOT_RAM, 5, NOT_RAM, "load from nowhere" },
	{ traps_store, NOT_RAM, 7, NOT_RAM, "store to nowhere" },
	{ traps_illegal, 0, 2, ILLEGAL_WORD, "illegal instruction" },
	{ machine_csr, 0, 2, 0x30002073, "mstatus in S-mode" },
	{ breakpoint, 0, 3, -1UL, "ebreak" },
};

static void traps_from_s(void)
{
	for (u64 i = 0; i < sizeof(from_s) / sizeof(from_s[0]); i++) {
		struct caught caught;

		csr_set(sstatus, SSTATUS_SIE);
		caught = catch_trap(from_s[i].code, from_s[i].arg);
		report_equal(caught.happened ? caught.cause : -1UL, from_s[i].cause,
			     from_s[i].text);
		if (from_s[i].tval == -1UL) /* stval of ebreak: the address and 0 are both legal */
			caught.tval = -1UL;
		report_equal(caught.tval, from_s[i].tval, "  stval");
		report_equal(caught.status & (SSTATUS_SPP | SSTATUS_SPIE | SSTATUS_SIE),
			     SSTATUS_SPP | SSTATUS_SPIE, "  SPP 1, SPIE as SIE was, SIE 0");
		report(csr_read(sstatus) & SSTATUS_SIE, "  SRET gives SIE back");
		csr_clear(sstatus, SSTATUS_SIE);
	}
}

/* Code for other modes, which has no stack and makes no calls. */
extern const char mode_illegal[], mode_ecall[], mode_break[], mode_load[];
__asm__(".text\n"
	".option push\n"
	".option norvc\n"
	".balign 4\n" /* vstvec */
	"mode_illegal: .4byte 0xffffffff\n"
	"mode_ecall: ecall\n"
	"mode_break: .4byte 0x00100073\n"
	"mode_load: li t0, 0x80000000\n"
	"	slli t0, t0, 32\n"
	"	srli t0, t0, 32\n"
	"1:	ld t0, 0(t0)\n"
	".option pop\n");

static struct caught in_mode(const char *code, bool supervisor)
{
	if (supervisor)
		csr_set(sstatus, SSTATUS_SPP);
	else
		csr_clear(sstatus, SSTATUS_SPP);
	csr_clear(sstatus, SSTATUS_SPIE);
	return catch_trap(enter_mode, (u64)code);
}

static void traps_from_u(void)
{
	struct caught caught = in_mode(mode_illegal, false);

	report_equal(caught.cause, 2, "illegal instruction in U-mode");
	report_equal(caught.epc, (u64)mode_illegal, "  sepc");
	report_equal(caught.status & SSTATUS_SPP, 0, "  SPP 0");
	caught = in_mode(mode_load, false);
	report_equal(caught.cause, 5, "load from the firmware in U-mode");
	report_equal(caught.tval, FIRMWARE_BASE, "  stval");
	caught = in_mode(mode_ecall, false);
	report_equal(caught.cause, 8, "ecall in U-mode");
}

static struct caught in_guest(const char *code, bool supervisor)
{
	csr_set(0x600, HSTATUS_SPV);
	return in_mode(code, supervisor);
}

/* With hedeleg 0 all traps from VS and VU arrive here. */
static void traps_from_guest(void)
{
	struct caught caught;

	csr_write(0x602, 0);
	csr_write(0x680, 0);
	caught = in_guest(mode_illegal, true);
	report_equal(caught.cause, 2, "illegal instruction in VS-mode");
	report_equal(caught.epc, (u64)mode_illegal, "  sepc");
	report_equal(caught.hstatus & (HSTATUS_SPV | HSTATUS_SPVP), HSTATUS_SPV | HSTATUS_SPVP,
		     "  SPV 1, SPVP 1");
	report_equal(caught.hstatus & HSTATUS_GVA, 0, "  GVA 0");
	report_equal(caught.status & SSTATUS_SPP, SSTATUS_SPP, "  SPP 1");
	caught = in_guest(mode_illegal, false);
	report_equal(caught.cause, 2, "illegal instruction in VU-mode");
	report_equal(caught.hstatus & (HSTATUS_SPV | HSTATUS_SPVP), HSTATUS_SPV, "  SPV 1, SPVP 0");
	caught = in_guest(mode_load, true);
	report_equal(caught.cause, 5, "load from the firmware in VS-mode");
	report_equal(caught.tval, FIRMWARE_BASE, "  stval");
	report_equal(caught.hstatus & HSTATUS_GVA, HSTATUS_GVA, "  GVA 1");
	caught = in_guest(mode_ecall, true);
	report_equal(caught.cause, 10, "ecall in VS-mode");
}

/* hedeleg delegates illegal instructions: VS-mode's own handler is entered, and executes ECALL. */
static void traps_to_guest(void)
{
	struct caught caught;

	csr_write(0x602, 1 << 2);
	csr_write(0x205, (u64)mode_ecall);
	csr_write(0x200, csr_read(0x200) | SSTATUS_SIE);
	caught = in_guest(mode_illegal, false);
	report_equal(caught.cause, 10, "a trap delegated on to VS-mode reaches its handler");
	report_equal(csr_read(0x242), 2, "  vscause");
	report_equal(csr_read(0x241), (u64)mode_illegal, "  vsepc");
	report_equal(csr_read(0x200) & (SSTATUS_SPP | SSTATUS_SPIE | SSTATUS_SIE), SSTATUS_SPIE,
		     "  vsstatus: SPP 0, SPIE 1, SIE 0");
	csr_write(0x602, 0);
}

/*
 * The firmware forwards the trap, or the hart delegates it: with SDT set in VS-mode it goes to
 * HS-mode.
 */
static void double_traps_of_guest(void)
{
	static const struct {
		const char *code;
		u64 cause, hedeleg;
		const char *text;
	} traps[] = {
		{ mode_illegal, 2, 1 << 2, "an illegal instruction in VS-mode while SDT is set" },
		{ mode_break, 3, 1 << 3, "an ebreak there" },
	};

	if (sbi(EXT_FWFT, 0, 3, 1, 0).error != SUCCESS)
		return;
	csr_set(0x60a, HENVCFG_DTE);
	for (u64 i = 0; i < sizeof(traps) / sizeof(traps[0]); i++) {
		struct caught caught;

		csr_write(0x602, traps[i].hedeleg);
		csr_set(0x200, SSTATUS_SDT);
		caught = in_guest(traps[i].code, true);
		report_equal(caught.cause, 16, traps[i].text);
		report_equal(caught.epc, (u64)traps[i].code, "  sepc");
		report_equal(csr_read(0x643), traps[i].cause, "  htval is the trap's own cause");
		report_equal(caught.hstatus & HSTATUS_SPV, HSTATUS_SPV, "  SPV 1");
		report(caught.status & SSTATUS_SDT, "  SDT of HS-mode is set");
	}
	csr_write(0x602, 1 << 2);
	csr_clear(0x200, SSTATUS_SDT);
	in_guest(mode_illegal, true);
	report(csr_read(0x200) & SSTATUS_SDT, "a trap delegated on to VS-mode sets its SDT");
	csr_clear(0x200, SSTATUS_SDT);
	csr_write(0x602, 0);
	csr_clear(0x60a, HENVCFG_DTE);
	sbi(EXT_FWFT, 0, 3, 0, 0);
}

void test_traps(void)
{
	report_section("traps");
	traps_from_s();
	traps_from_u();
	if (!has_hypervisor())
		return;
	traps_from_guest();
	traps_to_guest();
	double_traps_of_guest();
}

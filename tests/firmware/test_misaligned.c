/* SPDX-License-Identifier: MIT */
/*
 * Tests misaligned loads and stores: whether the hart or the firmware carries them out, each form
 * has the same value and the same faults in every mode. Only the PMU's counts show which of them
 * did it, and the result of atomic instructions, which harts that do the others may also do.
 */
#include "tests/firmware/guest.h"

#define PAGE 4096UL
#define SSTATUS_SUM (1UL << 18)
#define SSTATUS_MXR (1UL << 19)
#define SSTATUS_FS (3UL << 13)
#define FS_CLEAN (2UL << 13)
#define HSTATUS_GVA (1UL << 6)
#define HSTATUS_SPV (1UL << 7)
#define HSTATUS_SPVP (1UL << 8)
#define HGATP_SV39X4 (8UL << 60)
#define STAGE2_LEAF 0xdf
#define NOT_THERE (3UL << 30) /* no leaf of the G-stage maps it */
#define FW_MISALIGNED_LOAD 0
#define FW_MISALIGNED_STORE 1

enum { STORE = 1, STACK = 2, FLOAT = 4, SIGNED = 8 }; /* misaligned.S */
enum { CODE = 16, LOW, HIGH }; /* pages of the window */
#define EDGE (WINDOW + HIGH * PAGE)

/* A load or store. Its code expects the address and the value, and ends with ebreak. */
struct form {
	const char *code, *insn;
	u64 size, flags;
	const char *name;
};
extern const struct form misaligned_forms[], misaligned_forms_end[];
extern const char misaligned_code[], misaligned_lr[], misaligned_sc[], misaligned_amo[];
void misaligned_load_all(u64 addr, u64 *integers, u64 *floats);
void misaligned_store_all(u64 addr);

struct context {
	bool paged, supervisor, virtual;
	const char *values, *faults;
};
static const struct context s_bare = {
	.supervisor = true,
	.values = "misaligned, S-mode, bare",
};
static const struct context s_paged = {
	.paged = true,
	.supervisor = true,
	.values = "misaligned, S-mode",
	.faults = "misaligned, faults in S-mode",
};
static const struct context contexts[] = {
	{ .paged = true,
	  .values = "misaligned, U-mode", .faults = "misaligned, faults in U-mode" },
	{ .paged = true, .supervisor = true, .virtual = true,
	  .values = "misaligned, VS-mode", .faults = "misaligned, faults in VS-mode" },
	{ .paged = true, .virtual = true,
	  .values = "misaligned, VU-mode", .faults = "misaligned, faults in VU-mode" },
};

static u8 pages[3][PAGE] __attribute__((aligned(4096)));
static u64 stage2[2048] __attribute__((aligned(16384)));
static bool emulated; /* misaligned accesses trap to the firmware */

static u64 code_address(const struct context *context, const char *code)
{
	if (context->supervisor)
		return (u64)code;
	return WINDOW + CODE * PAGE + (u64)(code - misaligned_code);
}

static struct caught misaligned_run(const struct context *context, const char *code, u64 addr,
				    u64 value)
{
	struct caught caught;

	mode_args[0] = addr;
	mode_args[1] = value;
	if (context->supervisor)
		csr_set(sstatus, SSTATUS_SPP);
	else
		csr_clear(sstatus, SSTATUS_SPP);
	csr_clear(sstatus, SSTATUS_SPIE);
	if (context->virtual)
		csr_set(0x600, HSTATUS_SPV);
	else if (context->paged)
		paging_on();
	caught = catch_trap(enter_mode, code_address(context, code));
	if (context->paged)
		paging_off();
	return caught;
}

/* Executes HFENCE.VVMA and HFENCE.GVMA for everything. */
static void hfence_all(void)
{
	__asm__ volatile(".4byte 0x22000073\n\t.4byte 0x62000073" : : : "memory");
}

/*
 * Maps the window of a context, in which two adjacent pages have physical pages that are apart and
 * in reverse order.
 */
static void misaligned_map(const struct context *context, u64 high_bits)
{
	u64 user = context->supervisor ? 0 : PAGE_U;

	paging_map_as(CODE, (u64)misaligned_code, PAGE_R | PAGE_X | user);
	paging_map_as(LOW, (u64)pages[2], PAGE_R | PAGE_W | user);
	paging_map_as(HIGH, (u64)pages[0], high_bits);
	__asm__ volatile("sfence.vma" : : : "memory");
	if (has_hypervisor()) {
		csr_write(0x280, paging_satp()); /* vsatp */
		csr_set(0x200, SSTATUS_FS);
		hfence_all();
	}
}

static u64 usual_bits(const struct context *context)
{
	return PAGE_R | PAGE_W | (context->supervisor ? 0 : PAGE_U);
}

/* Returns byte n of an access that begins `before` bytes below the edge. */
static u8 *byte_at(const struct context *context, u64 before, u64 n)
{
	u8 *low = context->paged ? pages[2] : pages[0];
	u8 *high = context->paged ? pages[0] : pages[1];

	return n < before ? &low[PAGE - before + n] : &high[n - before];
}

static u64 misaligned_loaded(const struct form *form, const struct context *context, u64 before)
{
	u64 value = 0, unused = 64 - 8 * form->size;

	for (u64 n = form->size; n-- > 0;)
		value = value << 8 | *byte_at(context, before, n);
	if (form->flags & SIGNED)
		return (u64)((s64)(value << unused) >> unused);
	if (form->flags & FLOAT && form->size < 8)
		return value | -1UL << 8 * form->size;
	return value;
}

static bool one_value(const struct context *context, const struct form *form, u64 before)
{
	u64 value = 0x8192a3b4c5d6e7f8UL * (before + 1);
	u64 edge = context->paged ? EDGE : (u64)pages[1];
	struct caught caught;

	for (u64 n = 0; n < 32; n++)
		*byte_at(context, 16, n) = (u8)(0x9d * n + before);
	caught = misaligned_run(context, form->code, edge - before, value);
	if (caught.cause != 3)
		return false;
	if (!(form->flags & STORE))
		return caught.a0 == misaligned_loaded(form, context, before);
	for (u64 n = 0; n < 32; n++) {
		u64 at = n - (16 - before); /* into the access */
		u8 expected = at < form->size ? (u8)(value >> 8 * at) : (u8)(0x9d * n + before);

		if (*byte_at(context, 16, n) != expected)
			return false;
	}
	return true;
}

/* Returns whether the hart has the form at all, by an aligned access. */
static bool has_form(const struct form *form)
{
	return misaligned_run(&s_bare, form->code, (u64)pages[1], 0).cause != 2;
}

static void values(const struct context *context)
{
	report_section(context->values);
	misaligned_map(context, usual_bits(context));
	for (const struct form *form = misaligned_forms; form < misaligned_forms_end; form++) {
		bool good = true;

		if (!has_form(form))
			continue;
		for (u64 before = 1; before < form->size + 3; before++)
			good &= one_value(context, form, before);
		report(good, form->name);
	}
}

/*
 * Returns whether an access one byte below the edge leads to the fault that it would have if the
 * hart itself did the access.
 */
static bool faults_at(const struct context *context, const struct form *form, u64 tval)
{
	struct caught caught = misaligned_run(context, form->code, EDGE - 1, 0);
	u64 guest = HSTATUS_GVA | HSTATUS_SPV | (context->supervisor ? HSTATUS_SPVP : 0);
	bool store = form->flags & STORE;
	bool exact = emulated || tval == EDGE; /* QEMU 7.2 loads from an aligned address */

	return caught.cause == (store ? 15 : 13) &&
	       caught.epc == code_address(context, form->insn) &&
	       (caught.tval == tval || (!exact && EDGE - caught.tval <= form->size)) &&
	       !!(caught.status & SSTATUS_SPP) == context->supervisor &&
	       (store || caught.a0 == code_address(context, form->code)) &&
	       (!context->virtual ||
		(caught.hstatus & (HSTATUS_GVA | HSTATUS_SPV | HSTATUS_SPVP)) == guest);
}

static bool low_fault(const struct context *context, const struct form *form)
{
	bool good;

	misaligned_map(context, usual_bits(context));
	paging_map(LOW, NULL);
	good = faults_at(context, form, EDGE - 1);
	misaligned_map(context, usual_bits(context));
	return good;
}

static void misaligned_faults(const struct context *context)
{
	report_section(context->faults);
	for (const struct form *form = misaligned_forms; form < misaligned_forms_end; form++) {
		bool good;

		if (form->flags & STACK || !has_form(form))
			continue;
		good = low_fault(context, form);
		misaligned_map(context, 0);
		good &= faults_at(context, form, EDGE);
		/* S-mode cannot access pages of U-mode without SUM, nor U-mode those of S-mode. */
		misaligned_map(context, usual_bits(context) ^ PAGE_U);
		good &= faults_at(context, form, EDGE);
		misaligned_map(context, (usual_bits(context) & ~(u64)PAGE_W));
		if (form->flags & STORE)
			good &= faults_at(context, form, EDGE);
		report(good, form->name);
	}
}

static const struct form *form_of(u64 size, u64 flags)
{
	const struct form *form = misaligned_forms;

	while (form->size != size || form->flags != flags)
		form++;
	return form;
}

/* Tests the bits of sstatus that make the second page accessible. */
static void opened(void)
{
	const struct form *form = form_of(8, 0);

	report_section("misaligned, sstatus");
	misaligned_map(&s_paged, PAGE_R | PAGE_W | PAGE_U);
	csr_set(sstatus, SSTATUS_SUM);
	report(one_value(&s_paged, form, 3), "SUM opens a page of U-mode");
	csr_clear(sstatus, SSTATUS_SUM);
	misaligned_map(&s_paged, PAGE_X);
	report(faults_at(&s_paged, form, EDGE), "a page to execute is not to be read");
	csr_set(sstatus, SSTATUS_MXR);
	report(one_value(&s_paged, form, 3), "but with MXR it is");
	csr_clear(sstatus, SSTATUS_MXR);
	misaligned_map(&contexts[0], usual_bits(&contexts[0]));
	paging_map_as(CODE, (u64)misaligned_code, PAGE_X | PAGE_U);
	report(one_value(&contexts[0], form, 5), "code may be closed to reading");
	report(one_value(&contexts[0], form_of(4, SIGNED | STACK), 1), "  compressed, too");
	csr_clear(sstatus, SSTATUS_FS);
	csr_set(sstatus, FS_CLEAN);
	misaligned_run(&s_bare, form_of(4, FLOAT)->code, (u64)pages[1] + 1, 0);
	report_equal(csr_read(sstatus) & SSTATUS_FS, SSTATUS_FS, "FLW makes FS dirty");
}

static void guest_float(void)
{
	misaligned_map(&contexts[1], usual_bits(&contexts[1]));
	csr_clear(0x200, SSTATUS_FS);
	csr_set(0x200, FS_CLEAN);
	csr_clear(sstatus, SSTATUS_FS);
	csr_set(sstatus, FS_CLEAN);
	misaligned_run(&contexts[1], form_of(4, FLOAT)->code, EDGE - 1, 0);
	report_equal(csr_read(0x200) & SSTATUS_FS, SSTATUS_FS, "FLW makes FS of vsstatus dirty");
	report_equal(csr_read(sstatus) & SSTATUS_FS, SSTATUS_FS, "  and of sstatus");
}

/* The G-stage faults for the second page; the VS-stage allows the access. */
static void guest_page_faults(void)
{
	static const struct {
		u64 flags, cause;
		const char *text;
	} cases[] = {
		{ 0, 21, "load" },
		{ STORE, 23, "store" },
	};

	report_section("misaligned, second stage");
	stage2[0] = STAGE2_LEAF;
	stage2[2] = 2UL << 28 | STAGE2_LEAF;
	csr_write(0x680, HGATP_SV39X4 | (u64)stage2 >> 12);
	for (u64 i = 0; i < 2; i++) {
		const struct form *form = form_of(8, cases[i].flags);
		struct caught caught;
		u64 htval, htinst;

		misaligned_map(&contexts[1], PAGE_R | PAGE_W);
		report(one_value(&contexts[1], form, 2), cases[i].text);
		misaligned_map(&contexts[1], 0);
		paging_map_as(HIGH, NOT_THERE, PAGE_R | PAGE_W);
		caught = misaligned_run(&contexts[1], form->code, EDGE - 2, 0);
		htval = csr_read(0x643);
		htinst = csr_read(0x64a);
		report_equal(caught.cause, cases[i].cause, "  guest page fault");
		report_equal(caught.tval, EDGE, "  stval");
		report_equal(htval, NOT_THERE >> 2, "  htval");
		report(!htinst || (htinst >> 15 & 31) == 2,
		       "  htinst: nothing, or how far into it");
		report_equal(caught.epc, (u64)form->insn, "  sepc");
	}
	csr_write(0x680, 0);
}

static void misaligned_registers(void)
{
	static u64 integers[32], floats[32];
	u64 addr = (u64)pages[1] - 3, value = 0x1122334455667788UL, wrong = 0;

	report_section("misaligned, registers");
	for (u64 n = 0; n < 8; n++)
		*byte_at(&s_bare, 3, n) = (u8)(value >> 8 * n);
	misaligned_load_all(addr, integers, floats);
	for (u64 n = 0; n < 32; n++)
		wrong += (integers[n] != (n ? value : 0)) + (floats[n] != value);
	report_equal(wrong, 0, "each is loaded");
	wrong = 0;
	misaligned_store_all(addr);
	for (u64 n = 0; n < 32; n++)
		for (u64 i = 0; i < 8; i++)
			wrong += (*byte_at(&s_bare, 3, 16 * n + i) != (i ? 0 : n)) +
				 (*byte_at(&s_bare, 3, 1024 + 16 * n + i) != (i ? 0 : n));
	report_equal(wrong, 0, "each is stored");
}

static u64 misaligned_count(u64 event, u64 flags)
{
	u64 first = 3, counter, events;

	while (!(sbi(EXT_PMU, 1, first).value >> 63))
		first++;
	/* This configures a free counter, clears and starts it. */
	counter = sbi(EXT_PMU, 2, first, 0xffff, 6, 0xf0000 | event, 0).value;
	misaligned_run(&s_bare, form_of(8, flags)->code, (u64)pages[1] + 1, 0);
	events = sbi(EXT_PMU, 5, counter).value;
	sbi(EXT_PMU, 4, counter, 1, 1); /* stop, reset */
	return events;
}

static void counts(void)
{
	report_section("misaligned, PMU");
	emulated = misaligned_count(FW_MISALIGNED_LOAD, 0);
	report_equal(misaligned_count(FW_MISALIGNED_LOAD, 0), emulated,
		     "loads that trap are counted");
	report_equal(misaligned_count(FW_MISALIGNED_STORE, STORE), emulated,
		     "stores that trap are counted");
	report_equal(misaligned_count(FW_MISALIGNED_LOAD, STORE), 0, "no store is a load");
	print(emulated ? "misaligned: by the firmware\n" : "misaligned: by the hart\n");
}

static void atomics(void)
{
	static const struct {
		const char *code;
		u64 cause;
		const char *text;
	} cases[] = {
		{ misaligned_lr, 4, "LR" },
		{ misaligned_sc, 6, "SC" },
		{ misaligned_amo, 6, "AMO" },
	};
	u64 addr = (u64)pages[1] - 3;

	report_section("misaligned, atomics");
	for (u64 i = 0; i < 3; i++) {
		struct caught caught = misaligned_run(&s_bare, cases[i].code, addr, 0);

		report_equal(caught.cause, cases[i].cause, cases[i].text);
		report_equal(caught.tval, addr, "  stval");
		report_equal(caught.epc, (u64)cases[i].code, "  sepc");
	}
}

void test_misaligned(void)
{
	csr_set(sstatus, SSTATUS_FS);
	counts();
	values(&s_bare);
	values(&s_paged);
	misaligned_faults(&s_paged);
	misaligned_registers();
	if (has_hypervisor())
		csr_write(0x602, 0); /* hedeleg */
	for (u64 i = 0; i < (has_hypervisor() ? 3 : 1); i++) {
		values(&contexts[i]);
		misaligned_faults(&contexts[i]);
	}
	opened();
	if (has_hypervisor()) {
		guest_float();
		guest_page_faults();
	}
	if (emulated)
		atomics();
}

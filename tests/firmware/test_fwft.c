/* SPDX-License-Identifier: MIT */
/*
 * Tests FWFT: each feature of the hart has its effect while it is on, and only then. A locked
 * feature stays locked until the hart is started again. Prints which features the hart has.
 */
#include "tests/firmware/guest.h"

enum { SET, GET };
enum { MISALIGNED, LANDING_PAD, SHADOW_STACK, DOUBLE_TRAP, AD_UPDATING, PMLEN, FEATURES };
#define LOCK 1

#define CAUSE_SOFTWARE_CHECK 18
#define CAUSE_LOAD_PAGE 13
#define PAGE 20 /* of the window */
#define PTE_A 0x40
#define PTE_D 0x80
#define TAG (1UL << 60) /* one of the bits that PMLEN 7 masks */

static u64 word[2], from_start[FEATURES];

static s64 fwft_set(u64 feature, u64 value)
{
	return sbi(EXT_FWFT, SET, feature, value, 0).error;
}

static u64 fwft_get(u64 feature)
{
	return sbi(EXT_FWFT, GET, feature).value;
}

static void load_misaligned(u64 addr)
{
	__asm__ volatile("lw zero, 1(%0)" : : "r"(addr));
}

static bool traps_misaligned(void)
{
	return catch_trap(load_misaligned, (u64)word).cause == 4;
}

static void breakpoint(u64 unused)
{
	(void)unused;
	__asm__ volatile(".4byte 0x00100073");
}

static void fwft_illegal(u64 unused)
{
	(void)unused;
	__asm__ volatile(".4byte 0xffffffff");
}

/* Traps to S-mode directly (ebreak), and through the firmware (illegal instruction). */
static bool traps_set_sdt(void)
{
	bool own = catch_trap(breakpoint, 0).status & SSTATUS_SDT;
	bool other = catch_trap(fwft_illegal, 0).status & SSTATUS_SDT;

	report_equal(own, other, "a trap sets SDT whoever took it first");
	return own;
}

/* Only this function, and what it calls directly, is executed with landing pads enabled. */
static void jump_with_pads(u64 target)
{
	if (fwft_set(LANDING_PAD, 1) == SUCCESS)
		__asm__ volatile("mv t1, %0\n\tjalr ra, t1" : : "r"(target) : "t1", "ra", "memory");
	fwft_set(LANDING_PAD, 0);
}

extern const char no_pad[];
__asm__(".text\n.balign 4\nno_pad: nop\n\tret\n");

static bool checks_pads(void)
{
	struct caught caught = catch_trap(jump_with_pads, (u64)no_pad);

	report(caught.happened, "a jump to what is no landing pad traps");
	report_equal(caught.cause, CAUSE_SOFTWARE_CHECK, "  by a software check");
	report_equal(caught.tval, 2, "  of a landing pad");
	caught = catch_trap(jump_with_pads, FIRMWARE_HOLE);
	report_equal(caught.cause, 1, "a jump into the firmware with landing pads");
	report(caught.status & SSTATUS_SPELP, "  leaves in SPELP that one was expected");
	return caught.happened;
}

static void read_ssp(u64 unused)
{
	(void)unused;
	__asm__ volatile("csrr zero, 0x011");
}

static bool has_ssp(void)
{
	return !catch_trap(read_ssp, 0).happened;
}

static void fwft_load(u64 addr)
{
	*(volatile u64 *)addr;
}

/* Loads from a page whose A and D bits are clear. Returns whether the hart sets A. */
static bool updates_bits(void)
{
	struct caught caught;

	paging_map_as(PAGE, (u64)word & -4096UL, PAGE_R | PAGE_W);
	*paging_entry(PAGE) &= ~(u64)(PTE_A | PTE_D);
	paging_on();
	caught = catch_trap(fwft_load, WINDOW + PAGE * 4096);
	paging_off();
	report_equal(caught.happened ? CAUSE_LOAD_PAGE : 0, caught.cause,
		     "A = 0 is a page fault or nothing");
	report_equal(!!(*paging_entry(PAGE) & PTE_A), !caught.happened,
		     "  and set when it is none");
	return !caught.happened;
}

static bool ignores_tags(void)
{
	return !catch_trap(fwft_load, (u64)word | TAG).happened;
}

static const struct {
	bool (*works)(void);
	u64 on;
	const char *name;
} features[FEATURES] = {
	[MISALIGNED] = { traps_misaligned, 1, "MISALIGNED_EXC_DELEG" },
	[LANDING_PAD] = { checks_pads, 1, "LANDING_PAD" },
	[SHADOW_STACK] = { has_ssp, 1, "SHADOW_STACK" },
	[DOUBLE_TRAP] = { traps_set_sdt, 1, "DOUBLE_TRAP" },
	[AD_UPDATING] = { updates_bits, 1, "PTE_AD_HW_UPDATING" },
	[PMLEN] = { ignores_tags, 7, "POINTER_MASKING_PMLEN" },
};

static void refuses_values(u64 feature)
{
	u64 was = fwft_get(feature), on = features[feature].on;
	u64 bad[] = { 2, on + 1, 1UL << 32, on | 1UL << 32, -1UL };
	bool invalid = true;

	for (u64 i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		invalid &= fwft_set(feature, bad[i]) == INVALID_PARAM;
	invalid &= sbi(EXT_FWFT, SET, feature, on, 2).error == INVALID_PARAM;
	invalid &= sbi(EXT_FWFT, SET, feature, on, 1UL << 32).error == INVALID_PARAM;
	report(invalid, "  refuses other values and flags");
	report_equal(fwft_get(feature), was, "  which change nothing");
}

/* checks_pads itself switches landing pads on and off, because the code here has none. */
static void on_and_off(u64 feature)
{
	u64 on = features[feature].on;
	bool works;

	report_equal(fwft_set(feature, on), SUCCESS, "  is switched on");
	report_equal(fwft_get(feature), on, "  is on");
	if (feature == LANDING_PAD)
		fwft_set(feature, 0);
	works = features[feature].works();
	if (feature == MISALIGNED)
		print(works ? "fwft: misaligned accesses trap\n" : "fwft: none do\n");
	else
		report(works, "  works");
	report_equal(fwft_set(feature | 1UL << 32, 0), SUCCESS,
		     "  is switched off by 32 bits of type");
	report_equal(fwft_get(feature), 0, "  is off");
	if (feature != LANDING_PAD)
		report(!features[feature].works(), "  does not work any more");
}

/* The hart updates A and D from the start if the device tree has Svadu without Svade. */
static void at_start(u64 feature, u64 value)
{
	from_start[feature] = value;
	if (feature == AD_UPDATING && value) {
		print("fwft: A and D are the hart's\n");
		report(updates_bits(), "  is on after a reset");
	} else {
		report_equal(value, 0, "  is off after a reset");
	}
}

static u64 try_features(void)
{
	u64 found = 0;

	for (u64 feature = 0; feature < FEATURES; feature++) {
		struct sbiret ret = sbi(EXT_FWFT, GET, feature);

		report(ret.error == SUCCESS || ret.error == NOT_SUPPORTED, features[feature].name);
		if (ret.error != SUCCESS) {
			report_equal(fwft_set(feature, 0), NOT_SUPPORTED, "  set has it as little");
			continue;
		}
		found |= 1UL << feature;
		at_start(feature, ret.value);
		refuses_values(feature);
		on_and_off(feature);
	}
	return found;
}

static volatile u64 kept, locked;

/* Notes whether a feature that was on and locked has remained so. */
static void look_again(u64 feature)
{
	csr_write(sip, 0);
	kept = fwft_get(feature);
	locked = fwft_set(feature, 0) == DENIED_LOCKED && fwft_get(feature) == features[feature].on;
	locked &= sbi(EXT_FWFT, SET, feature, features[feature].on, LOCK).error == DENIED_LOCKED;
}

static void lock_and_suspend(u64 feature)
{
	sbi(EXT_FWFT, SET, feature, features[feature].on, LOCK);
	csr_write(sie, SIE_SSIE);
	csr_set(sip, SIE_SSIE);
	sbi(EXT_HSM, 3, 0x80000000, start_secondary, hart_job(hart_here(), look_again, feature));
}

static void fwft_note(u64 feature)
{
	kept = fwft_get(feature);
	locked = fwft_set(feature, 0) == DENIED_LOCKED;
}

/* Uses another hart: a feature that is locked would remain locked for all other tests. */
static void locks(u64 hart, u64 feature)
{
	kept = locked = 99;
	hart_run(hart, lock_and_suspend, feature);
	report(hart_wait(hart, STOPPED), features[feature].name);
	report_equal(locked, true, "  is locked");
	report_equal(kept, features[feature].on, "  outlives a suspend that loses registers");
	hart_run(hart, fwft_note, feature);
	report(hart_wait(hart, STOPPED), "  the hart starts again");
	report(kept == from_start[feature] && !locked,
	       "  with the feature as at first, not locked");
	report_equal(fwft_get(feature), 0, "  other harts never noticed");
}

void test_fwft(void)
{
	static const u32 reserved[] = {
		FEATURES, 0x3fffffff, 0x40000000, 0x7fffffff, 0x80000000, 0xbfffffff, 0xc0000000,
		0xffffffff,
	};
	bool denied = true;
	u64 found, hart = hart_other(0);

	report_section("fwft");
	for (u64 i = 0; i < sizeof(reserved) / sizeof(reserved[0]); i++) {
		denied &= sbi(EXT_FWFT, GET, reserved[i]).error == DENIED;
		denied &= fwft_set(reserved[i], 0) == DENIED;
	}
	report(denied, "reserved features and the platform's are DENIED");
	found = try_features();
	print("fwft: features ");
	print_number(found);
	print("\n");
	for (u64 feature = 0; hart != -1UL && feature < FEATURES; feature++)
		if ((found >> feature & 1) && feature != LANDING_PAD)
			locks(hart, feature);
}

/* SPDX-License-Identifier: MIT */
/*
 * Tests SSE: registers and state at the entry and at the end of a handler, masks, priorities, other
 * harts, and the events that software does not raise: a double trap, and an overflow of a counter.
 */
#include "tests/firmware/guest.h"

#define DOUBLE_TRAP 0x00000001UL
#define PMU_OVERFLOW 0x00010000UL
#define LOCAL 0xffff0000UL
#define GLOBAL 0xffff8000UL

enum { READ, WRITE, REGISTER, UNREGISTER, ENABLE, DISABLE, COMPLETE, INJECT, UNMASK, MASK };
enum {
	STATUS, PRIORITY, CONFIG, PREFERRED, ENTRY_PC, ENTRY_ARG, SEPC, FLAGS, A6, A7, ATTRIBUTES,
};
enum { UNUSED, REGISTERED, ENABLED, RUNNING };

#define PENDING 4
#define INJECTABLE 8
#define FLAG_SPP 1
#define FLAG_SPIE 2
#define FLAG_SDT 0x20
#define SIP_LCOFIP (1UL << 13)

/*
 * The ENTRY_ARG of sse_entry in start.S: the end of its stack, the function to call, and room for
 * a6.
 */
struct handler {
	u64 stack;
	void (*code)(struct handler *);
	u64 a6;
	u64 event, event_for, runs, attribute[ATTRIBUTES], status, sepc, order;
	const struct handler *other;
};

static u64 stacks[3][256] __attribute__((aligned(16)));
static u64 order;

static s64 sse_call(u64 function, u64 event)
{
	return sbi(EXT_SSE, function, event).error;
}

static u64 attribute(u64 event, u64 id)
{
	u64 value[1] = { -1UL };

	sbi(EXT_SSE, READ, event, id, 1, value, 0);
	return value[0];
}

static s64 sse_set(u64 event, u64 id, u64 value)
{
	u64 values[1] = { value };

	return sbi(EXT_SSE, WRITE, event, id, 1, values, 0).error;
}

static void sse_note(struct handler *handler)
{
	handler->status = csr_read(sstatus);
	handler->sepc = csr_read(sepc);
	sbi(EXT_SSE, READ, handler->event, STATUS, ATTRIBUTES, handler->attribute, 0);
	handler->order = ++order;
	handler->runs++;
}

static void sse_use(struct handler *handler, u64 event, void (*code)(struct handler *), u64 stack)
{
	*handler = (struct handler){ .stack = (u64)&stacks[stack + 1], .code = code,
				     .event = event };
	report_equal(sbi(EXT_SSE, REGISTER, event, sse_entry, handler).error, SUCCESS, "register");
}

static void unuse(u64 event)
{
	report_equal(sse_call(DISABLE, event), SUCCESS, "disable");
	report_equal(sse_call(UNREGISTER, event), SUCCESS, "unregister");
	report_equal(attribute(event, STATUS) & 7, UNUSED, "  it is UNUSED, and not pending");
}

static void sse_masks(void)
{
	report_equal(sse_call(MASK, 0), ALREADY_STOPPED, "events are masked at first");
	report_equal(sse_call(UNMASK, 0), SUCCESS, "unmask");
	report_equal(sse_call(UNMASK, 0), ALREADY_STARTED, "  twice");
	report_equal(sse_call(MASK, 0), SUCCESS, "mask");
	report_equal(sse_call(COMPLETE, 0), SUCCESS,
		     "complete with no event that runs does nothing");
}

/* Returns the error of a function whose other arguments are valid. */
static s64 takes(u64 function, u64 event)
{
	u64 value;

	return sbi(EXT_SSE, function, event, 0, 1, &value, 0).error;
}

static void refused_ids(void)
{
	static const u64 no_event[] = {
		2, 0x3fff, 0x4000, 0x8001, 0xc000, 0x10001, 0x18000, 0x100001, 0xfffeffff,
		0xffff0001, 0xffff4000, 0xffff8001, 0xffffc000, 0xffffffff,
	};
	static const u64 no_source[] = { 0, 0x8000, 0x100000, 0x108000 };
	bool invalid = true, unsupported = true;

	for (u64 function = READ; function <= INJECT; function++) {
		if (function == COMPLETE)
			continue;
		for (u64 i = 0; i < sizeof(no_event) / sizeof(no_event[0]); i++)
			invalid &= takes(function, no_event[i]) == INVALID_PARAM;
		for (u64 i = 0; i < sizeof(no_source) / sizeof(no_source[0]); i++)
			unsupported &= takes(function, no_source[i]) == NOT_SUPPORTED;
	}
	report(invalid, "reserved and platform's events are INVALID_PARAM");
	report(unsupported, "events of the hardware's errors are NOT_SUPPORTED");
}

static void refused_attributes(u64 event)
{
	static const struct {
		u64 id, value;
		s64 error;
		const char *text;
	} writes[] = {
		{ STATUS, 0, DENIED, "STATUS is read-only" },
		{ ENTRY_PC, 0, DENIED, "ENTRY_PC is read-only" },
		{ ENTRY_ARG, 0, DENIED, "ENTRY_ARG is read-only" },
		{ PRIORITY, 1UL << 32, INVALID_PARAM, "a priority above 32 bits" },
		{ CONFIG, 2, INVALID_PARAM, "a reserved bit of CONFIG" },
		{ SEPC, 0, INVALID_STATE, "INTERRUPTED_SEPC when it does not run" },
		{ A7, 0, INVALID_STATE, "INTERRUPTED_A7 when it does not run" },
	};
	static u64 words[ATTRIBUTES];

	for (u64 i = 0; i < sizeof(writes) / sizeof(writes[0]); i++)
		report_equal(sse_set(event, writes[i].id, writes[i].value), writes[i].error,
			     writes[i].text);
	report_equal(sse_set(event, PREFERRED, event == GLOBAL ? MAX_HARTS : hart_here()),
		     event == GLOBAL ? INVALID_PARAM : DENIED, "another hart");
	for (u64 function = READ; function <= WRITE; function++) {
		report_equal(sbi(EXT_SSE, function, event, 0, 0, words, 0).error, INVALID_PARAM,
			     "no attributes");
		report_equal(sbi(EXT_SSE, function, event, A7, 2, words, 0).error, BAD_RANGE,
			     "attributes behind the last");
		report_equal(sbi(EXT_SSE, function, event, -1UL, 2, words, 0).error, BAD_RANGE,
			     "attributes that wrap");
		report_equal(sbi(EXT_SSE, function, event, 1, 1, (u64)words + 4, 0).error,
			     INVALID_ADDRESS, "not at 8 bytes");
		report_equal(sbi(EXT_SSE, function, event, 1, 1, FIRMWARE_HOLE, 0).error,
			     INVALID_ADDRESS, "in the firmware");
		report_equal(sbi(EXT_SSE, function, event, 1, 1, words, 1).error, INVALID_ADDRESS,
			     "above 64 bits");
	}
	report_equal(sse_call(UNREGISTER, event), INVALID_STATE,
		     "unregister of what is not in use");
	report_equal(sse_call(ENABLE, event), INVALID_STATE, "enable");
	report_equal(sse_call(DISABLE, event), INVALID_STATE, "disable");
	report_equal(sbi(EXT_SSE, REGISTER, event, 1, 0).error, INVALID_PARAM, "an odd entry");
}

/* The handler writes everything that it may, reads it back, and then restores it. */
static void try_writes(struct handler *handler)
{
	u64 values[] = { 4, 0x3f, 0x6666, 0x7777 }, got[4];
	bool same = true;

	sse_note(handler);
	report_equal(sbi(EXT_SSE, WRITE, handler->event, SEPC, 4, values, 0).error, SUCCESS,
		     "  the handler writes what was interrupted");
	sbi(EXT_SSE, READ, handler->event, SEPC, 4, got, 0);
	for (u64 i = 0; i < 4; i++)
		same &= got[i] == values[i];
	report(same, "  and reads it");
	report_equal(sse_set(handler->event, FLAGS, 0x40), INVALID_PARAM, "  but no reserved flag");
	report_equal(sse_set(handler->event, PRIORITY, 0), INVALID_STATE, "  nor the priority");
	sbi(EXT_SSE, WRITE, handler->event, SEPC, 4, &handler->attribute[SEPC], 0);
}

/*
 * Unmasking delivers the event. Afterwards all registers except a0 and a1, and the state, are as
 * before.
 */
static void inject_masked(u64 event)
{
	static struct handler handler;

	sse_use(&handler, event, try_writes, 0);
	report_equal(sbi(EXT_SSE, REGISTER, event, 0, 0).error, INVALID_STATE, "register twice");
	if (event == GLOBAL)
		report_equal(sse_set(event, PREFERRED, hart_here()), SUCCESS, "this hart, please");
	report_equal(sse_call(ENABLE, event), SUCCESS, "enable");
	report_equal(sse_set(event, CONFIG, 1), INVALID_STATE, "CONFIG of an enabled event");
	report_equal(sbi(EXT_SSE, INJECT, event, hart_here()).error, SUCCESS, "inject");
	report_equal(attribute(event, STATUS), ENABLED | PENDING | INJECTABLE, "  is masked");
	csr_write(sepc, 0x1234560);
	csr_set(sstatus, SSTATUS_SPIE | SSTATUS_SPP);
	report_equal(preserved_registers(UNMASK, EXT_SSE), 0, "unmask keeps all registers");
	report_equal(handler.runs, 1, "  the handler ran");
	report_equal(handler.a6, hart_here(), "  a6 is the hart");
	report_equal(handler.attribute[STATUS], RUNNING | INJECTABLE, "  it was RUNNING");
	report_equal(handler.attribute[ENTRY_ARG], (u64)&handler, "  ENTRY_ARG");
	report_equal(handler.attribute[SEPC], 0x1234560, "  INTERRUPTED_SEPC");
	report_equal(handler.attribute[FLAGS], FLAG_SPP | FLAG_SPIE, "  INTERRUPTED_FLAGS");
	report_equal(handler.attribute[A6], UNMASK, "  INTERRUPTED_A6");
	report_equal(handler.attribute[A7], EXT_SSE, "  INTERRUPTED_A7");
	report_equal(handler.status & (SSTATUS_SPP | SSTATUS_SIE), SSTATUS_SPP,
		     "  it came of S-mode, interrupts are off");
	report_equal(csr_read(sepc), 0x1234560, "  sepc is back");
	report_equal(csr_read(sstatus) & (SSTATUS_SPP | SSTATUS_SPIE), SSTATUS_SPP | SSTATUS_SPIE,
		     "  and sstatus");
	report_equal(attribute(event, STATUS), ENABLED | INJECTABLE, "  it is ENABLED again");
	unuse(event);
}

static void one_shot(u64 event)
{
	static struct handler handler;

	sse_use(&handler, event, sse_note, 0);
	report_equal(sse_set(event, CONFIG, 1), SUCCESS, "one-shot");
	sse_call(ENABLE, event);
	csr_set(sstatus, SSTATUS_SIE);
	sbi(EXT_SSE, INJECT, event, hart_here());
	report(csr_read(sstatus) & SSTATUS_SIE, "  interrupts are on again");
	csr_clear(sstatus, SSTATUS_SIE);
	report(handler.status & SSTATUS_SPIE, "  and were when it came");
	report_equal(attribute(event, STATUS) & 7, REGISTERED, "  it is REGISTERED after it ran");
	sbi(EXT_SSE, INJECT, event, hart_here());
	report_equal(handler.runs, 1, "  and does not run again");
	sse_call(ENABLE, event);
	report_equal(handler.runs, 2, "  before it is enabled");
	sse_set(event, CONFIG, 0);
	sse_call(ENABLE, event);
	unuse(event);
}

static void inject_other(struct handler *handler)
{
	u64 before = handler->other->runs;

	sse_note(handler);
	sbi(EXT_SSE, INJECT, handler->other->event, hart_here());
	handler->sepc = handler->other->runs - before;
}

/* The handler of `first` injects `second`, which is delivered immediately, or after the handler. */
static void nest(u64 first, u64 second, u64 first_priority, u64 second_priority, bool at_once)
{
	static struct handler outer, inner;

	sse_use(&outer, first, inject_other, 0);
	sse_use(&inner, second, sse_note, 1);
	outer.other = &inner;
	sse_set(first, PRIORITY, first_priority);
	sse_set(second, PRIORITY, second_priority);
	sse_set(GLOBAL, PREFERRED, hart_here());
	sse_call(ENABLE, first);
	sse_call(ENABLE, second);
	sbi(EXT_SSE, INJECT, first, hart_here());
	report_equal(inner.runs, 1, "both events run");
	report_equal(outer.sepc, at_once, at_once ? "  one in the other" : "  in turn");
	unuse(first);
	unuse(second);
	sse_set(first, PRIORITY, 0);
	sse_set(second, PRIORITY, 0);
}

static struct handler remote;
static volatile u64 ready, stop;

static bool remote_ran(u64 runs)
{
	return *(volatile u64 *)&remote.runs == runs;
}

static bool is_ready(u64 unused)
{
	(void)unused;
	return ready;
}

static void spin_unmasked(u64 event)
{
	if (event == LOCAL) {
		sbi(EXT_SSE, REGISTER, event, sse_entry, &remote);
		sse_call(ENABLE, event);
	}
	sse_call(UNMASK, 0);
	ready = 1;
	while (!stop)
		;
}

static void sleep_unmasked(u64 event)
{
	sbi(EXT_SSE, REGISTER, event, sse_entry, &remote);
	sse_call(ENABLE, event);
	sse_call(UNMASK, 0);
	sbi(EXT_HSM, 3, 0, 0, 0);
}

static void on_other(u64 hart, u64 event)
{
	ready = stop = 0;
	remote = (struct handler){ .stack = (u64)&stacks[3], .code = sse_note, .event = event };
	if (event == GLOBAL) {
		sbi(EXT_SSE, REGISTER, event, sse_entry, &remote);
		report_equal(sse_set(event, PREFERRED, hart), SUCCESS, "the other hart, please");
		sse_call(ENABLE, event);
	}
	hart_run(hart, spin_unmasked, event);
	report(time_wait(is_ready, 0), "another hart waits");
	report_equal(sbi(EXT_SSE, INJECT, event, hart).error, SUCCESS, "inject there");
	report(time_wait(remote_ran, 1), "  the handler runs");
	report_equal(remote.a6, hart, "  on that hart");
	stop = 1;
	report(hart_wait(hart, STOPPED), "  which goes on");
	if (event == GLOBAL) {
		sbi(EXT_SSE, INJECT, event, 0);
		report(remote.runs == 2 && remote.a6 == hart_here(),
		       "  when it has stopped another does it");
		unuse(event);
	}
}

/*
 * Runs on the handling hart, while another hart, which the event prefers, begins to wait for the
 * event.
 */
static void inject_again(struct handler *handler)
{
	u64 start;

	sse_note(handler);
	if (handler->runs > 1)
		return;
	hart_run(handler->event_for, spin_unmasked, GLOBAL);
	report(time_wait(is_ready, 0), "the hart that a running event prefers waits for it");
	sbi(EXT_SSE, INJECT, GLOBAL, 0);
	/* After this time the other hart has been notified, and has found the event running. */
	start = time_now();
	while (time_now() - start < TIMEBASE_HZ / 1000)
		;
}

static void handed_over(u64 hart)
{
	ready = stop = 0;
	remote = (struct handler){ .stack = (u64)&stacks[3], .code = inject_again, .event = GLOBAL,
				   .event_for = hart };
	sbi(EXT_SSE, REGISTER, GLOBAL, sse_entry, &remote);
	sse_set(GLOBAL, PREFERRED, hart);
	sse_call(ENABLE, GLOBAL);
	sbi(EXT_SSE, INJECT, GLOBAL, 0);
	report(time_wait(remote_ran, 2), "  injected while it ran, it goes there");
	report_equal(remote.a6, hart, "  on that hart");
	stop = 1;
	report(hart_wait(hart, STOPPED), "  which goes on");
	unuse(GLOBAL);
}

static void sse_wakes(u64 hart)
{
	remote = (struct handler){ .stack = (u64)&stacks[3], .code = sse_note, .event = LOCAL };
	hart_run(hart, sleep_unmasked, LOCAL);
	report(hart_wait(hart, SUSPENDED), "a hart sleeps");
	sbi(EXT_SSE, INJECT, LOCAL, hart);
	report(hart_wait(hart, STOPPED) && remote.runs == 1, "  an event wakes it");
}

static void skip(struct handler *handler)
{
	sse_note(handler);
	csr_write(sepc, handler->sepc + 4);
}

/*
 * Traps occur where none is expected: an illegal instruction through the firmware, and ebreak
 * directly.
 */
static void double_trap(void)
{
	static struct handler handler;

	if (sbi(EXT_FWFT, 0, 3, 1, 0).error != SUCCESS) {
		report_equal(sse_call(ENABLE, DOUBLE_TRAP), NOT_SUPPORTED, "no double traps");
		return;
	}
	sse_use(&handler, DOUBLE_TRAP, skip, 0);
	sse_call(ENABLE, DOUBLE_TRAP);
	report_equal(sbi(EXT_SSE, INJECT, DOUBLE_TRAP, hart_here()).error, INVALID_PARAM,
		     "nobody injects a double trap");
	__asm__ volatile("csrs sstatus, %0\n\t.4byte 0xffffffff\n\t.4byte 0x00100073\n\t"
			 "csrc sstatus, %0"
			 :
			 : "r"(SSTATUS_SDT)
			 : "memory");
	report_equal(handler.runs, 2, "double traps are events");
	report(handler.attribute[FLAGS] & FLAG_SDT, "  SDT was set");
	report_equal(handler.attribute[STATUS], RUNNING, "  it is not injectable");
	unuse(DOUBLE_TRAP);
	sbi(EXT_FWFT, 0, 3, 0, 0);
}

static void stop_counter(struct handler *handler)
{
	sse_note(handler);
	handler->order = csr_read(sip) & SIP_LCOFIP;
	sbi(EXT_PMU, 4, handler->event >> 32, 1, 0);
}

/* This code counts down and executes ECALL, in another mode and without a stack. */
extern const char count_down[];
__asm__(".text\n.balign 4\ncount_down: li t0, 4000\n1:	addi t0, t0, -1\n	bnez t0, 1b\n	ecall\n");

/* The event comes while U-mode or VS-mode is executed, which then continues. */
static void overflow_in_mode(struct handler *handler, bool virt)
{
	struct caught caught;

	csr_clear(sstatus, SSTATUS_SPP | SSTATUS_SPIE);
	if (virt) {
		csr_write(0x602, 0);
		csr_write(0x680, 0);
		csr_set(0x600, 1 << 7);
		csr_set(sstatus, SSTATUS_SPP);
	}
	handler->runs = 0;
	sbi(EXT_PMU, 3, handler->event >> 32, 1, 1, -4000UL);
	caught = catch_trap(enter_mode, (u64)count_down);
	report_equal(handler->runs, 1, virt ? "an event in VS-mode" : "an event in U-mode");
	report_equal(handler->status & SSTATUS_SPP, virt ? SSTATUS_SPP : 0, "  tells so by SPP");
	report(handler->sepc - (u64)count_down < 16, "  comes within its code");
	report_equal(caught.cause, virt ? 10 : 8, "  which goes on in its mode");
}

static void overflow(void)
{
	struct sbiret all = sbi(EXT_PMU, 0), ret = { 0 };
	static struct handler handler;

	if (sse_call(UNREGISTER, PMU_OVERFLOW) == NOT_SUPPORTED)
		return;
	for (u64 n = 3; n < all.value && (n == 3 || ret.error); n++)
		ret = sbi(EXT_PMU, 2, n, 1, 2, 2, 0); /* instructions, from 0 */
	sse_use(&handler, PMU_OVERFLOW, stop_counter, 0);
	sse_call(ENABLE, PMU_OVERFLOW);
	handler.event |= ret.value << 32; /* event ids have 32 bits */
	sbi(EXT_PMU, 3, ret.value, 1, 1, -1000UL);
	for (volatile u64 i = 0; i < 1000; i++)
		;
	report_equal(handler.runs, 1, "an overflow is an event");
	report_equal(handler.order, 0, "  and no interrupt");
	overflow_in_mode(&handler, false);
	if (has_hypervisor())
		overflow_in_mode(&handler, true);
	sbi(EXT_PMU, 4, ret.value, 1, 1);
	unuse(PMU_OVERFLOW);
}

void test_sse(void)
{
	u64 hart = hart_other(0);

	report_section("sse");
	sse_masks();
	refused_ids();
	refused_attributes(LOCAL);
	refused_attributes(GLOBAL);
	inject_masked(LOCAL);
	sse_call(MASK, 0);
	inject_masked(GLOBAL);
	one_shot(LOCAL);
	one_shot(GLOBAL);
	nest(LOCAL, GLOBAL, 0, 0, false);
	nest(GLOBAL, LOCAL, 0, 0, true);
	nest(LOCAL, GLOBAL, 7, 6, true);
	nest(GLOBAL, LOCAL, 6, 7, false);
	double_trap();
	overflow();
	if (hart != -1UL) {
		report_equal(sbi(EXT_SSE, INJECT, LOCAL, MAX_HARTS).error, INVALID_PARAM,
			     "no hart");
		on_other(hart, LOCAL);
		on_other(hart, GLOBAL);
		handed_over(hart);
		sse_wakes(hart);
	}
	sse_call(MASK, 0);
}

/* SPDX-License-Identifier: MIT */
/* Tests the PMU: counters and their properties, matching, start and stop, firmware events. */
#include "tests/firmware/guest.h"

#define CYCLES 1
#define INSTRUCTIONS 2
#define FIRMWARE_EVENT(code) (0xf0000 | (code))
#define SIP_LCOFIP (1UL << 13)
#define FW_ILLEGAL_INSN 4
#define FW_SET_TIMER 5
#define FW_IPI_SENT 6
#define FW_IPI_RECEIVED 7
#define FW_FENCE_I_SENT 8

enum { SKIP_MATCH = 1, CLEAR_VALUE = 2, AUTO_START = 4 };
enum { NUM, INFO, CONFIG, START, STOP, READ, READ_HI, SNAPSHOT, EVENTS };

static u64 all; /* counters, one bit each */
static u64 count;

static void facts(void)
{
	u64 first_firmware = 0;

	count = sbi(EXT_PMU, NUM).value;
	report(count >= 3 && count <= 64, "some counters are there");
	all = 0;
	for (u64 n = 0; n < count; n++) {
		struct sbiret info = sbi(EXT_PMU, INFO, n);

		if (info.error == SUCCESS)
			all |= 1UL << n;
		if (info.error == SUCCESS && info.value >> 63 && !first_firmware)
			first_firmware = n;
	}
	report_equal(sbi(EXT_PMU, INFO, 0).value, 63UL << 12 | 0xc00, "counter 0 is cycle");
	report_equal(sbi(EXT_PMU, INFO, 1).error, INVALID_PARAM, "counter 1 would be time");
	report_equal(sbi(EXT_PMU, INFO, 2).value, 63UL << 12 | 0xc02, "counter 2 is instret");
	report(first_firmware >= 3, "firmware counters follow those of the hart");
	report_equal(sbi(EXT_PMU, INFO, count).error, INVALID_PARAM, "none behind the last");
	report_equal(sbi(EXT_PMU, INFO, -1UL).error, INVALID_PARAM, "counter -1 is none");
	report_equal(sbi(EXT_PMU, INFO, 1UL << 32).error, INVALID_PARAM, "nor counter 2^32");
}

static u64 read_fixed(u64 counter)
{
	return counter ? csr_read(instret) : csr_read(cycle);
}

static void pmu_work(void)
{
	for (volatile u64 i = 0; i < 1000; i++)
		;
}

/*
 * Returns the value of a stopped counter. QEMU 7.2 notices the stop only at the first read after
 * it.
 */
static u64 read_stopped(u64 counter)
{
	read_fixed(counter);
	return read_fixed(counter);
}

static void start_and_stop(u64 counter)
{
	u64 mask = 1UL << counter, first, second;
	struct sbiret ret = sbi(EXT_PMU, START, 0, mask, 1, 1UL << 60);

	first = read_fixed(counter);
	pmu_work();
	second = read_fixed(counter);
	report_equal(ret.error, SUCCESS, "start succeeds");
	report(first >= 1UL << 60 && second > first, "it counts from the initial value");
	report_equal(sbi(EXT_PMU, START, 0, mask, 0, 0).error, ALREADY_STARTED, "started twice");
	report_equal(sbi(EXT_PMU, STOP, 0, mask, 0).error, SUCCESS, "stop succeeds");
	first = read_stopped(counter);
	pmu_work();
	report_equal(read_fixed(counter), first, "it rests");
	report_equal(sbi(EXT_PMU, STOP, 0, mask, 0).error, ALREADY_STOPPED, "stopped twice");
	report_equal(sbi(EXT_PMU, START, 0, mask, 0, 0).error, SUCCESS, "start without a value");
	report(read_fixed(counter) >= first, "goes on from where it was");
	sbi(EXT_PMU, STOP, 0, mask, 1);
	report_equal(sbi(EXT_PMU, START, 0, mask, 0, 0).error, INVALID_PARAM,
		     "after stop with reset it is not configured");
}

static void fixed(u64 event, u64 counter)
{
	struct sbiret ret = sbi(EXT_PMU, CONFIG, 0, 5, 0, event, 0);
	u64 cleared;

	report_equal(ret.error, SUCCESS, event == CYCLES ? "cycles match" : "instructions match");
	report_equal(ret.value, counter, "the fixed counter");
	start_and_stop(counter);
	ret = sbi(EXT_PMU, CONFIG, counter, 1, SKIP_MATCH | CLEAR_VALUE | AUTO_START, event, 0);
	cleared = read_fixed(counter);
	report(ret.error == SUCCESS && ret.value == counter, "skip match takes what it is given");
	report(cleared < 1UL << 60, "clear value cleared it");
	report_equal(sbi(EXT_PMU, STOP, counter, 1, 1).error, SUCCESS, "auto start started it");
	sbi(EXT_PMU, CONFIG, counter, 1, AUTO_START, event, 0);
}

static void pmu_illegal(u64 unused)
{
	(void)unused;
	__asm__ volatile(".option push\n.option norvc\n.4byte 0xffffffff\n.option pop");
}

static void cause_illegal(void)
{
	catch_trap(pmu_illegal, 0);
}

static void cause_timer(void)
{
	sbi(EXT_TIME, 0, -1UL);
}

static bool ssip(u64 unused)
{
	(void)unused;
	return csr_read(sip) & SIE_SSIE;
}

static void cause_ipi(void)
{
	sbi(EXT_IPI, 0, 1, hart_here());
	time_wait(ssip, 0);
	csr_write(sip, 0);
}

static void cause_fence(void)
{
	sbi(EXT_RFENCE, 0, 1UL << hart_other(0), 0);
}

static void firmware_event(u64 code, void (*cause)(void), const char *text)
{
	struct sbiret ret = sbi(EXT_PMU, CONFIG, 0, all, CLEAR_VALUE, FIRMWARE_EVENT(code), 0);
	u64 counter = ret.value;

	report_equal(ret.error, SUCCESS, text);
	if (ret.error != SUCCESS)
		return;
	cause();
	report_equal(sbi(EXT_PMU, READ, counter).value, 0, "  counts nothing before its start");
	report_equal(sbi(EXT_PMU, START, counter, 1, 1, 40).error, SUCCESS, "  starts");
	cause();
	cause();
	report_equal(sbi(EXT_PMU, READ, counter).value, 42, "  counts events");
	report_equal(sbi(EXT_PMU, READ_HI, counter).value, 0, "  has no high bits");
	report_equal(sbi(EXT_PMU, STOP, counter, 1, 0).error, SUCCESS, "  stops");
	cause();
	report_equal(sbi(EXT_PMU, READ, counter).value, 42, "  counts no more");
	report_equal(sbi(EXT_PMU, STOP, counter, 1, 1).error, ALREADY_STOPPED, "  is reset");
}

static void read_overflows(u64 unused)
{
	(void)unused;
	__asm__ volatile("csrr zero, 0xda0"); /* scountovf */
}

/* Tests a programmable counter, if there is one: it interrupts on overflow. */
static void programmable(void)
{
	struct sbiret ret = sbi(EXT_PMU, CONFIG, 0, all & ~7UL, CLEAR_VALUE, INSTRUCTIONS, 0);
	u64 counter = ret.value;

	if (ret.error != SUCCESS || catch_trap(read_overflows, 0).happened)
		return;
	report(counter > 2, "instructions match a programmable counter");
	report_equal(sbi(EXT_PMU, INFO, counter).value, 63UL << 12 | (0xc00 + counter),
		     "  it has 64 bits");
	report_equal(sbi(EXT_PMU, START, counter, 1, 1, -1000UL).error, SUCCESS, "  starts");
	report(!(csr_read(sip) & SIP_LCOFIP), "  has not overflown yet");
	pmu_work();
	report(csr_read(sip) & SIP_LCOFIP, "  its overflow is pending in S-mode");
	report_equal(sbi(EXT_PMU, STOP, counter, 1, 1).error, SUCCESS, "  stops");
	csr_write(sip, 0);
	report_equal(csr_read(sip) & SIP_LCOFIP, 0, "  S-mode clears what is pending");
}

static void pmu_refused(void)
{
	static const struct {
		u64 function, base, mask, flags, event, data;
		s64 error;
		const char *text;
	} cases[] = {
		{ CONFIG, 0, 1UL << 1, 0, CYCLES, 0, INVALID_PARAM, "a set with counter 1" },
		{ CONFIG, 64, 1, 0, CYCLES, 0, INVALID_PARAM, "a set behind the last counter" },
		{ CONFIG, -1UL, 1, 0, CYCLES, 0, INVALID_PARAM, "a set from -1" },
		{ CONFIG, 2, 1UL << 63, 0, CYCLES, 0, INVALID_PARAM, "a set that shifts out" },
		{ CONFIG, 0, 5, 1 << 8, CYCLES, 0, INVALID_PARAM, "a reserved config flag" },
		{ CONFIG, 0, 5, 0, 0, 0, NOT_SUPPORTED, "event 0" },
		{ CONFIG, 0, 5, 0, 11, 0, NOT_SUPPORTED, "a general event that does not exist" },
		{ CONFIG, 0, 5, 0, CYCLES, 1, NOT_SUPPORTED, "cycles with data" },
		{ CONFIG, 0, 4, 0, CYCLES, 0, NOT_SUPPORTED, "cycles by instret" },
		{ CONFIG, 2, 1, SKIP_MATCH, CYCLES, 0, NOT_SUPPORTED, "cycles by instret, forced" },
		{ CONFIG, 0, 0, SKIP_MATCH, CYCLES, 0, NOT_SUPPORTED, "no counter" },
		{ CONFIG, 0, 5, 0, 0x40000, 0, NOT_SUPPORTED, "an event type that does not exist" },
		{ CONFIG, 0, 5, 0, 0x20001, 5, NOT_SUPPORTED, "a raw event with a code" },
		{ CONFIG, 0, 5, 0, 0x20000, 1UL << 48, NOT_SUPPORTED, "a raw event too wide" },
		{ CONFIG, 0, 5, 0, 0x1ffff, 0, NOT_SUPPORTED, "a cache that does not exist" },
		{ CONFIG, 0, 5, 0, CYCLES | 1UL << 32, 0, NOT_SUPPORTED, "an event above 32 bits" },
		{ START, 0, 1UL << 1, 0, 0, 0, INVALID_PARAM, "start of counter 1" },
		{ START, 0, 4, 4, 0, 0, INVALID_PARAM, "a reserved start flag" },
		{ START, 0, 4, 2, 0, 0, NO_SHMEM, "start from a snapshot" },
		{ STOP, 64, 1, 0, 0, 0, INVALID_PARAM, "stop behind the last counter" },
		{ STOP, 0, 4, 4, 0, 0, INVALID_PARAM, "a reserved stop flag" },
		{ STOP, 0, 4, 2, 0, 0, NO_SHMEM, "stop with a snapshot" },
		{ READ, 0, 0, 0, 0, 0, INVALID_PARAM, "fw_read of cycle" },
		{ READ, -1UL, 0, 0, 0, 0, INVALID_PARAM, "fw_read of -1" },
		{ READ_HI, 64, 0, 0, 0, 0, INVALID_PARAM, "fw_read_hi behind the last counter" },
		{ SNAPSHOT, 0, 0, 1, 0, 0, INVALID_PARAM, "a reserved snapshot flag" },
		{ SNAPSHOT, 2048, 0, 0, 0, 0, INVALID_PARAM, "snapshots not at a page" },
		{ SNAPSHOT, 0, 0, 0, 0, 0, INVALID_ADDRESS, "snapshots that are not in RAM" },
		{ SNAPSHOT, FIRMWARE_BASE, 0, 0, 0, 0, INVALID_ADDRESS, "in the firmware's" },
		{ SNAPSHOT, KERNEL_BASE, 1, 0, 0, 0, INVALID_ADDRESS, "above 64 bits" },
		{ SNAPSHOT, -1UL & -4096UL, -1UL, 0, 0, 0, INVALID_ADDRESS, "half of nowhere" },
		{ START, 0, 4, 3, 0, 0, INVALID_PARAM, "start from a value and a snapshot" },
		{ EVENTS, 0, 0, 1, 0, 0, INVALID_ADDRESS, "events that are not in RAM" },
		{ EVENTS, FIRMWARE_BASE, 0, 1, 0, 0, INVALID_ADDRESS, "in the firmware's" },
		{ EVENTS, 8, 0, 1, 0, 0, INVALID_PARAM, "not at 16 bytes" },
		{ EVENTS, 0, 0, 0, 1, 0, INVALID_PARAM, "a reserved events flag" },
		{ EVENTS, 0, 0, -1UL, 0, 0, INVALID_ADDRESS, "too many events" },
	};

	for (u64 i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		report_equal(sbi(EXT_PMU, cases[i].function, cases[i].base, cases[i].mask,
				 cases[i].flags, cases[i].event, cases[i].data)
				     .error,
			     cases[i].error, cases[i].text);
	report_equal(sbi(EXT_PMU, CONFIG, 0, all, 0, FIRMWARE_EVENT(22), 0).error, NOT_SUPPORTED,
		     "a firmware event that does not exist");
	report_equal(sbi(EXT_PMU, CONFIG, 0, all, 0, FIRMWARE_EVENT(0xffff), 0).error,
		     NOT_SUPPORTED, "a platform's firmware event");
	report_equal(sbi(EXT_PMU, CONFIG, 0, all, 0, FIRMWARE_EVENT(5), 1).error, NOT_SUPPORTED,
		     "a firmware event with data");
}

static struct {
	u64 overflown, value[64];
} snapshot __attribute__((aligned(4096)));

/*
 * The index of a value in the snapshot is relative to counter_idx_base, which is 0 or the counter
 * itself.
 */
static void stop_and_start(u64 counter, u64 base)
{
	u64 mask = 1UL << (counter - base), *value = &snapshot.value[counter - base];

	*value = 1UL << 50;
	snapshot.overflown = -1UL;
	report_equal(sbi(EXT_PMU, START, base, mask, 2).error, SUCCESS, "start from a snapshot");
	sbi(EXT_PMU, STOP, base, mask, 0);
	report_equal(sbi(EXT_PMU, START, base, mask, 0).error, SUCCESS, "  and on");
	report_equal(snapshot.overflown, -1UL, "  a plain stop takes none");
	report_equal(sbi(EXT_PMU, STOP, base, mask, 2).error, SUCCESS, "stop with a snapshot");
	report(*value >= 1UL << 50 && *value < 1UL << 51, "  it went on from the value");
	report_equal(snapshot.overflown, 0, "  nothing overflew");
	*value = 7;
	report_equal(sbi(EXT_PMU, STOP, base, mask, 2).error, ALREADY_STOPPED, "stopped twice");
	report(*value >= 1UL << 50, "  the value is there all the same");
}

/* Linux starts counters that have overflowed with counter_idx_base 64 * 64. */
static void overflown(void)
{
	struct sbiret ret = sbi(EXT_PMU, CONFIG, 0, all & ~7UL, CLEAR_VALUE, INSTRUCTIONS, 0);
	u64 counter = ret.value;

	if (ret.error != SUCCESS || catch_trap(read_overflows, 0).happened)
		return;
	snapshot.value[counter] = -1000UL;
	report_equal(sbi(EXT_PMU, START, 64 * 64, 1UL << counter, 2).error, SUCCESS,
		     "start from Linux's snapshot");
	pmu_work();
	report(csr_read(sip) & SIP_LCOFIP, "  it overflows");
	sbi(EXT_PMU, STOP, 0, 1UL << counter, 2);
	report_equal(snapshot.overflown, 1UL << counter, "  as the snapshot says");
	report(snapshot.value[counter] < 1UL << 32, "  with what was counted since");
	sbi(EXT_PMU, START, counter, 1, 2);
	report_equal(sbi(EXT_PMU, STOP, counter, 1, 3).error, SUCCESS, "  it starts again");
	report_equal(snapshot.overflown, 0, "  and has not overflown");
	csr_write(sip, 0);
}

static void snapshots(void)
{
	struct sbiret ret = sbi(EXT_PMU, CONFIG, 0, all, 0, FIRMWARE_EVENT(FW_SET_TIMER), 0);

	report_equal(sbi(EXT_PMU, SNAPSHOT, &snapshot, 0, 0).error, SUCCESS, "snapshot memory");
	for (u64 n = 0; n < 64; n++)
		snapshot.value[n] = 99;
	sbi(EXT_PMU, CONFIG, 2, 1, SKIP_MATCH, INSTRUCTIONS, 0);
	sbi(EXT_PMU, STOP, 2, 1, 0);
	stop_and_start(2, 0);
	report(snapshot.value[1] == 99 && snapshot.value[3] == 99, "  other values stay");
	stop_and_start(2, 2);
	stop_and_start(ret.value, 0);
	overflown();
	sbi(EXT_PMU, STOP, ret.value, 1, 1);
	sbi(EXT_PMU, START, 2, 1, 0);
	report_equal(sbi(EXT_PMU, SNAPSHOT, -1UL, -1UL, 0).error, SUCCESS, "no snapshots again");
	report_equal(sbi(EXT_PMU, STOP, 2, 1, 2).error, NO_SHMEM, "  none is taken");
}

static s64 count_and_take(void)
{
	struct sbiret ret = sbi(EXT_PMU, CONFIG, 2, 1, SKIP_MATCH | AUTO_START, INSTRUCTIONS, 0);

	snapshot.value[2] = 0;
	return ret.error == SUCCESS ? sbi(EXT_PMU, STOP, 0, 1UL << 2, 2).error : ret.error;
}

static volatile s64 taken_before, taken_disabled, taken_again;

static void set_and_disable(u64 set)
{
	if (set)
		sbi(EXT_PMU, SNAPSHOT, &snapshot, 0, 0);
	taken_before = count_and_take();
	sbi(EXT_PMU, SNAPSHOT, -1UL, -1UL, 0);
	taken_disabled = count_and_take();
}

static void take_again(u64 unused)
{
	(void)unused;
	taken_again = count_and_take();
}

static void disable_and_suspend(u64 unused)
{
	(void)unused;
	sbi(EXT_PMU, SNAPSHOT, -1UL, -1UL, 0);
	csr_write(sie, SIE_SSIE);
	sbi(EXT_HSM, 3, 0x80000000, start_secondary, hart_job(hart_here(), take_again, 0));
}

static void run_until_stopped(u64 hart, void (*code)(u64), u64 arg)
{
	hart_run(hart, code, arg);
	report(hart_wait(hart, STOPPED), "another hart has run");
}

static void report_taken_again(const char *text)
{
	report_equal(taken_again, SUCCESS, text);
	report(snapshot.value[2] != 0, "  it is written there");
	taken_again = FAILED;
}

/*
 * Linux disables the snapshot memory of a CPU that goes offline, and does not set it when the CPU
 * comes back.
 */
static void hotplug(u64 hart)
{
	run_until_stopped(hart, set_and_disable, false);
	report_equal(taken_before, NO_SHMEM, "  a hart that never set memory takes no snapshot");
	run_until_stopped(hart, set_and_disable, true);
	report_equal(taken_before, SUCCESS, "  it takes one where it has set memory");
	report_equal(taken_disabled, NO_SHMEM, "  and none after it has disabled that");
	run_until_stopped(hart, take_again, 0);
	report_taken_again("  a snapshot is taken when the hart was started again");
	hart_run(hart, disable_and_suspend, 0);
	report(hart_wait(hart, SUSPENDED), "the other hart suspends itself");
	sbi(EXT_IPI, 0, 1UL << hart, 0);
	report(hart_wait(hart, STOPPED), "  an IPI ends that");
	report_taken_again("  a snapshot is taken after the suspend");
}

static void events(void)
{
	static struct {
		u32 event, output;
		u64 data;
	} info[] __attribute__((aligned(16))) = {
		{ CYCLES, -1, 9 }, { INSTRUCTIONS, -1, 0 }, { FIRMWARE_EVENT(5), -1, 0 },
		{ FIRMWARE_EVENT(22), -1, 0 }, { 11, -1, 0 }, { 0x40000, -1, 0 },
		{ FIRMWARE_EVENT(5), -1, 1 },
	};
	static const u32 supported[] = { 1, 1, 1, 0, 0, 0, 0 };

	report_equal(sbi(EXT_PMU, EVENTS, info, 0, 7, 0).error, SUCCESS, "events are asked about");
	for (u64 n = 0; n < 7; n++)
		report_equal(info[n].output, supported[n], "  one is supported or not");
	info[1].event |= 1u << 20;
	report_equal(sbi(EXT_PMU, EVENTS, info, 0, 7, 0).error, INVALID_PARAM,
		     "  an index has 20 bits");
}

void test_pmu(void)
{
	bool got = true;
	u64 taken = 0;

	report_section("pmu");
	facts();
	pmu_refused();
	fixed(CYCLES, 0);
	fixed(INSTRUCTIONS, 2);
	events();
	programmable();
	snapshots();
	firmware_event(FW_SET_TIMER, cause_timer, "set timer");
	firmware_event(FW_IPI_SENT, cause_ipi, "IPI sent");
	firmware_event(FW_IPI_RECEIVED, cause_ipi, "IPI received");
	firmware_event(FW_ILLEGAL_INSN, cause_illegal, "illegal instruction");
	if (hart_other(0) != -1UL)
		firmware_event(FW_FENCE_I_SENT, cause_fence, "fence.i sent");
	if (hart_other(0) != -1UL)
		hotplug(hart_other(0));
	while (got && taken < 64) {
		struct sbiret ret = sbi(EXT_PMU, CONFIG, 0, all, 0, FIRMWARE_EVENT(0), 0);

		got = ret.error == SUCCESS;
		taken += got;
	}
	report(taken > 0 && taken < 64, "firmware counters run out");
	for (u64 n = 0; n < count; n++)
		if (n > 2 && (all >> n & 1))
			sbi(EXT_PMU, STOP, n, 1, 1);
	report_equal(sbi(EXT_PMU, CONFIG, 0, all, 0, FIRMWARE_EVENT(0), 0).error, SUCCESS,
		     "and are free again after a reset");
}

/* SPDX-License-Identifier: MIT */
/*
 * The counters (see pmu.h). An overflow of a counter of the hart's own events is noticed exactly,
 * in any tier: the run loop lets a tier run no further than to the next overflow (pmu_distance),
 * and checks there (pmu_poll). The counts of a timing model lag behind the hart, so their overflows
 * are checked at fixed numbers of instructions (PMU_LOOK).
 */
#include "cpu/counters/pmu.h"

#include "bus/platform.h"
#include "cpu/counters/event.h"
#include "cpu/counters/pmu_code.h"
#include "cpu/hart/hart.h"
#include "cpu/isa/csr_bits.h"

#include <string.h>

_Static_assert(PMU_cycles == 0 && PMU_instructions == 1, "sources come first");
#define SOURCES ((1u << PMU_SOURCES) - 1)

/* The cores with fewer counters than the manual allows. */
static const struct {
	enum ext ext;
	unsigned count;
} few[] = { { EXT_hpm0, 0 }, { EXT_hpm2, 2 }, { EXT_hpm6, 6 }, { EXT_hpm8, 8 } };

u32 pmu_counters(const struct isa *isa)
{
	unsigned count = isa_has(isa, EXT_zihpm) ? PMU_COUNTERS - PMU_FIRST : 0;

	for (unsigned n = 0; n < ARRAY_SIZE(few); n++)
		if (isa_has(isa, few[n].ext))
			count = MIN(count, few[n].count);
	return COUNTEREN_CY | COUNTEREN_IR | (u32)(BIT(count) - 1) << PMU_FIRST;
}

static bool is_there(const struct hart *hart, unsigned counter)
{
	return pmu_counters(hart->isa) >> counter & 1;
}

static unsigned pmu_mode_of(const struct hart *hart)
{
	if (hart->priv == PRIV_M)
		return 0;
	return (hart->virt ? 3 : 1) + (hart->priv == PRIV_U);
}

/* Returns the bit that inhibits counting in a mode. */
static u64 inhibits_in(unsigned mode)
{
	return MHPMEVENT_MINH >> mode;
}

/* Returns whether the hart itself counts the source. */
static bool is_own(const struct hart *hart, unsigned source)
{
	return source != PMU_cycles || !hart_is_timed(hart);
}

static u64 source_now(const struct hart *hart, unsigned source, unsigned ahead)
{
	if (!is_own(hart, source))
		return 0;
	return (source == PMU_cycles ? hart_cycles(hart) : hart_retired(hart)) + ahead;
}

/* Removes the lowest bit from a set of counters and returns its number. */
static unsigned pmu_take(u32 *set)
{
	unsigned counter = (unsigned)__builtin_ctz(*set);

	*set &= *set - 1;
	return counter;
}

/* Requests the overflow interrupt, which stays in mip until software clears it, and sets OF. */
static void pmu_overflow(struct hart *hart, unsigned counter)
{
	hart->pmu.event[counter] |= MHPMEVENT_OF;
	hart->pmu.armed &= ~(1u << counter);
	hart->mip |= BIT(IRQ_LCOFI);
	hart->stop = true;
}

/*
 * Notices overflows of counters of the hart's own counts. A counter overflows when the hart's own
 * count reaches 2^64 - count.
 */
static void pmu_check_overflows(struct hart *hart, unsigned ahead)
{
	struct pmu *pmu = &hart->pmu;

	for (unsigned source = 0; source < PMU_SOURCES; source++) {
		u64 now = source_now(hart, source, ahead);
		u32 left = pmu->running[pmu_mode_of(hart)][source] & pmu->armed;

		while (left) {
			unsigned counter = pmu_take(&left);

			if (now + pmu->count[counter] < now - pmu->seen[source])
				pmu_overflow(hart, counter);
		}
		pmu->seen[source] = now;
	}
}

/*
 * Adds the hart's own counts to the counters that run, when they stop, or subtracts them, when they
 * start.
 */
static void pmu_shift(struct hart *hart, unsigned ahead, bool add)
{
	struct pmu *pmu = &hart->pmu;

	for (unsigned source = 0; source < PMU_SOURCES; source++) {
		u64 now = source_now(hart, source, ahead);
		u32 left = pmu->running[pmu_mode_of(hart)][source];

		while (left)
			pmu->count[pmu_take(&left)] += add ? now : -now;
		pmu->seen[source] = now;
	}
}

static u64 add_up(const struct timing_counts *counts, const struct pmu_sum *sum)
{
	u64 total = 0;

	for (u32 modes = sum->modes; modes;) {
		unsigned mode = pmu_take(&modes);

		for (u64 events = sum->events; events; events &= events - 1)
			total += counts->in[mode][__builtin_ctzll(events)];
	}
	return total;
}

/*
 * Notices an overflow of a counter of the model's events. After a wrong lookahead `now` may be
 * lower than before.
 */
static void pmu_reach(struct hart *hart, unsigned counter, u64 now)
{
	struct pmu *pmu = &hart->pmu;
	u64 more = now - pmu->reached[counter];

	if ((s64)more <= 0)
		return;
	if (pmu->armed >> counter & 1 && now + pmu->count[counter] < more)
		pmu_overflow(hart, counter);
	pmu->reached[counter] = now;
}

/*
 * Checks all counters of the model's events: as they are now, or, with `so_far`, as far as the
 * model has come.
 */
static void reach_all(struct hart *hart, bool so_far)
{
	struct timing_counts counts;
	u32 left = hart->pmu.modelled;

	if (!left)
		return;
	hart->hooks.events(hart, &counts, so_far);
	while (left) {
		unsigned counter = pmu_take(&left);

		pmu_reach(hart, counter, add_up(&counts, &hart->pmu.sum[counter]));
	}
}

/* Starts the counters of the model's events, all at the same moment. */
static void start_modelled(struct hart *hart)
{
	struct pmu *pmu = &hart->pmu;
	u32 left = pmu->modelled;
	struct timing_counts counts;

	if (!left)
		return;
	hart->hooks.events(hart, &counts, false);
	while (left) {
		unsigned counter = pmu_take(&left);

		pmu->reached[counter] = add_up(&counts, &pmu->sum[counter]);
		pmu->count[counter] -= pmu->reached[counter];
	}
}

static void stop_modelled(struct hart *hart)
{
	u32 left = hart->pmu.modelled;

	reach_all(hart, false);
	while (left) {
		unsigned counter = pmu_take(&left);

		hart->pmu.count[counter] += hart->pmu.reached[counter];
	}
}

void pmu_leave_mode(struct hart *hart, unsigned ahead)
{
	pmu_check_overflows(hart, ahead);
	pmu_shift(hart, ahead, true);
}

void pmu_enter_mode(struct hart *hart, unsigned ahead)
{
	pmu_shift(hart, ahead, false);
}

void pmu_pause(struct hart *hart, unsigned ahead)
{
	pmu_leave_mode(hart, ahead);
	stop_modelled(hart);
}

void pmu_resume(struct hart *hart, unsigned ahead)
{
	pmu_enter_mode(hart, ahead);
	start_modelled(hart);
}

/*
 * Returns whether instructions that trap also count as instructions. They are counted as they
 * happen, because the hart's own count is that of retired instructions.
 */
static bool counts_traps(const struct hart *hart)
{
	return isa_has(hart->isa, EXT_counttraps);
}

static struct pmu_selected selected_for(const struct hart *hart, u64 selector)
{
	return pmu_select(hart->isa, selector & MHPMEVENT_SELECTOR, hart_is_timed(hart));
}

static struct pmu_selected selected_by(const struct hart *hart, unsigned counter)
{
	if (counter >= PMU_FIRST)
		return selected_for(hart, hart->pmu.event[counter]);
	return pmu_select_own(pmu_selector(counter == PMU_CYCLE ? PMU_cycles : PMU_instructions),
			      hart_is_timed(hart));
}

static bool is_event(struct pmu_selected selected)
{
	return selected.own || selected.modelled;
}

static void derive_modelled(struct hart *hart, unsigned counter, u64 events)
{
	struct pmu *pmu = &hart->pmu;
	u32 modes = 0;

	for (unsigned mode = 0; mode < PMU_MODES; mode++)
		modes |= pmu->event[counter] & inhibits_in(mode) ? 0 : 1u << mode;
	pmu->modelled |= 1u << counter;
	pmu->sum[counter] = (struct pmu_sum){ .events = events, .modes = modes };
}

static void derive_own(struct hart *hart, unsigned counter, unsigned event)
{
	struct pmu *pmu = &hart->pmu;
	u64 config = pmu->event[counter];
	u32 bit = 1u << counter;

	pmu->counting[event] |= bit;
	if (event >= PMU_SOURCES || (event == PMU_instructions && counts_traps(hart)))
		pmu->listening |= 1u << event;
	if (event >= PMU_SOURCES)
		return;
	for (unsigned mode = 0; mode < PMU_MODES; mode++)
		pmu->running[mode][event] |= config & inhibits_in(mode) ? 0 : bit;
	pmu->filtered = pmu->filtered || (config & MHPMEVENT_FILTER);
}

static void derive_counter(struct hart *hart, unsigned counter)
{
	struct pmu *pmu = &hart->pmu;
	struct pmu_selected selected = selected_by(hart, counter);
	bool lasts = selected.modelled || selected.own & SOURCES;

	if (!is_event(selected) || pmu->inhibit >> counter & 1)
		return;
	if (selected.modelled)
		derive_modelled(hart, counter, selected.modelled);
	while (selected.own)
		derive_own(hart, counter, pmu_take(&selected.own));
	if (lasts && counter >= PMU_FIRST && isa_has(hart->isa, EXT_sscofpmf) &&
	    !(pmu->event[counter] & MHPMEVENT_OF))
		pmu->armed |= 1u << counter;
}

static void pmu_derive(struct hart *hart)
{
	struct pmu *pmu = &hart->pmu;

	memset(pmu->running, 0, sizeof(pmu->running));
	memset(pmu->counting, 0, sizeof(pmu->counting));
	pmu->listening = pmu->armed = pmu->modelled = 0;
	pmu->filtered = false;
	derive_counter(hart, PMU_CYCLE);
	derive_counter(hart, PMU_INSTRET);
	for (unsigned counter = PMU_FIRST; counter < PMU_COUNTERS; counter++)
		derive_counter(hart, counter);
}

/*
 * Returns the inhibiting bits that are legal. Those of modes that the hart does not have are
 * read-only zero.
 */
static u64 legal_filter(const struct hart *hart)
{
	u64 filter = MHPMEVENT_MINH;

	if (isa_has(hart->isa, EXT_u))
		filter |= MHPMEVENT_UINH;
	if (isa_has(hart->isa, EXT_s))
		filter |= MHPMEVENT_SINH;
	return isa_has(hart->isa, EXT_h) ? filter | MHPMEVENT_VSINH | MHPMEVENT_VUINH : filter;
}

/*
 * Returns the legal value of mhpmevent, mcyclecfg or minstretcfg. A selector without an event
 * becomes 0, which means "no event".
 */
static u64 legal_event(const struct hart *hart, unsigned counter, u64 value)
{
	u64 selector = value & MHPMEVENT_SELECTOR, flags = 0;

	if (counter < PMU_FIRST)
		return isa_has(hart->isa, EXT_smcntrpmf) && counter != 1 ?
			       value & legal_filter(hart) :
			       0;
	if (!is_there(hart, counter))
		return 0;
	if (isa_has(hart->isa, EXT_sscofpmf))
		flags = value & (MHPMEVENT_OF | legal_filter(hart));
	return is_event(selected_for(hart, selector)) ? flags | selector : flags;
}

static u32 legal_inhibit(const struct hart *hart, u64 value)
{
	return (u32)value & pmu_counters(hart->isa);
}

void pmu_loaded(struct hart *hart)
{
	struct pmu *pmu = &hart->pmu;

	for (unsigned counter = 0; counter < PMU_COUNTERS; counter++)
		pmu->event[counter] = legal_event(hart, counter, pmu->event[counter]);
	pmu->inhibit = legal_inhibit(hart, pmu->inhibit);
	pmu_derive(hart);
	for (unsigned source = 0; source < PMU_SOURCES; source++)
		pmu->seen[source] = source_now(hart, source, 0);
}

static u64 read_modelled(const struct hart *hart, unsigned counter)
{
	const struct pmu_sum *sum = &hart->pmu.sum[counter];
	struct timing_counts counts;

	/* The most frequent request is handled first. */
	if (sum->events == BIT(TIMING_CYCLES) && sum->modes == (1u << PMU_MODES) - 1)
		return hart_cycles(hart);
	hart->hooks.events(hart, &counts, false);
	return add_up(&counts, sum);
}

u64 pmu_read(const struct hart *hart, unsigned counter)
{
	const struct pmu *pmu = &hart->pmu;
	u64 value = pmu->count[counter], now, more;

	if (pmu->modelled >> counter & 1) {
		now = read_modelled(hart, counter);
		more = now - pmu->reached[counter];
		return value + pmu->reached[counter] + MAX((s64)more, 0);
	}
	for (unsigned source = 0; source < PMU_SOURCES; source++)
		if (pmu->running[pmu_mode_of(hart)][source] >> counter & 1)
			value += source_now(hart, source, 0);
	return value;
}

/*
 * Returns `ahead` for a write (pmu.h). The write of an instruction takes effect after the
 * instruction, which the written counter does not count.
 */
static unsigned pmu_ahead(const struct hart *hart)
{
	return hart->pmu.poked ? 0 : 1;
}

void pmu_write(struct hart *hart, unsigned counter, u64 value)
{
	if (!is_there(hart, counter))
		return;
	pmu_pause(hart, pmu_ahead(hart));
	hart->pmu.count[counter] = value;
	pmu_resume(hart, pmu_ahead(hart));
}

void pmu_write_event(struct hart *hart, unsigned counter, u64 value)
{
	pmu_pause(hart, pmu_ahead(hart));
	hart->pmu.event[counter] = legal_event(hart, counter, value);
	pmu_derive(hart);
	pmu_resume(hart, pmu_ahead(hart));
}

void pmu_write_inhibit(struct hart *hart, u64 value)
{
	pmu_pause(hart, pmu_ahead(hart));
	hart->pmu.inhibit = legal_inhibit(hart, value);
	pmu_derive(hart);
	pmu_resume(hart, pmu_ahead(hart));
}

u32 pmu_overflowed(const struct hart *hart)
{
	u32 set = 0;

	for (unsigned counter = PMU_FIRST; counter < PMU_COUNTERS; counter++)
		set |= (u32)(hart->pmu.event[counter] >> 63) << counter;
	return set;
}

void pmu_poll(struct hart *hart)
{
	pmu_check_overflows(hart, 0);
	if (hart->pmu.modelled & hart->pmu.armed && hart->steps % PMU_LOOK == 0)
		reach_all(hart, true);
}

void pmu_slept(struct hart *hart)
{
	pmu_check_overflows(hart, 0);
	if (hart->pmu.modelled & hart->pmu.armed)
		reach_all(hart, false);
}

/*
 * Returns how many more events of a source there are until its first counter overflows, at most
 * `most`.
 */
static u64 source_distance(const struct hart *hart, unsigned source, u64 most)
{
	const struct pmu *pmu = &hart->pmu;
	u64 now = source_now(hart, source, 0);
	u32 left = pmu->running[pmu_mode_of(hart)][source] & pmu->armed;

	while (left) {
		u64 distance = -(pmu->count[pmu_take(&left)] + now);

		if (distance)
			most = MIN(most, distance);
	}
	return most;
}

/*
 * Returns a number of steps, at most `most`: the least number of the hart's own events until an
 * overflow, because a step retires at most one instruction, and takes one cycle if there is no
 * timing model; or the steps until the model's counters are checked, if they are armed and that is
 * sooner.
 */
u64 pmu_distance(const struct hart *hart, u64 most)
{
	for (unsigned source = 0; source < PMU_SOURCES; source++)
		most = source_distance(hart, source, most);
	if (hart->pmu.modelled & hart->pmu.armed)
		most = MIN(most, PMU_LOOK - hart->steps % PMU_LOOK);
	return most;
}

void pmu_count(struct hart *hart, u32 happened)
{
	struct pmu *pmu = &hart->pmu;
	u64 inhibits = inhibits_in(pmu_mode_of(hart));
	bool overflows = isa_has(hart->isa, EXT_sscofpmf);

	for (u32 left = happened & pmu->listening; left;) {
		u32 counters = pmu->counting[pmu_take(&left)];

		while (counters) {
			unsigned counter = pmu_take(&counters);

			if (pmu->event[counter] & inhibits)
				continue;
			pmu->count[counter]++;
			if (pmu_read(hart, counter) == 0 && overflows &&
			    !(pmu->event[counter] & MHPMEVENT_OF))
				pmu_overflow(hart, counter);
		}
	}
}

static u32 events_of_exception(u64 cause)
{
	static const u32 special[24] = {
		[CAUSE_ILLEGAL] = 1u << PMU_illegal,
		[CAUSE_ECALL_U] = 1u << PMU_calls,
		[CAUSE_ECALL_S] = 1u << PMU_calls,
		[CAUSE_ECALL_VS] = 1u << PMU_calls,
		[CAUSE_ECALL_M] = 1u << PMU_calls,
		[CAUSE_FETCH_PAGE] = 1u << PMU_page_faults,
		[CAUSE_LOAD_PAGE] = 1u << PMU_page_faults,
		[CAUSE_STORE_PAGE] = 1u << PMU_page_faults,
		[CAUSE_FETCH_GUEST_PAGE] = 1u << PMU_guest_page_faults,
		[CAUSE_LOAD_GUEST_PAGE] = 1u << PMU_guest_page_faults,
		[CAUSE_VIRTUAL_INSTRUCTION] = 1u << PMU_illegal,
		[CAUSE_STORE_GUEST_PAGE] = 1u << PMU_guest_page_faults,
	};

	return 1u << PMU_exceptions | (cause < ARRAY_SIZE(special) ? special[cause] : 0);
}

void pmu_count_trap(struct hart *hart, u64 cause, bool to_virt)
{
	bool interrupt = cause & CAUSE_INTERRUPT;
	u32 happened = interrupt ? 1u << PMU_interrupts : events_of_exception(cause);

	if (!interrupt && counts_traps(hart))
		happened |= 1u << PMU_instructions;
	if (hart->virt && !to_virt)
		happened |= 1u << PMU_guest_exits;
	pmu_count(hart, happened);
}

/*
 * Returns how many nanoseconds of sleep there are until a counter of the model's cycles overflows.
 */
static u64 modelled_distance(const struct hart *hart)
{
	const struct pmu *pmu = &hart->pmu;
	u32 left = pmu->modelled & pmu->armed;
	u64 least = CLOCK_LAST, sleeps = BIT(TIMING_CYCLES) | BIT(TIMING_CPI + CPI_SLEEP);

	while (left) {
		unsigned counter = pmu_take(&left);
		const struct pmu_sum *sum = &pmu->sum[counter];

		if (sum->events & sleeps && sum->modes >> pmu_mode_of(hart) & 1)
			least = MIN(least, -(pmu->count[counter] + pmu->reached[counter]));
	}
	return least == CLOCK_LAST ? least : hart->hooks.cycles_to_ns(hart, least) + 1;
}

/*
 * With the virtual clock, arms the event that wakes the hart when a counter overflows: cycles are
 * counted during WFI. With the host's clock they are not.
 */
void pmu_sleep(struct hart *hart)
{
	struct clock *clock = &hart->platform->clock;
	u64 cycles = source_distance(hart, PMU_cycles, CLOCK_LAST >> hart->shift);
	u64 distance = cycles << hart->shift, now = hart_time(hart);

	if (hart->pmu.modelled & hart->pmu.armed) {
		reach_all(hart, false);
		distance = MIN(distance, modelled_distance(hart));
	}
	if (clock->mode == CLOCK_VIRTUAL)
		clock_arm(clock, &hart->overflow_event, now + distance);
}

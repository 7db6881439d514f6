/* SPDX-License-Identifier: MIT */
/*
 * The PMU extension. Counter n, below 32, is the CSR mcycle + n if the hart has that (n is never
 * 1); the firmware's counters follow the last of these. A hardware event is supported if mhpmevent
 * keeps its event_idx, the selector that the specification proposes ("Hardware raw events v2",
 * note). Baya's harts also accept it with OWN_SELECTOR set. Harts that model a certain core accept
 * SBI's numbers only with that bit, because the core's own numbers (cpu/counters/pmu_code.h) are
 * raw events.
 */
#include "firmware/sbi/pmu.h"
#include "firmware/csr.h"
#include "firmware/guarded.h"
#include "firmware/hart.h"
#include "firmware/pmp.h"

#define OWN_SELECTOR (1UL << 31)
#define NO_EVENT 0xffff

#define CYCLE 0
#define INSTRET 2
#define FIXED (1UL << CYCLE | 1UL << INSTRET)

#define EVENT_TYPE(event) ((event) >> 16)
#define EVENT_CODE(event) ((event) & 0xffff)
#define EVENT_CYCLES 1
#define EVENT_INSTRUCTIONS 2

#define CONFIG_SKIP_MATCH 0x01
#define CONFIG_CLEAR_VALUE 0x02
#define CONFIG_AUTO_START 0x04
#define CONFIG_FILTER_SHIFT 3 /* VUINH, VSINH, UINH, SINH; M-mode is never counted */
#define CONFIG_FLAGS 0xff
#define START_SET_VALUE 0x01
#define START_SNAPSHOT 0x02
#define STOP_RESET 0x01
#define STOP_SNAPSHOT 0x02

/* An entry of event_get_info. */
#define INFO_SIZE 16
#define INFO_OUTPUT 4 /* offset of the word that is written */
#define EVENT_IDX_BITS 20

/* Snapshot memory: a bitmap of overflown counters, then the values, both from counter_idx_base. */
#define SNAPSHOT_SIZE 4096
#define SNAPSHOT_VALUES 8

/*
 * The counter_idx_base that Linux (6.12, and later ones) passes in place of 0 when it starts
 * counters from a snapshot after an overflow: 64 times one index too many. No counter has this
 * number, so without this exception all sampling would end.
 */
#define LINUX_SNAPSHOT_BASE (64 * 64)

#define COUNTER_IS_FIRMWARE (1UL << 63)
#define CSR_CYCLE 0xc00

/* Returns the number of bits up to the highest that is set. */
static u64 width(u64 value)
{
	u64 bits = 0;

	while (bits < 64 && value >> bits)
		bits++;
	return bits;
}

/* Returns the index of the first firmware counter. */
static u64 hardware_count(void)
{
	return width(self->features.counters);
}

static bool keeps(u64 counter, u64 wanted)
{
	csr_stub_call(&csr_write_event[counter], wanted);
	return (csr_stub_call(&csr_read_event[counter], 0).value & MHPMEVENT_SELECTOR) == wanted;
}

/*
 * Returns whether the hart has selectors with OWN_SELECTOR. If its mhpmevent keeps any number, it
 * has none: then it cannot be found out which numbers are events.
 */
static bool has_own_selectors(u64 counter)
{
	return keeps(counter, OWN_SELECTOR | EVENT_CYCLES) &&
	       !keeps(counter, OWN_SELECTOR | NO_EVENT);
}

void pmu_find_counters(struct hart_features *features)
{
	features->counters = FIXED;
	for (u64 n = 3; n < 32; n++) {
		struct guarded old = csr_stub_call(&csr_read_counter[n], 0);
		u64 value;

		if (!old.ok)
			continue;
		csr_stub_call(&csr_write_counter[n], -1UL);
		value = csr_stub_call(&csr_read_counter[n], 0).value;
		csr_stub_call(&csr_write_counter[n], old.value);
		if (!value)
			continue;
		features->counters |= 1u << n;
		features->counter_bits = width(value);
		features->own_selectors = has_own_selectors(n);
	}
}

static void inhibit(u64 counter, bool on)
{
	u64 bits;

	if (!self->features.inhibit)
		return;
	bits = csr_read(mcountinhibit) & ~(1UL << counter);
	csr_write(mcountinhibit, bits | (u64)on << counter);
}

/*
 * Sets the snapshot memory again. Linux (6.12) assumes that its memory is set when a hart comes
 * back: pmu_sbi_dying_cpu disables it, but leaves snapshot_set_done set, so that
 * pmu_sbi_snapshot_setup returns at once. Without this all counting on the hart would end. A system
 * that asks for no snapshots does not notice it.
 */
void pmu_restore_snapshot(void)
{
	self->pmu.snapshot = self->pmu.last_snapshot;
}

void pmu_reset(void)
{
	self->pmu = (struct pmu){ .last_snapshot = self->pmu.last_snapshot };
	pmu_restore_snapshot();
	csr_write(mcounteren, -1UL);
	csr_write(scounteren, 7); /* CY, TM, IR */
	if (self->features.inhibit)
		csr_write(mcountinhibit, 0xfffffff8);
	for (u64 n = 3; n < 32; n++)
		if (self->features.counters >> n & 1)
			csr_stub_call(&csr_write_event[n], MHPMEVENT_OF | MHPMEVENT_MINH);
}

void pmu_count(u32 event)
{
	struct pmu *pmu = &self->pmu;
	u64 first, idx = 0xf0000 | event;

	if (!pmu->running)
		return;
	first = hardware_count();
	for (u64 n = 0; n < PMU_FIRMWARE_COUNTERS; n++)
		if (pmu->event[first + n] == idx && pmu->running >> (first + n) & 1)
			pmu->count[n]++;
}

static bool is_firmware(u64 counter)
{
	return counter >= hardware_count();
}

static u64 valid_counters(void)
{
	return self->features.counters | ((1UL << PMU_FIRMWARE_COUNTERS) - 1) << hardware_count();
}

/*
 * Expands (counter_idx_base, counter_idx_mask) to a bit for each counter; returns false if one of
 * these does not exist.
 */
static bool counter_set(u64 base, u64 mask, u64 *set)
{
	if (base >= PMU_COUNTERS_MAX)
		return false;
	*set = mask << base;
	return *set >> base == mask && (*set & ~valid_counters()) == 0;
}

static void set_value(u64 counter, u64 value)
{
	if (is_firmware(counter))
		self->pmu.count[counter - hardware_count()] = value;
	else
		csr_stub_call(&csr_write_counter[counter], value);
}

static u64 get_value(u64 counter)
{
	if (is_firmware(counter))
		return self->pmu.count[counter - hardware_count()];
	return csr_stub_call(&csr_read_counter[counter], 0).value;
}

/* Starts a counter. With Sscofpmf its overflow interrupt is armed, by mhpmevent.OF = 0. */
static void pmu_start(u64 counter)
{
	self->pmu.running |= 1UL << counter;
	if (is_firmware(counter))
		return;
	if (counter > INSTRET && self->features.sscofpmf) {
		u64 event = csr_stub_call(&csr_read_event[counter], 0).value;

		csr_stub_call(&csr_write_event[counter], event & ~MHPMEVENT_OF);
	}
	inhibit(counter, false);
}

static void pmu_stop(u64 counter)
{
	self->pmu.running &= ~(1UL << counter);
	if (!is_firmware(counter))
		inhibit(counter, true);
}

/* Returns the event's selector in mhpmevent; 0 if it has none. */
static u64 selector(u64 event, u64 data)
{
	/* Indexed by event type: general, cache, raw, raw v2. Raw events are in event_data. */
	static const struct {
		u64 codes, data_bits;
	} types[] = { { 11, 0 }, { 7 << 3, 0 }, { 1, 48 }, { 1, 56 } };
	u64 type = EVENT_TYPE(event);

	if (type >= ARRAY_SIZE(types) || EVENT_CODE(event) >= types[type].codes ||
	    data >> types[type].data_bits)
		return 0;
	if (types[type].data_bits)
		return data;
	return self->features.own_selectors ? OWN_SELECTOR | event : event;
}

/* Makes a programmable counter count an event; returns false if it cannot. */
static bool program(u64 counter, u64 event, u64 data, u64 flags)
{
	u64 wanted = selector(event, data), value = wanted;
	u64 filter = flags >> CONFIG_FILTER_SHIFT & 0xf;

	if (!wanted)
		return false;
	if (self->features.sscofpmf)
		value |= MHPMEVENT_OF | MHPMEVENT_MINH | filter << MHPMEVENT_FILTER_SHIFT;
	csr_stub_call(&csr_write_event[counter], value);
	value = csr_stub_call(&csr_read_event[counter], 0).value;
	return (value & MHPMEVENT_SELECTOR) == wanted;
}

static bool assign(u64 counter, u64 event, u64 data, u64 flags)
{
	bool fits;

	if (is_firmware(counter))
		fits = EVENT_TYPE(event) == 0xf && EVENT_CODE(event) < PMU_FW_EVENTS && !data;
	else if (counter <= INSTRET)
		fits = event == (counter == CYCLE ? EVENT_CYCLES : EVENT_INSTRUCTIONS) && !data;
	else
		fits = program(counter, event, data, flags);
	if (fits)
		self->pmu.event[counter] = event;
	return fits;
}

/* Returns the first free counter of the set that can count the event, or PMU_COUNTERS_MAX. */
static u64 assign_any(u64 set, u64 event, u64 data, u64 flags)
{
	for (u64 counter = 0; set >> counter; counter++)
		if ((set >> counter & 1) && !self->pmu.event[counter] &&
		    assign(counter, event, data, flags))
			return counter;
	return PMU_COUNTERS_MAX;
}

static struct sbi_ret num_counters(const u64 *arg)
{
	(void)arg;
	return sbi_value(hardware_count() + PMU_FIRMWARE_COUNTERS);
}

static struct sbi_ret counter_get_info(const u64 *arg)
{
	u64 set, bits = 64;

	if (!counter_set(arg[0], 1, &set))
		return sbi_result(SBI_ERR_INVALID_PARAM);
	if (is_firmware(arg[0]))
		return sbi_value(COUNTER_IS_FIRMWARE);
	if (arg[0] > INSTRET)
		bits = self->features.counter_bits;
	return sbi_value((CSR_CYCLE + arg[0]) | (bits - 1) << 12);
}

/*
 * Chooses a counter. Prefers programmable counters if they can interrupt on overflow, which the
 * fixed ones cannot.
 */
static u64 choose(u64 set, u64 event, u64 data, u64 flags)
{
	u64 counter = PMU_COUNTERS_MAX;

	if (flags & CONFIG_SKIP_MATCH) {
		if (set)
			counter = width(set & -set) - 1;
		return set && assign(counter, event, data, flags) ? counter : PMU_COUNTERS_MAX;
	}
	if (self->features.sscofpmf)
		counter = assign_any(set & ~FIXED, event, data, flags);
	if (counter == PMU_COUNTERS_MAX)
		counter = assign_any(set, event, data, flags);
	return counter;
}

static struct sbi_ret counter_config_matching(const u64 *arg)
{
	u64 set, counter, flags = arg[2];

	if (!counter_set(arg[0], arg[1], &set) || flags & ~(u64)CONFIG_FLAGS)
		return sbi_result(SBI_ERR_INVALID_PARAM);
	counter = choose(set, arg[3], arg[4], flags);
	if (counter == PMU_COUNTERS_MAX)
		return sbi_result(SBI_ERR_NOT_SUPPORTED);
	if (flags & CONFIG_CLEAR_VALUE)
		set_value(counter, 0);
	if (flags & CONFIG_AUTO_START)
		pmu_start(counter);
	return sbi_value(counter);
}

/* Returns the address of a counter's value in the snapshot of a set that begins at `base`. */
static u64 snapshot_value(u64 counter, u64 base)
{
	return self->pmu.snapshot + SNAPSHOT_VALUES + sizeof(u64) * (counter - base);
}

/*
 * Writes the snapshot of the counters in `set`, which are stopped; those in `were_running` ran
 * until now.
 */
static void take_snapshot(u64 set, u64 were_running, u64 base)
{
	u64 overflown = 0;

	if (self->features.sscofpmf)
		overflown = csr_read_scountovf(0) & set & were_running;
	guarded_call2(guarded_store, self->pmu.snapshot, overflown >> base);
	for (u64 counter = base; set >> counter; counter++)
		if (set >> counter & 1)
			guarded_call2(guarded_store, snapshot_value(counter, base),
				      get_value(counter));
}

static struct sbi_ret counter_start(const u64 *arg)
{
	bool snapshot = arg[2] & START_SNAPSHOT;
	u64 base = snapshot && arg[0] == LINUX_SNAPSHOT_BASE ? 0 : arg[0];
	s64 error = SBI_SUCCESS;
	u64 set, flags = arg[2];

	/* Only one of the two flags may be set. */
	if (!counter_set(base, arg[1], &set) || flags > START_SNAPSHOT)
		return sbi_result(SBI_ERR_INVALID_PARAM);
	if (snapshot && !self->pmu.snapshot)
		return sbi_result(SBI_ERR_NO_SHMEM);
	for (u64 counter = 0; set >> counter; counter++) {
		if (!(set >> counter & 1))
			continue;
		if (!self->pmu.event[counter]) {
			error = SBI_ERR_INVALID_PARAM;
		} else if (self->pmu.running >> counter & 1) {
			error = SBI_ERR_ALREADY_STARTED;
		} else {
			if (flags & START_SET_VALUE)
				set_value(counter, arg[3]);
			if (snapshot)
				set_value(counter,
					  guarded_call(guarded_load, snapshot_value(counter, base))
						  .value);
			pmu_start(counter);
		}
	}
	return sbi_result(error);
}

static struct sbi_ret counter_stop(const u64 *arg)
{
	u64 set, flags = arg[2], were_running = self->pmu.running;
	s64 error = SBI_SUCCESS;

	if (!counter_set(arg[0], arg[1], &set) || flags & ~(u64)(STOP_RESET | STOP_SNAPSHOT))
		return sbi_result(SBI_ERR_INVALID_PARAM);
	if (flags & STOP_SNAPSHOT && !self->pmu.snapshot)
		return sbi_result(SBI_ERR_NO_SHMEM);
	for (u64 counter = 0; set >> counter; counter++) {
		if (!(set >> counter & 1))
			continue;
		if (self->pmu.running >> counter & 1)
			pmu_stop(counter);
		else
			error = SBI_ERR_ALREADY_STOPPED;
		if (flags & STOP_RESET)
			self->pmu.event[counter] = 0;
	}
	if (flags & STOP_SNAPSHOT)
		take_snapshot(set, were_running, arg[0]);
	return sbi_result(error);
}

static struct sbi_ret counter_fw_read(const u64 *arg)
{
	u64 set;

	if (!counter_set(arg[0], 1, &set) || !is_firmware(arg[0]))
		return sbi_result(SBI_ERR_INVALID_PARAM);
	return sbi_value(self->pmu.count[arg[0] - hardware_count()]);
}

/* Returns the high bits of a counter, of which there are none, because XLEN is 64. */
static struct sbi_ret counter_fw_read_hi(const u64 *arg)
{
	struct sbi_ret ret = counter_fw_read(arg);

	ret.value = 0;
	return ret;
}

static struct sbi_ret snapshot_set_shmem(const u64 *arg)
{
	u64 size = SNAPSHOT_SIZE;
	s64 error = sbi_shared_memory(arg, size, size, &self->pmu.snapshot);

	if (self->pmu.snapshot)
		self->pmu.last_snapshot = self->pmu.snapshot;
	return sbi_result(error);
}

/* Returns whether a programmable counter can count the event, which is tried with a free one. */
static bool counts(u64 event, u64 data)
{
	u64 wanted = selector(event, data), old, got;

	for (u64 n = INSTRET + 1; wanted && n < hardware_count(); n++) {
		if (!(self->features.counters >> n & 1) || self->pmu.event[n])
			continue;
		old = csr_stub_call(&csr_read_event[n], 0).value;
		csr_stub_call(&csr_write_event[n], wanted | (old & ~MHPMEVENT_SELECTOR));
		got = csr_stub_call(&csr_read_event[n], 0).value;
		csr_stub_call(&csr_write_event[n], old);
		return (got & MHPMEVENT_SELECTOR) == wanted;
	}
	return false;
}

static bool is_supported(u64 event, u64 data)
{
	if (EVENT_TYPE(event) == 0xf)
		return EVENT_CODE(event) < PMU_FW_EVENTS && !data;
	if (event == EVENT_CYCLES || event == EVENT_INSTRUCTIONS)
		return !data;
	return counts(event, data);
}

/*
 * event_data of general and cache events is ignored: the specification gives it no meaning there.
 */
static struct sbi_ret event_get_info(const u64 *arg)
{
	u64 count = arg[2];

	if (arg[3] != 0 || arg[0] % INFO_SIZE != 0)
		return sbi_result(SBI_ERR_INVALID_PARAM);
	if (count > -1UL / INFO_SIZE || !pmp_caller_ram(arg[0], arg[1], count * INFO_SIZE))
		return sbi_result(SBI_ERR_INVALID_ADDRESS);
	for (u64 entry = arg[0]; entry != arg[0] + count * INFO_SIZE; entry += INFO_SIZE) {
		struct guarded event = guarded_call(guarded_load, entry);
		struct guarded data = guarded_call(guarded_load, entry + sizeof(u64));
		u64 index = (u32)event.value, type = EVENT_TYPE(index);

		if (!event.ok || !data.ok)
			return sbi_result(SBI_ERR_INVALID_ADDRESS);
		if (index >> EVENT_IDX_BITS)
			return sbi_result(SBI_ERR_INVALID_PARAM);
		if (!guarded_call2(guarded_store_word, entry + INFO_OUTPUT,
				   is_supported(index, type < 2 ? 0 : data.value))
			     .ok)
			return sbi_result(SBI_ERR_INVALID_ADDRESS);
	}
	return sbi_result(SBI_SUCCESS);
}

static const struct sbi_function functions[] = {
	{ num_counters }, { counter_get_info }, { counter_config_matching }, { counter_start },
	{ counter_stop }, { counter_fw_read }, { counter_fw_read_hi }, { snapshot_set_shmem },
	{ event_get_info },
};

const struct sbi_extension sbi_pmu = { 0x504d55, functions, ARRAY_SIZE(functions) };

/* SPDX-License-Identifier: MIT */
/*
 * The smallest machine that has a hart: 160 MiB of RAM, a device whose registers contain their
 * offsets, and the clock. Tests that set the hart's fields directly must call hart_regime_changed
 * afterwards.
 */
#ifndef TESTS_CPU_FIXTURE_H
#define TESTS_CPU_FIXTURE_H

#include "bus/platform.h"
#include "bus/timebase.h"
#include "cpu/counters/pmu.h"
#include "cpu/csr/csr.h"
#include "cpu/debug/observe.h"
#include "cpu/engine/interp.h"
#include "cpu/hart/hart.h"
#include "cpu/hart/storage.h"
#include "cpu/mmu/pmp.h"
#include "cpu/mmu/table_watch.h"
#include "cpu/mmu/view.h"
#include "cpu/run/run.h"
#include "cpu/trap/trap.h"
#include "tests/cmocka.h"
#include "tests/cpu/vector_names.h"

#include <stdlib.h>
#include <string.h>

#define RAM_BASE 0x80000000ull
#define RAM_SIZE (160 * MiB)
#define DEVICE_BASE 0x10000000ull
#define TIMEBASE_HZ 10000000ull
/* There is no memory and no device at this address. */
#define HOLE 0x20000000ull

struct machine {
	struct platform platform;
	struct timebase timebase;
	struct isa isa;
	struct ram ram;
	struct hart hart;
	struct hart *harts[1];
	struct table_watch *tables;
};

static inline bool device_read(void *ctx, u64 offset, unsigned size, u64 *value)
{
	*value = offset;
	return true;
}

static inline bool device_write(void *ctx, u64 offset, unsigned size, u64 value)
{
	return true;
}

static const struct bus_ops device_ops = { device_read, device_write };

/* Makes the machine, except its hart. */
static inline void machine_platform(struct machine *machine)
{
	const struct region ram = {
		.name = "ram", .base = RAM_BASE, .size = RAM_SIZE, .ram = &machine->ram,
	};
	const struct region device = {
		.name = "device", .base = DEVICE_BASE, .size = PAGE_SIZE, .ops = &device_ops,
	};

	memset(machine, 0, sizeof(*machine));
	platform_init(&machine->platform, CLOCK_VIRTUAL, 1);
	timebase_init(&machine->timebase, &machine->platform.clock, TIMEBASE_HZ);
	assert_int_equal(ram_init(&machine->ram, RAM_SIZE), 0);
	assert_int_equal(bus_attach(&machine->platform.bus, &ram), 0);
	assert_int_equal(bus_attach(&machine->platform.bus, &device), 0);
}

/* All extensions except those that add bits to older registers. */
#define PLAIN_EXTENSIONS									   \
	ext_without(EXT_TOGETHER, EXT_h, EXT_smepmp, EXT_smmpm, EXT_smnpm, EXT_ssnpm, EXT_ssdbltrp,\
		    EXT_smdbltrp, EXT_smrnmi, EXT_sscofpmf, EXT_zicfilp, EXT_zicfiss, EXT_smaia,   \
		    EXT_ssaia, EXT_smcsrind, EXT_sscsrind, EXT_smcdeleg, EXT_ssccfg,		   \
		    EXT_smstateen, EXT_ssstateen, VECTOR_EXTENSIONS)

static inline struct machine *machine_create(struct ext_set extensions)
{
	struct machine *machine = hart_storage(sizeof(*machine));
	struct hart_config config;

	assert_non_null(machine);
	machine_platform(machine);
	machine->harts[0] = &machine->hart;
	machine->tables = table_watch_create(machine->harts, 1);
	table_watch_add(machine->tables, &machine->ram);
	config = (struct hart_config){ .isa = &machine->isa, .timebase = &machine->timebase,
				       .tables = machine->tables };
	isa_init(&machine->isa, extensions);
	assert_int_equal(hart_init(&machine->hart, &machine->platform, &config), 0);
	hart_hooks_add(&machine->hart, &trigger_hooks);
	return machine;
}

static inline void machine_free(struct machine *machine)
{
	hart_free(&machine->hart);
	table_watch_free(machine->tables);
	platform_free(&machine->platform);
	ram_free(&machine->ram);
	free(machine);
}

/* Lets PMP entry 15 allow all accesses in all modes, as firmware does. */
static inline void hart_open_pmp(struct hart *hart)
{
	hart->pmp.addr[15] = PMP_ADDR_MASK;
	hart->pmp.cfg[15] = PMP_NAPOT << 3 | PMP_R | PMP_W | PMP_X;
	pmp_update(&hart->pmp);
	hart_pmp_changed(hart);
}

static inline void machine_open_pmp(struct machine *machine)
{
	hart_open_pmp(&machine->hart);
}

static inline u64 *machine_ram(struct machine *machine, u64 pa)
{
	assert_true(range_within(pa, 8, RAM_BASE, RAM_SIZE));
	return (u64 *)(machine->ram.host + (pa - RAM_BASE));
}

/*
 * Writes an instruction at pc and executes it; if it traps, the trap is taken. Returns whether it
 * did not trap.
 */
static inline bool machine_step(struct machine *machine, u64 pc, u32 raw)
{
	struct hart *hart = &machine->hart;

	memcpy(machine_ram(machine, pc), &raw, sizeof(raw));
	hart->pc = pc;
	if (interp_step(hart) == EXIT_NEXT)
		return true;
	trap_take(hart);
	return false;
}

#endif

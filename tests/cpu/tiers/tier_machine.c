/* SPDX-License-Identifier: MIT */
/* Makes, copies and compares the machines that are compared (see tier_machine.h). */
#include "tests/cmocka.h"
#include "tests/cpu/tiers/tier_machine.h"

#include "cpu/engine/block_cache.h"
#include "cpu/engine/interp.h"
#include "cpu/engine/threaded.h"
#include "cpu/jit/impl.h"
#include "cpu/run/run.h"
#include "cpu/timed/hooks.h"
#include "cpu/timed/threaded_timed.h"
#include "cpu/timed/timed.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool probe_read(void *ctx, u64 offset, unsigned size, u64 *value)
{
	struct probe *probe = ctx;

	if (offset >= PROBE_REFUSES)
		return false;
	probe->reads++;
	*value = probe->reg[offset / 8 % PROBE_REGS] >> offset % 8 * 8;
	if (size < 8)
		*value &= BIT(8 * size) - 1;
	probe->reg[offset / 8 % PROBE_REGS] += 0x9e3779b97f4a7c15ull;
	return true;
}

static bool probe_write(void *ctx, u64 offset, unsigned size, u64 value)
{
	struct probe *probe = ctx;

	if (offset >= PROBE_REFUSES)
		return false;
	probe->writes++;
	probe->reg[offset / 8 % PROBE_REGS] ^= value << size | offset;
	if (offset == 0)
		irq_set(probe->line, value & 1);
	return true;
}

static const struct bus_ops probe_ops = { probe_read, probe_write };

static const struct state_field probe_fields[] = {
	STATE_ARRAY(struct probe, reg),
	STATE_FIELD(struct probe, reads),
	STATE_FIELD(struct probe, writes),
};

static const struct state_type probe_type = {
	.version = 1, .fields = probe_fields, .count = ARRAY_SIZE(probe_fields),
};

static void attach_probe(struct tier_machine *machine, struct probe *probe,
			 const struct region *region)
{
	assert_int_equal(bus_attach(&machine->platform.bus, region), 0);
	state_register(&machine->platform.state, region->name, &probe_type, probe);
	probe->line = hart_irq(machine->harts.hart[0], IRQ_MEI);
}

static void attach_ram(struct tier_machine *machine, struct ram *ram, const char *name, u64 base,
		       u64 size)
{
	const struct region region = { .name = name, .base = base, .size = size, .ram = ram };

	assert_int_equal(ram_init(ram, size), 0);
	assert_int_equal(bus_attach(&machine->platform.bus, &region), 0);
	state_register_ram(&machine->platform.state, name, ram);
}

struct imsic_port tier_imsic_port(struct tier_machine *machine, unsigned hart)
{
	return (struct imsic_port){
		.ctx = &machine->imsic.sides[hart],
		.guests = machine->imsic.guests,
		.priority_bits = 8,
		.read = imsic_read,
		.write = imsic_write,
		.claim = imsic_claim,
		.topei = imsic_topei,
	};
}

static void add_imsic(struct tier_machine *machine, unsigned guests)
{
	const struct imsic_config config = {
		.m_base = IMSIC_M_BASE, .s_base = IMSIC_S_BASE, .harts = machine->harts.count,
		.guests = guests,
	};
	struct imsic *imsic = &machine->imsic;

	assert_int_equal(imsic_attach(imsic, &machine->platform, &config), 0);
	for (unsigned n = 0; n < config.harts; n++) {
		struct hart *hart = machine->harts.hart[n];

		imsic_connect(imsic, n, IMSIC_FILE_M, hart_irq(hart, IRQ_MEI));
		imsic_connect(imsic, n, IMSIC_FILE_S, hart_irq(hart, IRQ_SEI));
		for (unsigned guest = 1; guest <= guests; guest++)
			imsic_connect(imsic, n, IMSIC_FILE_S + guest, hart_guest_irq(hart, guest));
		hart->imsic = tier_imsic_port(machine, n);
	}
	/* MEIP has one driver. */
	machine->bytes.line = machine->words.line = (struct irq){ 0 };
}

static void add_jit(struct tier_machine *machine, const struct tier_config *shape)
{
	const struct jit_config config = {
		.only = JIT_ALL & ~shape->calls, .threshold = shape->threshold,
	};

	machine->jit = jit_create(&machine->harts, &config);
	assert_non_null(machine->jit);
	machine->jit->kept -= MIN(machine->jit->kept, shape->some_calls);
}

static void add_timing(struct tier_machine *machine)
{
	struct harts *harts = &machine->harts;

	harts->tier = harts->tier == interp_run ? observe_run : threaded_timed_run;
	watch_add(&machine->watch, &timed_observer);
	for (unsigned n = 0; n < harts->count; n++)
		watch_attach(&machine->watch, harts->hart[n]);
}

/*
 * Returns the interrupts that may become pending by themselves: those of the hart's own timers.
 * Others come from the test, or from another hart.
 */
static u64 may_rise(void *ctx, const struct hart *hart)
{
	const struct tier_machine *machine = ctx;

	return clint_timer_runs(&machine->clint, hart->id) ? BIT(IRQ_MTI) : 0;
}

static void machine_init(struct tier_machine *machine, hart_tier tier,
			 const struct tier_config *shape)
{
	struct platform *platform = &machine->platform;
	const struct region bytes = {
		.name = "bytes", .base = BYTES_BASE, .size = DEVICE_SIZE, .min = 1, .max = 8,
		.ops = &probe_ops, .ctx = &machine->bytes,
	};
	const struct region words = {
		.name = "words", .base = WORDS_BASE, .size = DEVICE_SIZE, .min = 4, .max = 4,
		.ops = &probe_ops, .ctx = &machine->words,
	};
	const struct harts_config config = {
		.count = shape->harts, .extensions = shape->extensions, .rnmi = shape->rnmi,
		.vector = shape->vector, .timing = shape->timing, .timer = &timed_hooks,
	};

	platform_init(platform, CLOCK_VIRTUAL, 1);
	timebase_init(&machine->timebase, &platform->clock, TIMEBASE_HZ);
	timebase_register_state(&machine->timebase, &platform->state);
	assert_int_equal(harts_init(&machine->harts, platform, &machine->timebase, &config), 0);
	machine->harts.tier = tier;
	if (tier == jit_run)
		add_jit(machine, shape);
	for (unsigned n = 0; n < shape->harts; n++)
		hart_hooks_add(machine->harts.hart[n], &trigger_hooks);
	if (shape->timing)
		add_timing(machine);
	attach_ram(machine, &machine->ram, "ram", RAM_BASE, RAM_SIZE);
	attach_ram(machine, &machine->tables, "tables", TABLES_BASE, TABLES_SIZE);
	assert_int_equal(harts_watch(&machine->harts, &machine->ram, RAM_BASE), 0);
	assert_int_equal(harts_watch(&machine->harts, &machine->tables, TABLES_BASE), 0);
	attach_probe(machine, &machine->bytes, &bytes);
	attach_probe(machine, &machine->words, &words);
	assert_int_equal(clint_attach(&machine->clint, platform, CLINT_BASE, &machine->timebase,
				      config.count),
			 0);
	for (unsigned n = 0; n < config.count; n++)
		clint_connect(&machine->clint, n, hart_irq(machine->harts.hart[n], IRQ_MSI),
			      hart_irq(machine->harts.hart[n], IRQ_MTI));
	machine->harts.sources = (struct interrupt_sources){ may_rise, machine };
	if (shape->imsic)
		add_imsic(machine, shape->guests);
}

/* Returns whether machine n is the native tier's. */
static bool is_native(const struct machines *machines, unsigned n)
{
	return n == 2 || (n == 1 && machines->config.native);
}

static void init_machine(struct machines *machines, unsigned n)
{
	hart_tier tier = is_native(machines, n) ? jit_run : n ? threaded_run : interp_run;

	memset(&machines->m[n], 0, sizeof(machines->m[n]));
	machine_init(&machines->m[n], tier, &machines->config);
}

void machines_init(struct machines *machines, const struct tier_config *config)
{
	memset(machines, 0, sizeof(*machines));
	machines->config = *config;
	machines->count = config->three ? 3 : 2;
	for (unsigned n = 0; n < machines->count; n++)
		init_machine(machines, n);
	machines->ram = calloc(1, RAM_SIZE);
	machines->tables = calloc(1, TABLES_SIZE);
	assert_non_null(machines->ram);
	assert_non_null(machines->tables);
}

/*
 * Copies the image. Most of its pages are zeros; these are not written, so that the host allocates
 * no memory for them.
 */
static void tier_machine_fill(struct ram *ram, const u8 *image)
{
	ram_clear(ram);
	ram_mark_range(ram, 0, ram->size);
	for (u64 at = 0; at < ram->size; at += PAGE_SIZE)
		if (!ram_is_zero(image + at, PAGE_SIZE))
			memcpy(ram->host + at, image + at, PAGE_SIZE);
	ram_clean(ram);
}

void machines_commit(struct machines *machines)
{
	for (unsigned n = 0; n < machines->count; n++) {
		tier_machine_fill(&machines->m[n].ram, machines->ram);
		tier_machine_fill(&machines->m[n].tables, machines->tables);
	}
}

static void machine_free(struct tier_machine *machine)
{
	harts_free(&machine->harts);
	jit_free(machine->jit);
	platform_free(&machine->platform);
	ram_free(&machine->ram);
	ram_free(&machine->tables);
}

void machines_free(struct machines *machines)
{
	for (unsigned n = 0; n < machines->count; n++)
		machine_free(&machines->m[n]);
	free(machines->ram);
	free(machines->tables);
}

/* Restores the pages that are marked dirty from `image`, and clears the marks. */
static void restore(struct ram *ram, const u8 *image)
{
	for (u64 page = 0; ram_next_dirty(ram, &page); page++) {
		u64 at = page << PAGE_SHIFT;

		memcpy(ram->host + at, image + at, PAGE_SIZE);
		ram_mark(ram, at, PAGE_SIZE);
		ram->dirty[page] = 0;
	}
}

static void tier_machine_loaded(struct tier_machine *machine)
{
	const struct state *state = &machine->platform.state;

	for (unsigned n = 0; n < state->count; n++) {
		const struct state_part *part = &state->parts[n];

		if (part->type && part->type->post_load)
			assert_int_equal(part->type->post_load(part->self), 0);
	}
}

static void tier_machine_begin(struct machines *machines, struct tier_machine *machine)
{
	struct clock *clock = &machine->platform.clock;

	clock->base = clock->latest = 0;
	harts_reset(&machine->harts, RAM_BASE);
	for (unsigned probe = 0; probe < PROBE_REGS; probe++)
		machine->bytes.reg[probe] = machine->words.reg[probe] = ~(u64)probe;
	machine->bytes.reads = machine->bytes.writes = 0;
	machine->words.reads = machine->words.writes = 0;
	platform_reset(&machine->platform);
	/* No timer is pending until a test sets one. */
	for (unsigned n = 0; n < machines->config.harts; n++)
		assert_true(bus_store(&machine->platform.bus, CLINT_BASE + 0x4000 + 8 * n, 8,
				      UINT64_MAX));
	restore(&machine->ram, machines->ram);
	restore(&machine->tables, machines->tables);
}

void machines_begin(struct machines *machines)
{
	for (unsigned n = 0; n < machines->count; n++)
		tier_machine_begin(machines, &machines->m[n]);
}

void machines_poke(struct machines *machines, u64 pa, const void *data, size_t size)
{
	assert_true(bus_dma_write(&machines->m[0].platform.bus, pa, data, size));
}

static void copy_ram(const struct ram *from, struct ram *to)
{
	for (u64 page = 0; ram_next_dirty(from, &page); page++) {
		u64 at = page << PAGE_SHIFT;

		memcpy(to->host + at, from->host + at, PAGE_SIZE);
		ram_mark(to, at, PAGE_SIZE);
	}
}

static void copy_state(struct machines *machines, struct tier_machine *machine)
{
	const struct state *from = &machines->m[0].platform.state, *to = &machine->platform.state;

	for (unsigned n = 0; n < from->count; n++) {
		const struct state_part *a = &from->parts[n], *b = &to->parts[n];

		if (a->ram) {
			copy_ram(a->ram, b->ram);
			continue;
		}
		for (unsigned i = 0; i < a->type->count; i++) {
			const struct state_field *field = &a->type->fields[i];

			memcpy((u8 *)b->self + field->offset, (u8 *)a->self + field->offset,
			       (size_t)field->size * field->count);
		}
	}
}

void machines_mirror(struct machines *machines)
{
	for (unsigned n = 1; n < machines->count; n++)
		copy_state(machines, &machines->m[n]);
	for (unsigned n = 0; n < machines->count; n++)
		tier_machine_loaded(&machines->m[n]);
}

static void restore_machine(struct machines *machines, unsigned number)
{
	struct tier_machine *machine = &machines->m[number];

	machine_free(machine);
	init_machine(machines, number);
	tier_machine_fill(&machine->ram, machines->ram);
	tier_machine_fill(&machine->tables, machines->tables);
	tier_machine_begin(machines, machine);
	copy_state(machines, machine);
	tier_machine_loaded(machine);
	for (unsigned n = 0; n < machines->m[0].harts.count; n++) {
		const struct hart *from = machines->m[0].harts.hart[n];
		struct hart *to = machine->harts.hart[n];

		to->trap = from->trap;
		to->traps = from->traps;
	}
}

void machines_restore(struct machines *machines)
{
	for (unsigned n = 1; n < machines->count; n++)
		restore_machine(machines, n);
}

static bool page_same(const struct ram *a, const struct ram *b, u64 page)
{
	return memcmp(a->host + (page << PAGE_SHIFT), b->host + (page << PAGE_SHIFT), PAGE_SIZE) ==
	       0;
}

bool tier_ram_differs(const struct ram *a, const struct ram *b, u64 *page)
{
	for (*page = 0; ram_next_dirty(a, page); ++*page)
		if (!page_same(a, b, *page))
			return true;
	for (*page = 0; ram_next_dirty(b, page); ++*page)
		if (!a->dirty[*page] && !page_same(a, b, *page))
			return true;
	return false;
}

static bool part_same(const struct state_part *a, const struct state_part *b)
{
	u64 page;

	if (a->ram)
		return !tier_ram_differs(a->ram, b->ram, &page);
	for (unsigned i = 0; i < a->type->count; i++) {
		const struct state_field *field = &a->type->fields[i];

		if (memcmp((u8 *)a->self + field->offset, (u8 *)b->self + field->offset,
			   (size_t)field->size * field->count) != 0)
			return false;
	}
	return true;
}

/* The last trap is not part of the state, but it must be the same in each tier. */
static bool traps_differ(const struct harts *first, const struct harts *other, char *text,
			 size_t size)
{
	for (unsigned n = 0; n < first->count; n++) {
		const struct hart *a = first->hart[n], *b = other->hart[n];

		if (a->traps == b->traps &&
		    (!a->traps ||
		     (a->trap.cause == b->trap.cause && a->trap.tval == b->trap.tval &&
		      a->trap.reason == b->trap.reason && a->trap.from == b->trap.from)))
			continue;
		snprintf(
			text, size,
			"hart%u: %llu traps, last %s tval 0x%llx | %llu traps, last %s tval 0x%llx",
			n, a->traps, trap_name(a->trap.cause), a->trap.tval, b->traps,
			trap_name(b->trap.cause), b->trap.tval);
		return true;
	}
	return false;
}

static bool machine_differs(struct machines *machines, unsigned number, char *text, size_t size)
{
	const struct state *a = &machines->m[0].platform.state;
	const struct state *b = &machines->m[number].platform.state;
	bool same = true;

	state_pre_save(b);
	for (unsigned n = 0; n < a->count && same; n++)
		same = part_same(&a->parts[n], &b->parts[n]);
	if (same)
		return traps_differ(&machines->m[0].harts, &machines->m[number].harts, text, size);
	if (!state_diff(a, b, text, size))
		snprintf(text, size, "a difference that state_diff does not see");
	return true;
}

bool machines_differs(struct machines *machines, char *text, size_t size)
{
	state_pre_save(&machines->m[0].platform.state);
	for (unsigned n = 1; n < machines->count; n++) {
		const char *tier = is_native(machines, n) ? "native" : "threaded";
		int used = snprintf(text, size, "%s code: ", tier);

		if (machine_differs(machines, n, text + used, size - (size_t)used))
			return true;
	}
	return false;
}

void tier_run(struct tier_machine *machine, u64 steps)
{
	struct hart *hart = machine->harts.hart[0];

	machine->harts.running = hart;
	while (hart->steps < steps && !hart->waiting && !hart->dead)
		hart_run(hart, machine->harts.tier, steps - hart->steps);
	machine->harts.running = NULL;
}

u64 tier_traps(const struct tier_machine *machine)
{
	u64 traps = 0;

	for (unsigned n = 0; n < machine->harts.count; n++)
		traps += machine->harts.hart[n]->traps;
	return traps;
}

enum harts_exit tier_run_to(struct tier_machine *machine, u64 count)
{
	u64 traps = tier_traps(machine);
	enum harts_exit left = HARTS_RAN;

	machine->harts.limit = count;
	while (left == HARTS_RAN && tier_traps(machine) - traps < TIER_TRAPS_MOST)
		left = harts_run(&machine->harts);
	return left;
}

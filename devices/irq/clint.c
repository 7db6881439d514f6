/* SPDX-License-Identifier: MIT */
/*
 * The CLINT's registers (SiFive FU540 manual, chapter 9): msip, mtimecmp and mtime. As in QEMU, the
 * msip registers have 32 bits, and refuse wider accesses. The others are in a separate region and
 * are decoded as doublewords: an access of 32 bits reads or replaces half of one, which is possible
 * because no register has side effects when read. At offsets of harts that do not exist, reads
 * return zeros and writes are ignored.
 */
#include "devices/fdt.h"
#include "devices/irq/clint.h"

#define TIMER 0x4000 /* the offset of hart 0's mtimecmp */
#define MTIME (0xbff8 - TIMER)

#define IRQ_M_SOFTWARE 3 /* interrupt codes of mcause (privileged manual) */
#define IRQ_M_TIMER 7

/*
 * Updates MTIP, which is a level: mtime >= mtimecmp, unsigned. An event is armed for the time at
 * which that changes. mtime is read only after that, because the host's clock continues to run: the
 * change is then seen either here or by the event.
 */
static void clint_compare(struct clint *clint, unsigned hart)
{
	struct clock_event *event = &clint->timers[hart].event;
	u64 compare = clint->mtimecmp[hart];

	clock_arm(&clint->platform->clock, event,
		  timebase_next_change(clint->timebase, 0, compare));
	irq_set(clint->timer[hart], timebase_read(clint->timebase) >= compare);
}

static void clint_timer_fire(void *ctx, u64 now)
{
	struct clint_timer *timer = ctx;

	(void)now;
	clint_compare(timer->clint, timer->hart);
}

static void clint_update(struct clint *clint)
{
	for (unsigned hart = 0; hart < clint->harts; hart++) {
		irq_set(clint->software[hart], clint->msip[hart]);
		clint_compare(clint, hart);
	}
}

static bool clint_misuse(struct clint *clint, const char *what, u64 offset)
{
	log_line(&clint->platform->log, LOG_GUEST_ERRORS, "clint: %s at offset 0x%llx", what,
		 TIMER + offset);
	return true;
}

static u64 clint_msip(const struct clint *clint, u64 hart)
{
	return hart < clint->harts ? clint->msip[hart] : 0;
}

static bool msip_read(void *ctx, u64 offset, unsigned size, u64 *value)
{
	(void)size;
	*value = clint_msip(ctx, offset / 4);
	return true;
}

static bool msip_write(void *ctx, u64 offset, unsigned size, u64 value)
{
	struct clint *clint = ctx;
	u64 hart = offset / 4;

	(void)size;
	if (hart >= clint->harts)
		return true;
	clint->msip[hart] = value & 1;
	irq_set(clint->software[hart], clint->msip[hart]);
	return true;
}

static const struct bus_ops msip_ops = {
	.read = msip_read,
	.write = msip_write,
};

static bool timer_read_doubleword(struct clint *clint, u64 offset, u64 *value)
{
	*value = 0;
	if (offset == MTIME) {
		*value = timebase_read(clint->timebase);
		return true;
	}
	u64 hart = offset / 8;
	if (hart >= clint->harts)
		return clint_misuse(clint, "read of nothing", offset);
	*value = clint->mtimecmp[hart];
	return true;
}

static bool timer_write_doubleword(struct clint *clint, u64 offset, u64 value)
{
	if (offset == MTIME) {
		timebase_write(clint->timebase, value);
		clint_update(clint);
		return true;
	}
	u64 hart = offset / 8;
	if (hart >= clint->harts)
		return clint_misuse(clint, "write of nothing", offset);
	clint->mtimecmp[hart] = value;
	clint_compare(clint, (unsigned)hart);
	return true;
}

static bool timer_read(void *ctx, u64 offset, unsigned size, u64 *value)
{
	u64 doubleword;
	bool done = timer_read_doubleword(ctx, align_down(offset, 8), &doubleword);

	*value = size == 8 ? doubleword : bits(doubleword, offset & 4 ? 32 : 0, 32);
	return done;
}

static bool timer_write(void *ctx, u64 offset, unsigned size, u64 value)
{
	struct clint *clint = ctx;

	if (size == 4) {
		u64 mask = offset & 4 ? (u64)UINT32_MAX << 32 : UINT32_MAX, old;

		timer_read_doubleword(clint, align_down(offset, 8), &old);
		value = field_set(old, mask, value);
	}
	return timer_write_doubleword(clint, align_down(offset, 8), value);
}

static const struct bus_ops timer_ops = {
	.read = timer_read,
	.write = timer_write,
};

static const struct state_field clint_fields[] = {
	STATE_ARRAY(struct clint, mtimecmp),
	STATE_ARRAY(struct clint, msip),
};

static int clint_loaded(void *self)
{
	struct clint *clint = self;

	for (unsigned hart = 0; hart < clint->harts; hart++)
		clint->msip[hart] &= 1;
	clint_update(clint);
	return 0;
}

static const struct state_type clint_type = {
	.version = 1,
	.fields = clint_fields,
	.count = ARRAY_SIZE(clint_fields),
	.post_load = clint_loaded,
};

/*
 * Resets the registers. The manual does not specify the reset values of mtime and mtimecmp; here
 * they are 0, as in QEMU and CVA6. So MTIP is pending, and a kernel that enables it sets the timer
 * in its handler.
 */
static void clint_reset(void *self)
{
	struct clint *clint = self;

	for (unsigned hart = 0; hart < MAX_HARTS; hart++) {
		clint->msip[hart] = 0;
		clint->mtimecmp[hart] = 0;
	}
	timebase_write(clint->timebase, 0);
	clint_update(clint);
}

int clint_attach(struct clint *clint, struct platform *platform, u64 base,
		 struct timebase *timebase, unsigned harts)
{
	const struct region msip_region = {
		.name = "clint-msip",
		.base = base,
		.size = TIMER,
		.min = 4,
		.max = 4,
		.exact = true,
		.ops = &msip_ops,
		.ctx = clint,
	};
	const struct region timer_region = {
		.name = "clint-timer",
		.base = base + TIMER,
		.size = CLINT_SIZE - TIMER,
		.min = 4,
		.max = 8,
		.ops = &timer_ops,
		.ctx = clint,
	};
	int error = bus_attach(&platform->bus, &msip_region);

	assert(harts && harts <= MAX_HARTS);
	if (!error)
		error = bus_attach(&platform->bus, &timer_region);
	if (error)
		return error;
	*clint = (struct clint){
		.platform = platform,
		.timebase = timebase,
		.base = base,
		.harts = harts,
	};
	state_register(&platform->state, "clint", &clint_type, clint);
	for (unsigned hart = 0; hart < harts; hart++) {
		struct clint_timer *timer = &clint->timers[hart];
		char name[STATE_NAME_MAX];

		*timer = (struct clint_timer){ .clint = clint, .hart = hart };
		timer->event.fire = clint_timer_fire;
		timer->event.ctx = timer;
		snprintf(name, sizeof(name), "clint.timer%u", hart);
		clock_event_init(&platform->clock, &platform->state, &timer->event, name);
	}
	platform_on_reset(platform, clint_reset, clint);
	return 0;
}

void clint_connect(struct clint *clint, unsigned hart, struct irq software, struct irq timer)
{
	assert(hart < clint->harts);
	clint->software[hart] = software;
	clint->timer[hart] = timer;
}

bool clint_timer_runs(const struct clint *clint, unsigned hart)
{
	assert(hart < clint->harts);
	return clint->timers[hart].event.when != CLOCK_NEVER;
}

void clint_fdt(const struct clint *clint, struct fdt *fdt, const u32 *cpu_intc_phandles)
{
	static const char *const compatible[] = { "sifive,clint0", "riscv,clint0" };
	u32 cells[MAX_HARTS * 4];

	for (unsigned hart = 0; hart < clint->harts; hart++) {
		cells[hart * 4] = cpu_intc_phandles[hart];
		cells[hart * 4 + 1] = IRQ_M_SOFTWARE;
		cells[hart * 4 + 2] = cpu_intc_phandles[hart];
		cells[hart * 4 + 3] = IRQ_M_TIMER;
	}
	fdt_node(fdt, "clint@%llx", clint->base);
	fdt_cells(fdt, "interrupts-extended", cells, clint->harts * 4);
	fdt_reg(fdt, clint->base, CLINT_SIZE);
	fdt_strings(fdt, "compatible", compatible, ARRAY_SIZE(compatible));
	fdt_end(fdt);
}

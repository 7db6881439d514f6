/* SPDX-License-Identifier: MIT */
/*
 * The goldfish real-time clock, as the "Goldfish virtual hardware" notes and QEMU's machine have
 * it. Registers are 32-bit words. The guest may set the time; that lasts until the next reset.
 */
#include "devices/rtc.h"

#include "devices/fdt.h"
#include "devices/memmap.h"

#include <time.h>

enum {
	TIME_LOW = 0x00, /* reading it latches TIME_HIGH */
	TIME_HIGH = 0x04,
	ALARM_LOW = 0x08, /* writing it starts the alarm */
	ALARM_HIGH = 0x0c,
	IRQ_ENABLED = 0x10,
	CLEAR_ALARM = 0x14,
	ALARM_STATUS = 0x18,
	CLEAR_INTERRUPT = 0x1c,
};

static u64 rtc_now(struct rtc *rtc)
{
	return rtc->offset + clock_now(&rtc->platform->clock);
}

static void rtc_update(struct rtc *rtc)
{
	irq_set(rtc->irq, rtc->irq_pending && rtc->irq_enabled);
}

/* After the alarm or the time changed: fire now, later, or (beyond virtual time's end) never. */
static void rtc_schedule(struct rtc *rtc)
{
	struct clock *clock = &rtc->platform->clock;
	u64 now = rtc_now(rtc);

	clock_disarm(clock, &rtc->event);
	if (!rtc->alarm_running)
		return;
	if (rtc->alarm <= now) {
		rtc->alarm_running = false;
		rtc->irq_pending = true;
	} else if (rtc->alarm - now < CLOCK_NEVER - clock_now(clock)) {
		clock_arm(clock, &rtc->event, clock_now(clock) + (rtc->alarm - now));
	}
}

static void rtc_fire(void *ctx, u64 now)
{
	struct rtc *rtc = ctx;

	(void)now;
	rtc_schedule(rtc);
	rtc_update(rtc);
}

static bool rtc_read(void *ctx, u64 offset, unsigned size, u64 *value)
{
	struct rtc *rtc = ctx;

	(void)size;
	switch (offset) {
	case TIME_LOW:
		*value = rtc_now(rtc);
		rtc->time_high = (u32)(*value >> 32);
		*value &= UINT32_MAX;
		return true;
	case TIME_HIGH:
		*value = rtc->time_high;
		return true;
	case ALARM_LOW:
		*value = rtc->alarm & UINT32_MAX;
		return true;
	case ALARM_HIGH:
		*value = rtc->alarm >> 32;
		return true;
	case IRQ_ENABLED:
		*value = rtc->irq_enabled;
		return true;
	case ALARM_STATUS:
		*value = rtc->alarm_running;
		return true;
	default:
		*value = 0;
		log_line(&rtc->platform->log, LOG_UNIMP, "rtc: read of offset %#llx",
			 (unsigned long long)offset);
		return true;
	}
}

static u64 rtc_join(u64 high, u64 low)
{
	return high << 32 | (low & UINT32_MAX);
}

/* Moving the time keeps the half that is not written, which goes on counting. */
static void rtc_set_time(struct rtc *rtc, bool high, u64 value)
{
	u64 now = rtc_now(rtc);
	u64 time = high ? rtc_join(value, now) : rtc_join(now >> 32, value);

	rtc->offset += time - now;
}

static bool rtc_write(void *ctx, u64 offset, unsigned size, u64 value)
{
	struct rtc *rtc = ctx;

	(void)size;
	switch (offset) {
	case TIME_LOW:
	case TIME_HIGH:
		rtc_set_time(rtc, offset == TIME_HIGH, value);
		break;
	case ALARM_LOW:
		rtc->alarm = rtc_join(rtc->alarm >> 32, value);
		rtc->alarm_running = true;
		break;
	case ALARM_HIGH:
		rtc->alarm = rtc_join(value, rtc->alarm);
		break;
	case IRQ_ENABLED:
		rtc->irq_enabled = value & 1;
		break;
	case CLEAR_ALARM:
		rtc->alarm_running = false;
		break;
	case CLEAR_INTERRUPT:
		rtc->irq_pending = false;
		break;
	default:
		log_line(&rtc->platform->log, LOG_UNIMP, "rtc: write of offset %#llx",
			 (unsigned long long)offset);
		return true;
	}
	rtc_schedule(rtc);
	rtc_update(rtc);
	return true;
}

/* The host's answer: ns since 1970, little-endian in 8 bytes. */
static void rtc_ask(void *ctx, u8 *data, size_t size)
{
	struct timespec now;

	(void)ctx;
	clock_gettime(CLOCK_REALTIME, &now);
	u64 ns = (u64)now.tv_sec * CLOCK_HZ + (u64)now.tv_nsec;

	for (size_t i = 0; i < size; i++)
		data[i] = i < sizeof(ns) ? (u8)(ns >> 8 * i) : 0;
}

static u64 rtc_wall_clock(struct rtc *rtc)
{
	u8 data[8];
	u64 ns = 0;

	journal_ask(&rtc->platform->journal, rtc->sink, data, sizeof(data));
	for (unsigned i = 0; i < sizeof(data); i++)
		ns |= (u64)data[i] << 8 * i;
	return ns;
}

static void rtc_reset(void *self)
{
	struct rtc *rtc = self;
	struct clock *clock = &rtc->platform->clock;

	rtc->offset = clock->mode == CLOCK_VIRTUAL ? RTC_EPOCH * CLOCK_HZ :
						     rtc_wall_clock(rtc) - clock_now(clock);
	rtc->alarm = 0;
	rtc->time_high = 0;
	rtc->alarm_running = rtc->irq_pending = rtc->irq_enabled = false;
	rtc_schedule(rtc);
	rtc_update(rtc);
}

static int rtc_loaded(void *self)
{
	rtc_update(self);
	return 0;
}

static const struct state_field rtc_fields[] = {
	STATE_FIELD(struct rtc, offset),
	STATE_FIELD(struct rtc, alarm),
	STATE_FIELD(struct rtc, time_high),
	STATE_FIELD(struct rtc, alarm_running),
	STATE_FIELD(struct rtc, irq_pending),
	STATE_FIELD(struct rtc, irq_enabled),
};

static const struct state_type rtc_type = {
	.version = 1,
	.fields = rtc_fields,
	.count = ARRAY_SIZE(rtc_fields),
	.loaded = rtc_loaded,
};

int rtc_attach(struct rtc *rtc, struct platform *platform, u64 base, struct irq irq)
{
	static const struct bus_ops ops = { .read = rtc_read, .write = rtc_write };
	const struct region region = {
		.name = "rtc", .base = base, .size = RTC_SIZE, .min = 4, .max = 4,
		.ops = &ops, .ctx = rtc,
	};
	const struct journal_sink sink = { .name = "rtc", .ask = rtc_ask, .ctx = rtc };
	int error = bus_attach(&platform->bus, &region);

	if (error)
		return error;
	*rtc = (struct rtc){
		.platform = platform,
		.irq = irq,
		.event = { .when = CLOCK_NEVER, .fire = rtc_fire, .ctx = rtc },
	};
	rtc->sink = journal_register(&platform->journal, &sink);
	clock_event_init(&platform->clock, &platform->state, &rtc->event, "rtc.alarm");
	state_register(&platform->state, "rtc", &rtc_type, rtc);
	platform_on_reset(platform, rtc_reset, rtc);
	return 0;
}

void rtc_node(struct fdt *fdt, u64 base, u32 irq, const struct fdt_intc *intc)
{
	fdt_node(fdt, "rtc@%llx", (unsigned long long)base);
	fdt_str(fdt, "compatible", "google,goldfish-rtc");
	fdt_reg(fdt, base, RTC_SIZE);
	fdt_interrupt(fdt, intc, irq);
	fdt_end(fdt);
}

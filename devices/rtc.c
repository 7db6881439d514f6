/* SPDX-License-Identifier: MIT */
/*
 * The goldfish real-time clock, implemented after the document "Goldfish virtual hardware" and
 * QEMU's machine. Registers are 32-bit words. The guest may set the time, which is valid until the
 * next reset.
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

/* The words of the host's answer, which is little-endian, as the journal stores it. */
enum { ANSWER_WALL, ANSWER_ZONE, ANSWER_WORDS };

/* Gives the host's answer: ns since 1970, and how far the host's time zone is ahead of UTC. */
static void rtc_ask(void *ctx, u8 *data, size_t size)
{
	struct timespec now;
	struct tm local;
	u64 words[ANSWER_WORDS];

	(void)ctx;
	clock_gettime(CLOCK_REALTIME, &now);
	words[ANSWER_WALL] = (u64)now.tv_sec * CLOCK_HZ + (u64)now.tv_nsec;
	words[ANSWER_ZONE] = localtime_r(&now.tv_sec, &local) ? (u64)local.tm_gmtoff * CLOCK_HZ : 0;
	for (size_t i = 0; i < size && i < sizeof(words); i++)
		data[i] = (u8)(words[i / 8] >> i % 8 * 8);
}

static void rtc_host(struct rtc *rtc, u64 words[ANSWER_WORDS])
{
	u8 data[ANSWER_WORDS * 8];

	journal_ask(&rtc->platform->journal, rtc->sink, data, sizeof(data));
	for (unsigned i = 0; i < ANSWER_WORDS; i++)
		words[i] = 0;
	for (unsigned i = 0; i < sizeof(data); i++)
		words[i / 8] |= (u64)data[i] << i % 8 * 8;
}

static bool rtc_is_host(const struct rtc *rtc)
{
	return rtc->platform->clock.mode == CLOCK_HOST && !rtc->config.stands;
}

/*
 * Returns how far the host's wall clock is ahead of the machine's clock, which is stopped at times.
 */
static u64 rtc_lead(struct rtc *rtc)
{
	u64 words[ANSWER_WORDS];

	rtc_host(rtc, words);
	return words[ANSWER_WALL] - clock_now(&rtc->platform->clock);
}

/* Adds to the guest's time what the host's clock has gained since the last call. */
static void rtc_follow(struct rtc *rtc)
{
	u64 lead;

	if (!rtc_is_host(rtc))
		return;
	lead = rtc_lead(rtc);
	rtc->offset += lead - rtc->lead;
	rtc->lead = lead;
}

u64 rtc_now(struct rtc *rtc)
{
	rtc_follow(rtc);
	return rtc->offset + clock_now(&rtc->platform->clock);
}

static void rtc_update(struct rtc *rtc)
{
	irq_set(rtc->irq, rtc->irq_pending && rtc->irq_enabled);
}

/*
 * Schedules the alarm after the alarm or the time has changed: it fires now, later, or, if it is
 * after the end of virtual time, never.
 */
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
		log_line(&rtc->platform->log, LOG_UNIMP, "rtc: read of offset %#llx", offset);
		return true;
	}
}

static u64 rtc_join(u64 high, u64 low)
{
	return high << 32 | (low & UINT32_MAX);
}

/* Sets one half of the time; the other half keeps its value, and the time continues from there. */
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
		log_line(&rtc->platform->log, LOG_UNIMP, "rtc: write of offset %#llx", offset);
		return true;
	}
	rtc_schedule(rtc);
	rtc_update(rtc);
	return true;
}

/*
 * Returns the guest's time at the machine's time 0, computed from the time that the clock has to
 * show now.
 */
static u64 rtc_start(struct rtc *rtc)
{
	const struct rtc_config *config = &rtc->config;
	u64 words[ANSWER_WORDS], start;

	if (rtc->platform->clock.mode == CLOCK_VIRTUAL)
		return rtc_date(config, CLOCK_VIRTUAL, 0);
	rtc_host(rtc, words);
	rtc->lead = words[ANSWER_WALL] - clock_now(&rtc->platform->clock);
	if (!rtc->begun)
		rtc->begun = rtc->lead;
	start = rtc_date(config, CLOCK_HOST, rtc->begun);
	if (config->base == RTC_LOCALTIME)
		start += words[ANSWER_ZONE];
	return config->stands ? start : start + rtc->lead - rtc->begun;
}

static void rtc_reset(void *self)
{
	struct rtc *rtc = self;

	rtc->offset = rtc_start(rtc);
	rtc->alarm = 0;
	rtc->time_high = 0;
	rtc->alarm_running = rtc->irq_pending = rtc->irq_enabled = false;
	rtc_schedule(rtc);
	rtc_update(rtc);
}

void rtc_resume(struct rtc *rtc)
{
	if (!rtc_is_host(rtc))
		return;
	rtc_schedule(rtc);
	rtc_update(rtc);
}

static void rtc_pre_save(void *self)
{
	rtc_follow(self);
}

/* Continues the guest's time from the saved one after a load, as QEMU does. */
static int rtc_loaded(void *self)
{
	struct rtc *rtc = self;

	if (rtc_is_host(rtc))
		rtc->lead = rtc_lead(rtc);
	rtc_update(rtc);
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
	.pre_save = rtc_pre_save,
	.post_load = rtc_loaded,
};

int rtc_attach(struct rtc *rtc, struct platform *platform, u64 base, struct irq irq,
	       const struct rtc_config *config)
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
		.config = *config,
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
	fdt_node(fdt, "rtc@%llx", base);
	fdt_str(fdt, "compatible", "google,goldfish-rtc");
	fdt_reg(fdt, base, RTC_SIZE);
	fdt_interrupt(fdt, intc, irq);
	fdt_end(fdt);
}

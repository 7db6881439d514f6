/* SPDX-License-Identifier: MIT */
/*
 * The goldfish real-time clock: nanoseconds since 1970 in two words, and one alarm. With the host
 * clock it shows the host's wall clock, and continues while the machine is stopped. With the
 * virtual clock it starts at RTC_EPOCH and counts the machine's time, so that all runs see the same
 * dates.
 */
#ifndef DEVICES_RTC_H
#define DEVICES_RTC_H

#include "bus/platform.h"

struct fdt;
struct fdt_intc;

#define RTC_EPOCH 1735689600ull /* 2025-01-01T00:00:00Z, in seconds since 1970 */

enum rtc_base { RTC_UTC, RTC_LOCALTIME, RTC_DATE };

/* The option -rtc. */
struct rtc_config {
	/* The time after a reset; with the virtual clock only RTC_DATE has an effect. */
	enum rtc_base base;
	u64 date; /* RTC_DATE: the time at which the machine starts, ns since 1970 */
	/* The clock stops while the machine is stopped. With the virtual clock it always does. */
	bool stands;
};

/*
 * Returns the date at the machine's time 0, in ns since 1970; `wall` is the host's wall clock at
 * that time.
 */
static inline u64 rtc_date(const struct rtc_config *config, enum clock_mode mode, u64 wall)
{
	if (config->base == RTC_DATE)
		return config->date;
	return mode == CLOCK_VIRTUAL ? RTC_EPOCH * CLOCK_HZ : wall;
}

struct rtc {
	struct platform *platform;
	struct rtc_config config;
	struct irq irq;
	unsigned sink; /* the journal's sink for the host's wall clock */
	/* The host's wall clock at the machine's time 0, in ns since 1970; 0: not known yet. */
	u64 begun;
	u64 lead; /* the wall clock minus the machine's clock when last read; ns */
	struct clock_event event;
	u64 offset; /* ns since 1970 at virtual time 0, modulo 2^64 */
	u64 alarm; /* ns since 1970 */
	u32 time_high; /* latched when TIME_LOW is read */
	bool alarm_running, irq_pending, irq_enabled;
};

/* Attaches the clock at base. Returns 0 or bus_attach's error. */
int rtc_attach(struct rtc *rtc, struct platform *platform, u64 base, struct irq irq,
	       const struct rtc_config *config);

/* Returns the time that the guest would read, in ns since 1970. */
u64 rtc_now(struct rtc *rtc);

/*
 * Fires the alarm if it became due while the machine was stopped, or else schedules it again, since
 * the host's clock went on. Called when the machine continues.
 */
void rtc_resume(struct rtc *rtc);

/* Writes the node rtc@base; irq is a source of the interrupt controller. */
void rtc_node(struct fdt *fdt, u64 base, u32 irq, const struct fdt_intc *intc);

#endif

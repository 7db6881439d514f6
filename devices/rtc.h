/* SPDX-License-Identifier: MIT */
/*
 * The goldfish real-time clock: nanoseconds since 1970 in two words, and one alarm. With the host
 * clock it starts at the host's wall clock; with the virtual clock at RTC_EPOCH, so that all runs
 * see the same dates.
 */
#ifndef DEVICES_RTC_H
#define DEVICES_RTC_H

#include "bus/platform.h"

struct fdt;
struct fdt_intc;

#define RTC_EPOCH 1735689600ull /* 2025-01-01T00:00:00Z, in seconds since 1970 */

struct rtc {
	struct platform *platform;
	struct irq irq;
	unsigned sink; /* of the journal: the host's wall clock */
	struct clock_event event;
	u64 offset; /* ns since 1970 at virtual time 0, modulo 2^64 */
	u64 alarm; /* ns since 1970 */
	u32 time_high; /* latched when TIME_LOW is read */
	bool alarm_running, irq_pending, irq_enabled;
};

int rtc_attach(struct rtc *rtc, struct platform *platform, u64 base, struct irq irq);

/* rtc@base; irq is a source of the interrupt controller. */
void rtc_node(struct fdt *fdt, u64 base, u32 irq, const struct fdt_intc *intc);

#endif

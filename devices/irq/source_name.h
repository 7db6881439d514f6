/* SPDX-License-Identifier: MIT */
/* Names the device that drives a source of the PLIC or APLIC, for messages. */
#ifndef DEVICES_IRQ_SOURCE_NAME_H
#define DEVICES_IRQ_SOURCE_NAME_H

#include "bus/base.h"
#include "devices/memmap.h"

#include <stdio.h>

/* Prints, for example, "source 10 (uart)". */
static inline void print_source(unsigned source, FILE *out)
{
	fprintf(out, "source %u", source);
	if (source == UART_IRQ)
		fprintf(out, " (uart)");
	else if (source == RTC_IRQ)
		fprintf(out, " (rtc)");
	else if (source >= VIRTIO_IRQ && source < VIRTIO_IRQ + VIRTIO_SLOTS)
		fprintf(out, " (virtio-mmio-bus.%u)", source - VIRTIO_IRQ);
	else if (source >= PCIE_IRQ && source < PCIE_IRQ + 4)
		fprintf(out, " (pcie, line %u)", source - PCIE_IRQ);
}

#endif

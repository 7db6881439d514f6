/* SPDX-License-Identifier: MIT */
/*
 * The advanced platform-level interrupt controller (APLIC): wired sources, a machine-level root
 * domain, and its only child, at supervisor level. Either both domains deliver to the harts' pins,
 * or both forward interrupts as MSIs; this is fixed at creation.
 */
#ifndef DEVICES_IRQ_APLIC_H
#define DEVICES_IRQ_APLIC_H

#include "bus/platform.h"
#include "devices/fdt.h"
#include "devices/memmap.h"

#include <stdio.h>

#define APLIC_SOURCES_MAX 1023
#define APLIC_WORDS 32
#define APLIC_IPRIO_BITS 3 /* IPRIOLEN */

enum aplic_level { APLIC_M, APLIC_S, APLIC_DOMAINS };

struct aplic;

/*
 * A domain. Its registers have the manual's names. A source that is inactive in a domain has zeros
 * in target, pending and enabled.
 */
struct aplic_domain {
	struct aplic *aplic;
	u64 base;
	bool ie; /* domaincfg.IE */
	u16 sourcecfg[APLIC_SOURCES_MAX + 1];
	u32 target[APLIC_SOURCES_MAX + 1];
	u32 pending[APLIC_WORDS], enabled[APLIC_WORDS]; /* one bit per source */
	u32 genmsi;
	/* Direct delivery, per hart. */
	bool idelivery[MAX_HARTS], iforce[MAX_HARTS];
	u8 ithreshold[MAX_HARTS];
	struct irq outputs[MAX_HARTS];
};

/* Sends an MSI: a 32-bit write of data to a physical address. */
typedef void (*aplic_msi)(void *ctx, u64 addr, u32 data);

struct aplic {
	struct platform *platform;
	unsigned sources; /* numbered 1 to sources */
	unsigned harts;
	aplic_msi msi; /* NULL: direct delivery */
	void *msi_ctx;
	u32 level[APLIC_WORDS]; /* the levels of the incoming wires */
	u32 msiaddrcfg[APLIC_DOMAINS], msiaddrcfgh[APLIC_DOMAINS]; /* mmsi..., smsi... */
	struct aplic_domain domains[APLIC_DOMAINS];
};

struct aplic_config {
	u64 base[APLIC_DOMAINS];
	unsigned sources, harts;
	aplic_msi msi; /* NULL: direct delivery to harts */
	void *msi_ctx;
};

/*
 * Attaches the APLIC; must be called before the devices that drive it are attached, because its
 * reset regards all lines as low until the devices drive them again. Returns 0 or bus_attach's
 * error; 1 <= sources <= APLIC_SOURCES_MAX, harts <= MAX_HARTS.
 */
int aplic_attach(struct aplic *aplic, struct platform *platform, const struct aplic_config *config);

/*
 * Connects the pin (MEIP or SEIP) that a domain drives at a hart, with direct delivery. Must be
 * called before the first reset.
 */
void aplic_connect(struct aplic *aplic, enum aplic_level level, unsigned hart, struct irq output);

/* Returns the line to a source, for the device that drives it. */
struct irq aplic_irq(struct aplic *aplic, unsigned source);

/*
 * Returns a hart's topi register at a level (identity in bits 25:16, priority in 7:0), without
 * effects.
 */
u32 aplic_topi(const struct aplic *aplic, enum aplic_level level, unsigned hart);

/*
 * Returns whether one of the domain's sources may interrupt a hart: with direct delivery this hart,
 * with MSIs any.
 */
bool aplic_may_signal(const struct aplic *aplic, enum aplic_level level, unsigned hart);

/*
 * Writes both domains' nodes. `parents` are phandles: with direct delivery of each hart's interrupt
 * controller, otherwise of the MSI controllers of M- and S-mode. Returns the S domain's phandle, to
 * which devices refer.
 */
u32 aplic_fdt(const struct aplic *aplic, struct fdt *fdt, const u32 *parents);

/* Prints the sources and domains that are in use. */
void aplic_info(const struct aplic *aplic, FILE *out);

/*
 * Reasons why a source does not reach a hart. With direct delivery the hart's pin is high if a
 * source is APLIC_DELIVERED, or if iforce is set. With MSIs there is no APLIC_DELIVERED, because a
 * pending source is sent at once.
 */
enum aplic_block {
	APLIC_DELIVERED,
	APLIC_INACTIVE, /* by sourcecfg */
	APLIC_IDLE, /* not pending */
	APLIC_ENABLE, /* by its interrupt-enable bit */
	APLIC_IE, /* by domaincfg.IE */
	APLIC_OTHER, /* its target is another hart */
	APLIC_IDELIVERY, APLIC_ITHRESHOLD,
};
enum aplic_block aplic_block_reason(const struct aplic *aplic, enum aplic_level level,
				    unsigned source, unsigned hart);

/* Prints why pending sources do not reach the hart. */
void aplic_explain(const struct aplic *aplic, unsigned hart, FILE *out);

#endif

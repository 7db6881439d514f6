/* SPDX-License-Identifier: MIT */
/*
 * A bench for the tests of the APLIC: its registers, and an APLIC whose outputs and MSIs are
 * recorded.
 */
#ifndef TESTS_DEVICES_IRQ_APLIC_BENCH_H
#define TESTS_DEVICES_IRQ_APLIC_BENCH_H

#include "irq_bench.h"

#define S 0x100000 /* the S domain's region, relative to M's */

#define DOMAINCFG 0
#define SOURCECFG(n) (4 * (n))
#define MMSIADDRCFG 0x1bc0
#define MMSIADDRCFGH 0x1bc4
#define SMSIADDRCFG 0x1bc8
#define SMSIADDRCFGH 0x1bcc
#define SETIP 0x1c00
#define SETIPNUM 0x1cdc
#define IN_CLRIP 0x1d00
#define CLRIPNUM 0x1ddc
#define SETIE 0x1e00
#define SETIENUM 0x1edc
#define CLRIE 0x1f00
#define CLRIENUM 0x1fdc
#define SETIPNUM_LE 0x2000
#define SETIPNUM_BE 0x2004
#define GENMSI 0x3000
#define TARGET(n) (0x3000 + 4 * (n))
#define IDELIVERY(h) (0x4000 + 32 * (h))
#define IFORCE(h) (IDELIVERY(h) + 4)
#define ITHRESHOLD(h) (IDELIVERY(h) + 8)
#define TOPI(h) (IDELIVERY(h) + 0x18)
#define CLAIMI(h) (IDELIVERY(h) + 0x1c)

#define D 0x400
#define IE 0x100
enum { INACTIVE, DETACHED, EDGE1 = 4, EDGE0, LEVEL1, LEVEL0 };

/* The index of an S domain's output in the bench's pins, where it follows those of the M domain. */
#define S_PIN(hart) (MAX_HARTS + (hart))

static inline struct irq_bench *aplic_bench(void **state, unsigned sources, unsigned harts,
					    bool msi)
{
	struct irq_bench *bench = irq_bench_start(state);
	struct platform *platform = &bench->fixture.platform;
	const struct aplic_config config = {
		.base = { FIXTURE_BASE, FIXTURE_BASE + S },
		.sources = sources,
		.harts = harts,
		.msi = msi ? irq_bench_msi : NULL,
		.msi_ctx = bench,
	};

	assert_int_equal(aplic_attach(&bench->aplic, platform, &config), 0);
	for (unsigned hart = 0; hart < harts; hart++) {
		aplic_connect(&bench->aplic, APLIC_M, hart, irq_bench_pin(bench, hart));
		aplic_connect(&bench->aplic, APLIC_S, hart, irq_bench_pin(bench, S_PIN(hart)));
	}
	platform_reset(platform);
	return bench;
}

static inline void aplic_line(struct irq_bench *bench, unsigned source, bool level)
{
	irq_set(aplic_irq(&bench->aplic, source), level);
}

static inline bool aplic_pending(struct irq_bench *bench, u64 base, unsigned source)
{
	return irq_get(bench, base + SETIP + source / 32 * 4) >> source % 32 & 1;
}

#endif

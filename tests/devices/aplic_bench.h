/* SPDX-License-Identifier: MIT */
/*
 * Shared by the tests of the APLIC: its registers, and an APLIC whose pins and MSIs are recorded.
 */
#ifndef TESTS_DEVICES_APLIC_BENCH_H
#define TESTS_DEVICES_APLIC_BENCH_H

#include "devices/irq/aplic.h"
#include "fixture.h"

#include <string.h>

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

struct bench {
	struct fixture fixture;
	struct aplic aplic;
	bool pins[APLIC_DOMAINS][MAX_HARTS];
	u64 msi_addr;
	u32 msi_data;
	unsigned msis;
};

static inline void set_m_pin(void *ctx, unsigned hart, bool level)
{
	((struct bench *)ctx)->pins[APLIC_M][hart] = level;
}

static inline void set_s_pin(void *ctx, unsigned hart, bool level)
{
	((struct bench *)ctx)->pins[APLIC_S][hart] = level;
}

static inline void take_msi(void *ctx, u64 addr, u32 data)
{
	struct bench *bench = ctx;

	bench->msi_addr = addr;
	bench->msi_data = data;
	bench->msis++;
}

static inline void make_bench(struct bench *bench, unsigned sources, unsigned harts, bool msi)
{
	struct platform *platform = &bench->fixture.platform;
	const struct aplic_config config = {
		.base = { FIXTURE_BASE, FIXTURE_BASE + S },
		.sources = sources,
		.harts = harts,
		.msi = msi ? take_msi : NULL,
		.msi_ctx = bench,
	};

	memset(bench, 0, sizeof(*bench));
	fixture_init(&bench->fixture, CLOCK_VIRTUAL);
	assert_int_equal(aplic_attach(&bench->aplic, platform, &config), 0);
	for (unsigned hart = 0; hart < harts; hart++) {
		aplic_connect(&bench->aplic, APLIC_M, hart, (struct irq){ set_m_pin, bench, hart });
		aplic_connect(&bench->aplic, APLIC_S, hart, (struct irq){ set_s_pin, bench, hart });
	}
	platform_reset(platform);
}

static inline u32 get(struct bench *bench, u64 offset)
{
	return (u32)fixture_read(&bench->fixture, offset, 4);
}

static inline void put(struct bench *bench, u64 offset, u32 value)
{
	fixture_write(&bench->fixture, offset, 4, value);
}

static inline void line(struct bench *bench, unsigned source, bool level)
{
	irq_set(aplic_irq(&bench->aplic, source), level);
}

static inline bool pending(struct bench *bench, u64 base, unsigned source)
{
	return get(bench, base + SETIP + source / 32 * 4) >> source % 32 & 1;
}

#endif

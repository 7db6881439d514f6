/* SPDX-License-Identifier: MIT */
/*
 * A bench for an interrupt controller: a platform with only that controller, whose outputs to the
 * harts and whose MSIs are recorded. cmocka's state of a test is its bench: irq_bench_start makes
 * it, and irq_bench_teardown frees it, also after a failed test. Offsets are relative to
 * FIXTURE_BASE.
 */
#ifndef TESTS_DEVICES_IRQ_IRQ_BENCH_H
#define TESTS_DEVICES_IRQ_IRQ_BENCH_H

#include "devices/irq/aclint.h"
#include "devices/irq/aplic.h"
#include "devices/irq/imsic.h"
#include "devices/irq/plic.h"
#include "tests/devices/expect_fdt.h"
#include "tests/devices/fixture_state.h"

#include <errno.h>
#include <string.h>

struct irq_bench {
	struct fixture fixture;
	struct timebase timebase;
	struct clint clint;
	struct aclint aclint;
	struct plic plic;
	struct aplic aplic;
	struct imsic imsic;
	bool pins[MAX_HARTS * IMSIC_FILES]; /* the levels of the controller's outputs */
	unsigned rises[MAX_HARTS]; /* how often each of the first outputs went high */
	u64 msi_addr; /* the address and the data of the last MSI */
	u32 msi_data;
	unsigned msis;
	struct fdt fdt;
	char *text; /* the text printed to `file`; `file` is NULL if nothing was printed */
	size_t text_size;
	FILE *file;
};

/* Returns a new bench without a controller. Frees one that the test started before. */
struct irq_bench *irq_bench_start(void **state);
int irq_bench_teardown(void **state);

/* Returns the line whose level is recorded in pins[number]. */
struct irq irq_bench_pin(struct irq_bench *bench, unsigned number);

/* Records an MSI. `ctx` is the bench. */
void irq_bench_msi(void *ctx, u64 addr, u32 data);

/* Attaches a timebase of TIMEBASE_HZ and the CLINT at addr. */
void irq_bench_clint(struct irq_bench *bench, u64 addr, unsigned harts);

/*
 * irq_bench_tree returns a new, empty device tree; irq_bench_node returns a node of it, which must
 * exist.
 */
struct fdt *irq_bench_tree(struct irq_bench *bench);
int irq_bench_node(struct irq_bench *bench, const char *path);

/*
 * irq_bench_file returns a file to print to; irq_bench_printed fails the test unless `expected` was
 * printed.
 */
FILE *irq_bench_file(struct irq_bench *bench);
void irq_bench_printed(struct irq_bench *bench, const char *expected);

/*
 * Saves the state and loads it into the same machine, after a reset if `reset` is set. Returns the
 * result of state_load.
 */
int irq_bench_reload(struct irq_bench *bench, bool reset);

static inline u32 irq_get(struct irq_bench *bench, u64 offset)
{
	return (u32)fixture_read(&bench->fixture, offset, 4);
}

static inline void irq_put(struct irq_bench *bench, u64 offset, u32 value)
{
	fixture_write(&bench->fixture, offset, 4, value);
}

static inline u64 irq_get_wide(struct irq_bench *bench, u64 offset)
{
	return fixture_read(&bench->fixture, offset, 8);
}

static inline void irq_put_wide(struct irq_bench *bench, u64 offset, u64 value)
{
	fixture_write(&bench->fixture, offset, 8, value);
}

#endif

/* SPDX-License-Identifier: MIT */
#include "irq_bench.h"

static void irq_bench_free(struct irq_bench *bench)
{
	if (bench->file)
		fclose(bench->file);
	free(bench->text);
	free(bench->fdt.blob);
	fixture_free(&bench->fixture);
	free(bench);
}

struct irq_bench *irq_bench_start(void **state)
{
	struct irq_bench *bench = calloc(1, sizeof(*bench));

	if (*state)
		irq_bench_free(*state);
	*state = bench;
	assert_non_null(bench);
	fixture_init(&bench->fixture, CLOCK_VIRTUAL);
	return bench;
}

int irq_bench_teardown(void **state)
{
	if (*state)
		irq_bench_free(*state);
	return 0;
}

static void irq_bench_set_pin(void *ctx, unsigned number, bool level)
{
	struct irq_bench *bench = ctx;

	bench->pins[number] = level;
	if (number < MAX_HARTS)
		bench->rises[number] += level;
}

struct irq irq_bench_pin(struct irq_bench *bench, unsigned number)
{
	return (struct irq){ irq_bench_set_pin, bench, number };
}

void irq_bench_msi(void *ctx, u64 addr, u32 data)
{
	struct irq_bench *bench = ctx;

	bench->msi_addr = addr;
	bench->msi_data = data;
	bench->msis++;
}

void irq_bench_clint(struct irq_bench *bench, u64 addr, unsigned harts)
{
	struct platform *platform = &bench->fixture.platform;

	timebase_init(&bench->timebase, &platform->clock, TIMEBASE_HZ);
	timebase_register_state(&bench->timebase, &platform->state);
	assert_int_equal(clint_attach(&bench->clint, platform, addr, &bench->timebase, harts), 0);
}

struct fdt *irq_bench_tree(struct irq_bench *bench)
{
	assert_int_equal(fdt_start(&bench->fdt), 0);
	return &bench->fdt;
}

int irq_bench_node(struct irq_bench *bench, const char *path)
{
	int node = fdt_path_offset(bench->fdt.blob, path);

	assert_true(node >= 0);
	return node;
}

FILE *irq_bench_file(struct irq_bench *bench)
{
	bench->file = open_memstream(&bench->text, &bench->text_size);
	assert_non_null(bench->file);
	return bench->file;
}

void irq_bench_printed(struct irq_bench *bench, const char *expected)
{
	assert_int_equal(fflush(bench->file), 0);
	assert_string_equal(bench->text, expected);
}

int irq_bench_reload(struct irq_bench *bench, bool reset)
{
	struct state *state = &bench->fixture.platform.state;
	struct state_image image = { 0 };
	int error;

	assert_int_equal(state_save(state, &image), 0);
	if (reset)
		platform_reset(&bench->fixture.platform);
	error = state_load(state, image.data, image.size);
	free(image.data);
	return error;
}

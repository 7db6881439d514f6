/* SPDX-License-Identifier: MIT */
/*
 * These tests compare the PLIC (gateways, priorities, thresholds, claim and completion) with single
 * facts of its specification and with a plain model that runs side by side; others are of odd
 * numbers of sources, hostile offsets and the device-tree node.
 */
#include "irq_bench.h"

#define PENDING 0x1000
#define ENABLE(context) (0x2000 + 0x80 * (context))
#define THRESHOLD(context) (0x200000 + 0x1000 * (context))
#define CLAIM(context) (THRESHOLD(context) + 4)

static struct irq_bench *plic_bench(void **state, unsigned sources, unsigned harts)
{
	struct irq_bench *bench = irq_bench_start(state);
	struct platform *platform = &bench->fixture.platform;

	assert_int_equal(plic_attach(&bench->plic, platform, FIXTURE_BASE, sources, harts), 0);
	bench->plic.by_level = true;
	for (unsigned context = 0; context < 2 * harts; context++)
		plic_connect(&bench->plic, context, irq_bench_pin(bench, context));
	platform_reset(platform);
	return bench;
}

static void plic_line(struct irq_bench *bench, unsigned source, bool level)
{
	irq_set(plic_irq(&bench->plic, source), level);
}

static void test_claim_and_complete(void **state)
{
	struct irq_bench *bench = plic_bench(state, 95, 1);

	irq_put(bench, 4 * 10, 1);
	irq_put(bench, ENABLE(1), 1 << 10);
	plic_line(bench, 10, true);
	assert_true(!bench->pins[0] && bench->pins[1]);
	assert_true(!plic_may_signal(&bench->plic, 0) && plic_may_signal(&bench->plic, 1));
	assert_int_equal(irq_get(bench, PENDING), 1 << 10);
	assert_int_equal(irq_get(bench, CLAIM(0)), 0);
	assert_int_equal(irq_get(bench, CLAIM(1)), 10);
	assert_false(bench->pins[1]);
	assert_int_equal(irq_get(bench, PENDING), 0);
	assert_int_equal(irq_get(bench, CLAIM(1)), 0);

	/* The line is still high at completion, which makes a new request. */
	irq_put(bench, CLAIM(1), 10);
	assert_true(bench->pins[1]);
	assert_int_equal(irq_get(bench, CLAIM(1)), 10);
	plic_line(bench, 10, false);
	irq_put(bench, CLAIM(1), 10);
	assert_false(bench->pins[1]);
	assert_int_equal(irq_get(bench, PENDING), 0);
}

/*
 * If by_level is not set, only a device that drives its line again makes a request after
 * completion.
 */
static void test_asks_again_when_driven_anew(void **state)
{
	struct irq_bench *bench = plic_bench(state, 95, 1);

	bench->plic.by_level = false;
	irq_put(bench, 4 * 10, 1);
	irq_put(bench, ENABLE(1), 1 << 10);
	plic_line(bench, 10, true);
	assert_int_equal(irq_get(bench, CLAIM(1)), 10);
	irq_put(bench, CLAIM(1), 10);
	assert_false(bench->pins[1]);
	assert_int_equal(irq_get(bench, PENDING), 0);
	plic_line(bench, 10, true);
	assert_true(bench->pins[1]);
	assert_int_equal(irq_get(bench, CLAIM(1)), 10);

	/* A line that was driven before the completion makes one request after it. */
	plic_line(bench, 10, true);
	plic_line(bench, 10, false);
	plic_line(bench, 10, true);
	plic_line(bench, 10, false);
	assert_false(bench->pins[1]);
	assert_int_equal(irq_get(bench, CLAIM(1)), 0);
	irq_put(bench, CLAIM(1), 10);
	assert_true(bench->pins[1]);
	assert_int_equal(irq_get(bench, CLAIM(1)), 10);
	irq_put(bench, CLAIM(1), 10);
	assert_false(bench->pins[1]);
}

static int plic_loaded(void *self)
{
	irq_set(plic_irq(self, 10), true);
	return 0;
}

/* A device that is rebuilt by a load makes no request: requests were saved. */
static void test_load_makes_no_request(void **state)
{
	static const struct state_type type = { .version = 1, .post_load = plic_loaded };
	struct irq_bench *bench = plic_bench(state, 95, 1);

	bench->plic.by_level = false;
	state_register(&bench->fixture.platform.state, "device", &type, &bench->plic);
	plic_line(bench, 10, true);
	irq_put(bench, 4 * 10, 1);
	irq_put(bench, ENABLE(1), 1 << 10);
	assert_int_equal(irq_get(bench, CLAIM(1)), 10);
	irq_put(bench, CLAIM(1), 10);
	fixture_state_roundtrip(&bench->fixture);
	assert_false(bench->pins[1]);
	assert_int_equal(irq_get(bench, PENDING), 0);
	plic_line(bench, 10, true);
	assert_true(bench->pins[1]);
}

/* While a request is being served, the gateway forwards no other one, whatever the line does. */
static void test_gateway_waits_for_completion(void **state)
{
	struct irq_bench *bench = plic_bench(state, 95, 1);

	irq_put(bench, 4 * 5, 1);
	irq_put(bench, ENABLE(0), 1 << 5);
	plic_line(bench, 5, true);
	assert_int_equal(irq_get(bench, CLAIM(0)), 5);
	plic_line(bench, 5, false);
	plic_line(bench, 5, true);
	assert_int_equal(irq_get(bench, PENDING), 0);
	plic_line(bench, 5, false);
	irq_put(bench, CLAIM(0), 5);
	assert_int_equal(irq_get(bench, PENDING), 0);

	/* A request that was made is not taken back when the line falls. */
	plic_line(bench, 5, true);
	plic_line(bench, 5, false);
	assert_int_equal(irq_get(bench, PENDING), 1 << 5);
	assert_true(bench->pins[0]);
	assert_int_equal(irq_get(bench, CLAIM(0)), 5);
}

static void test_completion_by_the_wrong_context_is_ignored(void **state)
{
	static const u32 others[] = { 0, 6, 96, 1023, 1024, 0x80000005, UINT32_MAX };
	struct irq_bench *bench = plic_bench(state, 95, 1);

	irq_put(bench, 4 * 5, 1);
	irq_put(bench, ENABLE(0), 1 << 5);
	plic_line(bench, 5, true);
	assert_int_equal(irq_get(bench, CLAIM(0)), 5);
	irq_put(bench, CLAIM(1), 5);
	assert_int_equal(irq_get(bench, PENDING), 0);
	for (unsigned i = 0; i < ARRAY_SIZE(others); i++)
		irq_put(bench, CLAIM(0), others[i]);
	assert_int_equal(irq_get(bench, PENDING), 0);
	irq_put(bench, CLAIM(0), 5);
	assert_int_equal(irq_get(bench, PENDING), 1 << 5);
}

static void test_priorities(void **state)
{
	struct irq_bench *bench = plic_bench(state, 95, 1);

	irq_put(bench, ENABLE(0), UINT32_MAX);
	irq_put(bench, ENABLE(0) + 4, UINT32_MAX);
	irq_put(bench, 4 * 3, 2);
	irq_put(bench, 4 * 40, 7);
	irq_put(bench, 4 * 8, 7);
	for (unsigned source = 1; source < 50; source++)
		plic_line(bench, source, true);
	/* The highest priority comes first, then the lowest number; priority 0 never comes. */
	assert_int_equal(irq_get(bench, CLAIM(0)), 8);
	assert_int_equal(irq_get(bench, CLAIM(0)), 40);
	assert_int_equal(irq_get(bench, CLAIM(0)), 3);
	assert_int_equal(irq_get(bench, CLAIM(0)), 0);
	assert_false(bench->pins[0]);
	/* The source was pending all the time; only its priority 0 prevented the interrupt. */
	irq_put(bench, 4 * 49, 1);
	assert_true(bench->pins[0]);
	irq_put(bench, 4 * 49, 0);
	assert_false(bench->pins[0]);
	/* The field is WARL and has three bits. */
	irq_put(bench, 4 * 9, UINT32_MAX);
	assert_int_equal(irq_get(bench, 4 * 9), 7);
	irq_put(bench, THRESHOLD(0), UINT32_MAX);
	assert_int_equal(irq_get(bench, THRESHOLD(0)), 7);
}

/* The threshold masks the notification, not the claim. */
static void test_threshold(void **state)
{
	struct irq_bench *bench = plic_bench(state, 95, 2);

	irq_put(bench, 4 * 70, 4);
	irq_put(bench, ENABLE(3) + 8, 1 << 6);
	plic_line(bench, 70, true);
	for (u32 threshold = 0; threshold < 8; threshold++) {
		irq_put(bench, THRESHOLD(3), threshold);
		assert_int_equal(bench->pins[3], threshold < 4);
	}
	assert_int_equal(irq_get(bench, CLAIM(3)), 70);
}

/* Every source is enabled where it exists only; no bit of another leaks in. */
static void test_source_counts(void **state)
{
	static const unsigned counts[] = { 1, 7, 31, 32, 33, 95, 96, 127, 1022, 1023 };

	for (unsigned i = 0; i < ARRAY_SIZE(counts); i++) {
		unsigned last = counts[i];
		struct irq_bench *bench = plic_bench(state, last, MAX_HARTS);

		for (unsigned word = 0; word < 32; word++) {
			u32 expected = 0;

			for (unsigned bit = 0; bit < 32; bit++)
				if (word * 32 + bit >= 1 && word * 32 + bit <= last)
					expected |= 1u << bit;
			irq_put(bench, ENABLE(15) + 4 * word, UINT32_MAX);
			assert_int_equal(irq_get(bench, ENABLE(15) + 4 * word), expected);
		}
		for (unsigned source = 0; source < 1024; source++) {
			irq_put(bench, 4 * source, 3);
			assert_int_equal(irq_get(bench, 4 * source),
					 source && source <= last ? 3 : 0);
		}
		plic_line(bench, last, true);
		assert_int_equal(irq_get(bench, PENDING + last / 32 * 4), 1u << last % 32);
		assert_true(bench->pins[15]);
		assert_int_equal(irq_get(bench, CLAIM(15)), last);
	}
}

/* Registers of contexts that do not exist read as zeros, and writes to them change nothing. */
static void test_absent_contexts(void **state)
{
	struct irq_bench *bench = plic_bench(state, 95, 1);

	u64 hash = state_hash(&bench->fixture.platform.state);
	for (u64 context = 2; context < 0x3ff; context++) {
		irq_put(bench, THRESHOLD(context), 5);
		irq_put(bench, CLAIM(context), 5);
		assert_int_equal(irq_get(bench, THRESHOLD(context)), 0);
		assert_int_equal(irq_get(bench, CLAIM(context)), 0);
		for (unsigned word = 0; word < 32; word++) {
			irq_put(bench, ENABLE(context) + 4 * word, UINT32_MAX);
			assert_int_equal(irq_get(bench, ENABLE(context) + 4 * word), 0);
		}
	}
	irq_put(bench, PENDING, UINT32_MAX);
	assert_true(state_hash(&bench->fixture.platform.state) == hash);
}

/*
 * Accesses must be of 32 bits, as in QEMU: a read of 64 bits at the threshold would also claim an
 * interrupt.
 */
static void test_accesses_are_of_32_bits(void **state)
{
	struct irq_bench *bench = plic_bench(state, 95, 2);

	for (unsigned size = 1; size <= 8; size *= 2) {
		assert_int_equal(fixture_reads(&bench->fixture, THRESHOLD(0), size), size == 4);
		assert_int_equal(fixture_writes(&bench->fixture, THRESHOLD(0), size, 0), size == 4);
	}
}

static void test_hostile_sweep(void **state)
{
	static const unsigned counts[] = { 1, 33, 96, 1023 };

	for (unsigned i = 0; i < ARRAY_SIZE(counts); i++) {
		struct irq_bench *bench = plic_bench(state, counts[i], 1 + 7 * (i % 2));

		for (unsigned source = 1; source <= counts[i]; source += 3)
			plic_line(bench, source, true);
		fixture_sweep(&bench->fixture, PLIC_SIZE, 61, 1);
	}
}

/*
 * The model implements the specification with a simple loop for each question, without words of
 * bits.
 */
#define MODEL_SOURCES 70
#define MODEL_CONTEXTS 4

struct model {
	bool level[MODEL_SOURCES + 1], pending[MODEL_SOURCES + 1], claimed[MODEL_SOURCES + 1];
	bool enable[MODEL_CONTEXTS][MODEL_SOURCES + 1];
	unsigned priority[MODEL_SOURCES + 1], threshold[MODEL_CONTEXTS];
	bool by_level;
};

static unsigned model_best(const struct model *model, unsigned context)
{
	for (unsigned priority = 7; priority > 0; priority--)
		for (unsigned source = 1; source <= MODEL_SOURCES; source++)
			if (model->pending[source] && !model->claimed[source] &&
			    model->enable[context][source] && model->priority[source] == priority)
				return source;
	return 0;
}

static void model_gateway(struct model *model, unsigned source)
{
	if (model->by_level && model->level[source] && !model->claimed[source])
		model->pending[source] = true;
}

static void model_enable(struct model *model, struct irq_bench *bench, unsigned context, u64 dice)
{
	unsigned word = dice % 3;

	irq_put(bench, ENABLE(context) + 4 * word, (u32)(dice >> 8));
	for (unsigned bit = 0; bit < 32; bit++)
		if (word * 32 + bit <= MODEL_SOURCES)
			model->enable[context][word * 32 + bit] = dice >> (8 + bit) & 1;
}

static void model_complete(struct model *model, struct irq_bench *bench, unsigned context,
			   unsigned source)
{
	irq_put(bench, CLAIM(context), source);
	if (!model->enable[context][source])
		return;
	model->claimed[source] = false;
	model_gateway(model, source);
}

static void model_step(struct model *model, struct irq_bench *bench, u64 dice)
{
	unsigned source = 1 + (dice >> 8) % MODEL_SOURCES;
	unsigned context = dice >> 16 & 3, value = dice >> 20 & 7, claimed;

	switch (dice % 8) {
	case 0:
		irq_put(bench, 4 * source, value);
		model->priority[source] = value;
		break;
	case 1:
		irq_put(bench, THRESHOLD(context), value);
		model->threshold[context] = value;
		break;
	case 2:
		model_enable(model, bench, context, dice >> 24);
		break;
	case 3:
	case 4:
		plic_line(bench, source, value & 1);
		model->level[source] = value & 1;
		if (!model->by_level && model->level[source])
			model->pending[source] = true;
		model_gateway(model, source);
		break;
	case 5:
		claimed = model_best(model, context);
		assert_int_equal(irq_get(bench, CLAIM(context)), claimed);
		model->claimed[claimed] = claimed != 0;
		model->pending[claimed] = false;
		break;
	default:
		model_complete(model, bench, context, source);
		break;
	}
}

/* A pin is up exactly when a source is reported as not blocked. */
static void plic_check_blocks(struct irq_bench *bench)
{
	for (unsigned context = 0; context < MODEL_CONTEXTS; context++) {
		bool delivered = false;

		for (unsigned source = 1; source <= MODEL_SOURCES; source++)
			delivered |= plic_blocks(&bench->plic, context, source) == PLIC_DELIVERED;
		assert_int_equal(bench->pins[context], delivered);
		assert_true(!delivered || plic_may_signal(&bench->plic, context));
	}
}

static void model_check(const struct model *model, struct irq_bench *bench)
{
	for (unsigned word = 0; word < 3; word++) {
		u32 pending = 0;

		for (unsigned bit = 0; bit < 32 && word * 32 + bit <= MODEL_SOURCES; bit++)
			pending |= (u32)model->pending[word * 32 + bit] << bit;
		assert_int_equal(irq_get(bench, PENDING + 4 * word), pending);
	}
	for (unsigned context = 0; context < MODEL_CONTEXTS; context++)
		assert_int_equal(bench->pins[context], model->priority[model_best(model, context)] >
							       model->threshold[context]);
	plic_check_blocks(bench);
}

static void plic_run_against_the_model(void **state, bool by_level)
{
	struct model model = { .by_level = by_level };
	struct irq_bench *bench = plic_bench(state, MODEL_SOURCES, 2);
	u64 seed = 3;

	bench->plic.by_level = by_level;
	for (unsigned step = 0; step < 50000; step++) {
		model_step(&model, bench, fixture_random(&seed));
		model_check(&model, bench);
	}
}

static void test_against_the_model(void **state)
{
	plic_run_against_the_model(state, true);
	plic_run_against_the_model(state, false);
}

static void test_reset(void **state)
{
	struct irq_bench *bench = plic_bench(state, 95, 1);

	irq_put(bench, 4 * 10, 1);
	irq_put(bench, ENABLE(1), 1 << 10);
	plic_line(bench, 10, true);
	platform_reset(&bench->fixture.platform);
	assert_false(bench->pins[1]);
	assert_int_equal(irq_get(bench, PENDING), 0);
	assert_int_equal(irq_get(bench, 4 * 10), 0);
	/* A line that a device drives high after its own reset makes a request. */
	plic_line(bench, 10, true);
	assert_int_equal(irq_get(bench, PENDING), 1 << 10);
}

static void test_state(void **state)
{
	struct irq_bench *bench = plic_bench(state, 95, 1);

	irq_put(bench, 4 * 10, 1);
	irq_put(bench, 4 * 90, 2);
	irq_put(bench, ENABLE(1), 1 << 10);
	irq_put(bench, ENABLE(1) + 8, 1 << 26);
	plic_line(bench, 10, true);
	plic_line(bench, 90, true);
	assert_int_equal(irq_get(bench, CLAIM(1)), 90);
	fixture_state_roundtrip(&bench->fixture);
	assert_true(bench->pins[1]);
	assert_int_equal(irq_get(bench, CLAIM(1)), 10);
	irq_put(bench, CLAIM(1), 90);
	assert_int_equal(irq_get(bench, CLAIM(1)), 90);
}

/* State of sources that do not exist, or beyond the registers' width, is refused. */
static void test_hostile_state(void **state)
{
	struct irq_bench *bench = plic_bench(state, 95, 1);
	struct plic *plic = &bench->plic;
	struct {
		void *at;
		u8 value;
	} cases[] = {
		{ &plic->priority[0], 1 },     { &plic->priority[95], 8 },
		{ &plic->threshold[15], 8 },   { &plic->level[0], 1 },
		{ &plic->pending[3], 1 }, { &plic->claimed[31], 1 },
		{ &plic->enable[3], 1 },       { &plic->enable[PLIC_WORDS * 15], 1 },
	};
	struct state *saved = &bench->fixture.platform.state;

	for (unsigned i = 0; i < ARRAY_SIZE(cases); i++) {
		struct state_image image = { 0 };
		u8 *byte = cases[i].at, before = *byte;

		*byte = cases[i].value;
		assert_int_equal(state_save(saved, &image), 0);
		*byte = before;
		assert_int_equal(state_load(saved, image.data, image.size), -EINVAL);
		*byte = before;
		free(image.data);
	}
}

static void test_info(void **state)
{
	struct irq_bench *bench = plic_bench(state, 95, 1);

	irq_put(bench, 4 * 10, 3);
	irq_put(bench, ENABLE(1), 1 << 10);
	plic_line(bench, 10, true);
	plic_info(&bench->plic, irq_bench_file(bench));
	irq_bench_printed(bench, "plic: 95 sources, 2 contexts\n"
				 "  source   10: priority 3, line high, pending\n"
				 "  hart 0 M-mode: threshold 0, would claim 0, enabled\n"
				 "  hart 0 S-mode: threshold 0, would claim 10, enabled 10\n");
}

/* The node is as QEMU's virt machine with two harts writes it. */
static void test_node(void **state)
{
	static const u32 phandles[] = { 4, 2 };
	static const u8 interrupts[] = { 0, 0, 0, 4, 0, 0, 0, 11, 0, 0, 0, 4, 0, 0, 0, 9,
					 0, 0, 0, 2, 0, 0, 0, 11, 0, 0, 0, 2, 0, 0, 0, 9 };
	static const u8 reg[] = { 0, 0, 0, 0, 0x10, 0, 0, 0, 0, 0, 0, 0, 0, 0x60, 0, 0 };
	struct irq_bench *bench = plic_bench(state, 96, 2);

	struct fdt *fdt = irq_bench_tree(bench);

	u32 phandle = plic_fdt(&bench->plic, fdt, phandles);
	assert_int_equal(fdt_done(fdt), 0);
	int node = irq_bench_node(bench, "/plic@10000000");
	assert_int_equal(fdt_node_offset_by_phandle(fdt->blob, phandle), node);
	expect_property(fdt, node, "interrupts-extended", interrupts, sizeof(interrupts));
	expect_property(fdt, node, "reg", reg, sizeof(reg));
	expect_property(fdt, node, "compatible", "sifive,plic-1.0.0\0riscv,plic0", 30);
	expect_property(fdt, node, "riscv,ndev", "\0\0\0\x60", 4);
	expect_property(fdt, node, "#address-cells", "\0\0\0\0", 4);
	expect_property(fdt, node, "#interrupt-cells", "\0\0\0\1", 4);
	expect_property(fdt, node, "interrupt-controller", "", 0);
}

const struct CMUnitTest unit_tests[] = {
	cmocka_unit_test_teardown(test_claim_and_complete, irq_bench_teardown),
	cmocka_unit_test_teardown(test_asks_again_when_driven_anew, irq_bench_teardown),
	cmocka_unit_test_teardown(test_load_makes_no_request, irq_bench_teardown),
	cmocka_unit_test_teardown(test_gateway_waits_for_completion, irq_bench_teardown),
	cmocka_unit_test_teardown(test_completion_by_the_wrong_context_is_ignored,
				  irq_bench_teardown),
	cmocka_unit_test_teardown(test_priorities, irq_bench_teardown),
	cmocka_unit_test_teardown(test_threshold, irq_bench_teardown),
	cmocka_unit_test_teardown(test_source_counts, irq_bench_teardown),
	cmocka_unit_test_teardown(test_absent_contexts, irq_bench_teardown),
	cmocka_unit_test_teardown(test_accesses_are_of_32_bits, irq_bench_teardown),
	cmocka_unit_test_teardown(test_hostile_sweep, irq_bench_teardown),
	cmocka_unit_test_teardown(test_against_the_model, irq_bench_teardown),
	cmocka_unit_test_teardown(test_reset, irq_bench_teardown),
	cmocka_unit_test_teardown(test_state, irq_bench_teardown),
	cmocka_unit_test_teardown(test_hostile_state, irq_bench_teardown),
	cmocka_unit_test_teardown(test_info, irq_bench_teardown),
	cmocka_unit_test_teardown(test_node, irq_bench_teardown),
	{ 0 },
};

/* SPDX-License-Identifier: MIT */
/*
 * Compares Baya with QEMU, one vector instruction after another from random states, or programs:
 *   qemu_compare [--seed=N] [--cases=N] [--only=NAME] [--vlen=N] [--ones] -- QEMU [OPTION...] GUEST
 *   qemu_compare [--seed=N] --programs=N [--vlen=N] [--ones] -- QEMU [OPTION...] GUEST
 *
 * It starts the command behind --, which answers images (qemu_guest.c); tests/cpu/vector/qemu.py
 * makes all that is needed. With --ones agnostic elements become ones, and vl half of AVL. It exits
 * with 1 if there are differences that known_difference does not explain.
 */
#include "tests/cpu/vector/qemu_compare.h"

#include "tests/cpu/vector/difference.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Differences of a row that are printed. */
#define PRINTED 3

/* What is asked for: cases of each row with this in its name, or programs. */
struct options {
	const char *only;
	u64 cases, programs;
};

void print_difference(const struct comparison *c, const struct vector_image *in,
		      const struct vector_image *baya, const struct vector_image *qemu)
{
	char text[256];

	case_print(&c->maker, in, text, sizeof(text));
	printf("%s\n", text);
	difference_print(&(struct difference_images){ in, baya, qemu, "QEMU", c->maker.vlenb });
}

/* Returns whether there is a difference that is not known. */
static bool compare_one(struct comparison *c, unsigned op, bool print)
{
	static struct vector_image in, baya, qemu;
	enum known known = KNOWN_NONE;
	u32 at;

	case_make(&c->maker, op, 6, &in);
	baya = qemu = in;
	unit_run(c->unit, UNIT_INTERP, &baya);
	c->compared++;
	c->trapped += baya.trap != IMAGE_DONE;
	if (!qemu_run(&c->qemu, (struct qemu_code){ &in.raw, 1 }, &qemu, &at))
		known = known_abort(&c->maker, &in);
	else if (memcmp(&baya, &qemu, sizeof(baya)) != 0)
		known = known_difference(&c->maker, &in, &baya, &qemu);
	else
		return false;
	c->known[known]++;
	if (known != KNOWN_NONE)
		return false;
	if (print)
		print_difference(c, &in, &baya, &qemu);
	return true;
}

static bool is_asked(const struct comparison *c, const struct options *options, unsigned op)
{
	return isa_has_row(c->maker.isa, op) &&
	       (!options->only || strstr(isa_ops[op].name, options->only));
}

static void compare_instructions(struct comparison *c, const struct options *options)
{
	static u64 by_op[OP_COUNT];

	for (u64 round = 0; round < options->cases; round++)
		for (unsigned op = OP_vsetivli; op < OP_COUNT; op++)
			if (is_asked(c, options, op) && compare_one(c, op, by_op[op] < PRINTED)) {
				by_op[op]++;
				c->differences++;
			}
	for (unsigned op = 0; op < OP_COUNT; op++)
		if (by_op[op])
			printf("%s: %llu differences\n", isa_ops[op].name, by_op[op]);
}

static int report(const struct comparison *c, const char *what)
{
	for (unsigned n = 1; n < KNOWN_COUNT; n++)
		if (c->known[n])
			printf("known, %llu: %s\n", c->known[n], known_reason((enum known)n));
	printf("%llu %s compared, VLEN %u: %llu trapped, %llu differences\n", c->compared, what,
	       c->maker.vlenb * 8, c->trapped, c->differences);
	return c->differences != 0;
}

int main(int argc, char **argv)
{
	struct comparison c = { .maker.seed = 1 };
	struct vector_config config = { .vlen = 128 };
	struct options options = { .cases = 100 };
	int n;

	for (n = 1; n < argc && strcmp(argv[n], "--"); n++)
		if (!strncmp(argv[n], "--seed=", 7))
			c.maker.seed = strtoull(argv[n] + 7, NULL, 0);
		else if (!strncmp(argv[n], "--cases=", 8))
			options.cases = strtoull(argv[n] + 8, NULL, 0);
		else if (!strncmp(argv[n], "--programs=", 11))
			options.programs = strtoull(argv[n] + 11, NULL, 0);
		else if (!strncmp(argv[n], "--vlen=", 7))
			config.vlen = (unsigned)strtoul(argv[n] + 7, NULL, 0);
		else if (!strcmp(argv[n], "--ones"))
			config.tail_ones = config.mask_ones = config.half_avl = true;
		else if (!strncmp(argv[n], "--only=", 7))
			options.only = argv[n] + 7;
	if (n + 1 >= argc || !c.maker.seed) {
		fprintf(stderr, "qemu_compare: no command behind --\n");
		return 2;
	}
	c.unit = unit_create(&config);
	c.maker.isa = unit_isa(c.unit);
	c.maker.vlenb = config.vlen / 8;
	c.qemu.command = argv + n + 1;
	qemu_start(&c.qemu);
	if (options.programs)
		compare_programs(&c, options.programs);
	else
		compare_instructions(&c, &options);
	qemu_stop(&c.qemu);
	unit_free(c.unit);
	return report(&c, options.programs ? "programs" : "instructions");
}

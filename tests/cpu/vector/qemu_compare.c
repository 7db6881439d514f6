/* SPDX-License-Identifier: MIT */
/*
 * Compares Baya with QEMU, one vector instruction after another from random states:
 *   qemu_compare [--seed=N] [--cases=N] [--vlen=N] [--ones] [--only=NAME] -- QEMU [OPTION...] GUEST
 *
 * It starts the command behind --, which answers images (qemu_guest.c); tests/cpu/vector/qemu.py
 * makes all that is needed. With --ones agnostic elements become ones, and vl half of AVL. It exits
 * with 1 if there are differences that known_difference does not explain.
 */
#include "tests/cpu/vector/case.h"
#include "tests/cpu/vector/difference.h"
#include "tests/cpu/vector/known.h"
#include "tests/cpu/vector/qemu.h"
#include "tests/cpu/vector/unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Differences of a row that are printed. */
#define PRINTED 3

struct comparison {
	struct unit *unit;
	struct case_maker maker;
	struct qemu qemu;
	const char *only;
	u64 cases;
	u64 compared, trapped, aborted, differences, known[KNOWN_COUNT];
	u64 by_op[OP_COUNT];
};

static void print_difference(const struct comparison *c, const struct vector_image *in,
			     const struct vector_image *baya, const struct vector_image *qemu)
{
	char text[256];

	case_print(&c->maker, in, text, sizeof(text));
	printf("%s\n", text);
	difference_print(&(struct difference_images){ in, baya, qemu, "QEMU", c->maker.vlenb });
}

static void compare_one(struct comparison *c, unsigned op)
{
	static struct vector_image in, baya, qemu;
	enum known known;
	u32 at;

	case_make(&c->maker, op, 6, &in);
	baya = qemu = in;
	unit_run(c->unit, UNIT_INTERP, &baya);
	if (!qemu_run(&c->qemu, (struct qemu_code){ &in.raw, 1 }, &qemu, &at)) {
		c->aborted++;
		return;
	}
	c->compared++;
	c->trapped += baya.trap != IMAGE_DONE;
	if (!memcmp(&baya, &qemu, sizeof(baya)))
		return;
	known = known_difference(&c->maker, &in, &baya, &qemu);
	c->known[known]++;
	if (known != KNOWN_NONE)
		return;
	c->differences++;
	if (c->by_op[op]++ < PRINTED)
		print_difference(c, &in, &baya, &qemu);
}

static bool is_asked(const struct comparison *c, unsigned op)
{
	return isa_has_row(c->maker.isa, op) && (!c->only || strstr(isa_ops[op].name, c->only));
}

static int report(const struct comparison *c)
{
	for (unsigned op = 0; op < OP_COUNT; op++)
		if (c->by_op[op])
			printf("%s: %llu differences\n", isa_ops[op].name, c->by_op[op]);
	for (unsigned n = 1; n < KNOWN_COUNT; n++)
		if (c->known[n])
			printf("known, %llu: %s\n", c->known[n], known_reason((enum known)n));
	printf("%llu instructions compared, VLEN %u: %llu trapped, %llu differences; "
	       "%llu aborted QEMU\n",
	       c->compared, c->maker.vlenb * 8, c->trapped, c->differences, c->aborted);
	return c->differences != 0;
}

int main(int argc, char **argv)
{
	struct comparison c = { .maker.seed = 1, .cases = 100 };
	struct vector_config config = { .vlen = 128 };
	int n;

	for (n = 1; n < argc && strcmp(argv[n], "--"); n++)
		if (!strncmp(argv[n], "--seed=", 7))
			c.maker.seed = strtoull(argv[n] + 7, NULL, 0);
		else if (!strncmp(argv[n], "--cases=", 8))
			c.cases = strtoull(argv[n] + 8, NULL, 0);
		else if (!strncmp(argv[n], "--vlen=", 7))
			config.vlen = (unsigned)strtoul(argv[n] + 7, NULL, 0);
		else if (!strcmp(argv[n], "--ones"))
			config.tail_ones = config.mask_ones = config.half_avl = true;
		else if (!strncmp(argv[n], "--only=", 7))
			c.only = argv[n] + 7;
	if (n + 1 >= argc || !c.maker.seed) {
		fprintf(stderr, "qemu_compare: no command behind --\n");
		return 2;
	}
	c.unit = unit_create(&config);
	c.maker.isa = unit_isa(c.unit);
	c.maker.vlenb = config.vlen / 8;
	c.qemu.command = argv + n + 1;
	qemu_start(&c.qemu);
	for (u64 round = 0; round < c.cases; round++)
		for (unsigned op = OP_vsetivli; op < OP_COUNT; op++)
			if (is_asked(&c, op))
				compare_one(&c, op);
	qemu_stop(&c.qemu);
	unit_free(c.unit);
	return report(&c);
}

/* SPDX-License-Identifier: MIT */
/*
 * Compares Baya with QEMU, one vector instruction after another from random states, or programs:
 * qemu_compare [--seed=N] [--cases=N] [--only=NAME] [--vlen=N] [--ones] -- QEMU [OPTION...] GUEST
 * qemu_compare [--seed=N] --programs=N [--vlen=N] [--ones] -- QEMU [OPTION...] GUEST
 *
 * It starts the command after --, which executes images and returns the results (qemu_guest.c);
 * qemu.py in this folder builds all that is needed. With --ones agnostic elements become ones, and
 * vsetvl sets vl to half of AVL. It exits with 1 if there are differences that known_difference
 * does not explain.
 */
#include "tests/cpu/vector/qemu/qemu_compare.h"

#include "tests/cpu/vector/difference.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The most differences of a row that are printed. */
#define PRINTED 3

/* The work to do: cases of each row with `only` in its name, or programs. */
struct options {
	const char *only;
	u64 cases, programs, seed;
	unsigned vlen;
	bool ones;
};

void print_difference(const struct comparison *c, const struct vector_image *in,
		      const struct vector_image *baya, const struct vector_image *qemu)
{
	char text[256];

	case_print(&c->maker, in, text, sizeof(text));
	printf("%s\n", text);
	difference_print(&(struct difference_images){ in, baya, qemu, "QEMU", c->maker.vlenb });
}

/* Compares a case. Returns whether there is a difference that is not known. */
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

/* Returns the number in an option's text; anything else ends the program. */
static u64 option_number(const char *name, const char *text)
{
	char *end;
	u64 number = strtoull(text, &end, 0);

	if (*text && !*end)
		return number;
	fprintf(stderr, "qemu_compare: --%s=%s: this is no number\n", name, text);
	exit(2);
}

/* Reads the options before the command. */
static void read_options(int argc, char **argv, struct options *options)
{
	static const struct option long_options[] = {
		{ "seed", required_argument, NULL, 's' },
		{ "cases", required_argument, NULL, 'c' },
		{ "programs", required_argument, NULL, 'p' },
		{ "vlen", required_argument, NULL, 'v' },
		{ "only", required_argument, NULL, 'o' },
		{ "ones", no_argument, NULL, '1' },
		{ NULL, 0, NULL, 0 },
	};
	int which, n;

	while ((which = getopt_long(argc, argv, "+", long_options, &n)) != -1)
		switch (which) {
		case 's':
			options->seed = option_number("seed", optarg);
			break;
		case 'c':
			options->cases = option_number("cases", optarg);
			break;
		case 'p':
			options->programs = option_number("programs", optarg);
			break;
		case 'v':
			options->vlen = (unsigned)option_number("vlen", optarg);
			break;
		case 'o':
			options->only = optarg;
			break;
		case '1':
			options->ones = true;
			break;
		default:
			exit(2);
		}
}

/* Returns a message on what is wrong with the options, or NULL. */
static const char *option_error(int argc, const struct options *options)
{
	if (optind >= argc)
		return "there is no command behind --";
	if (!options->seed)
		return "--seed is not 0";
	if (options->vlen < 128 || options->vlen > 1024 || options->vlen & (options->vlen - 1))
		return "--vlen is 128, 256, 512 or 1024";
	if (options->programs && options->only)
		return "--only chooses instructions, not --programs";
	return NULL;
}

int main(int argc, char **argv)
{
	struct options options = { .cases = 100, .seed = 1, .vlen = 128 };
	struct comparison c = { 0 };
	struct vector_config config = { 0 };
	const char *error;

	read_options(argc, argv, &options);
	error = option_error(argc, &options);
	if (error) {
		fprintf(stderr, "qemu_compare: %s\n", error);
		return 2;
	}
	config.vlen = options.vlen;
	config.tail_ones = config.mask_ones = config.half_avl = options.ones;
	c.unit = unit_create(&config);
	c.maker = (struct case_maker){ .isa = unit_isa(c.unit),
				       .vlenb = config.vlen / 8,
				       .seed = options.seed };
	c.qemu.command = argv + optind;
	qemu_start(&c.qemu);
	if (options.programs)
		compare_programs(&c, options.programs);
	else
		compare_instructions(&c, &options);
	qemu_stop(&c.qemu);
	unit_free(c.unit);
	return report(&c, options.programs ? "programs" : "instructions");
}

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
#include "tests/cpu/vector/known.h"
#include "tests/cpu/vector/unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

/* Differences of a row that are printed. */
#define PRINTED 3

struct comparison {
	struct unit *unit;
	struct case_maker maker;
	const char *only;
	u64 cases;
	int to, from; /* pipes */
	char *const *command;
	u64 compared, trapped, aborted, differences, known[KNOWN_COUNT];
	u64 by_op[OP_COUNT];
};

static void fail(const char *what)
{
	perror(what);
	exit(2);
}

static void start(struct comparison *c)
{
	int to[2], from[2];

	if (pipe(to) || pipe(from))
		fail("pipe");
	if (fork() == 0) {
		dup2(to[0], 0);
		dup2(from[1], 1);
		close(to[1]);
		close(from[0]);
		execvp(c->command[0], c->command);
		fail(c->command[0]);
	}
	close(to[0]);
	close(from[1]);
	c->to = to[1];
	c->from = from[0];
}

static void stop(struct comparison *c)
{
	close(c->to);
	close(c->from);
	wait(NULL);
}

/* Returns false if QEMU does not answer: it was aborted by an assertion of its own. */
static bool ask(struct comparison *c, const struct vector_image *in, struct vector_image *out)
{
	size_t done = 0;

	for (ssize_t now; done < sizeof(*in); done += (size_t)now) {
		now = write(c->to, (const char *)in + done, sizeof(*in) - done);
		if (now <= 0)
			fail("write");
	}
	for (done = 0; done < sizeof(*out);) {
		ssize_t now = read(c->from, (char *)out + done, sizeof(*out) - done);

		if (now <= 0)
			return false;
		done += (size_t)now;
	}
	return true;
}

static void print_number(const char *name, u64 before, u64 baya, u64 qemu)
{
	if (baya != qemu)
		printf("  %s: was %llx, Baya %llx, QEMU %llx\n", name, before, baya, qemu);
}

/* Three ranges of bytes: before, of Baya, of QEMU. */
struct triple {
	const u8 *before, *baya, *qemu;
};

static void print_bytes(const char *name, struct triple t, size_t at, size_t count)
{
	unsigned printed = 0;

	for (size_t n = at; n < at + count; n++)
		if (t.baya[n] != t.qemu[n] && printed++ < 6)
			printf("  %s byte %zu: was %02x, Baya %02x, QEMU %02x\n", name, n - at,
			       t.before[n], t.baya[n], t.qemu[n]);
	if (printed > 6)
		printf("  ... %u bytes of %s\n", printed, name);
}

static void print_difference(const struct comparison *c, const struct vector_image *in,
			     const struct vector_image *baya, const struct vector_image *qemu)
{
	char text[256], name[8];

	case_print(&c->maker, in, text, sizeof(text));
	printf("%s\n", text);
	print_number("trap", in->trap, baya->trap, qemu->trap);
	print_number("vl", in->vl, baya->vl, qemu->vl);
	print_number("vtype", in->vtype, baya->vtype, qemu->vtype);
	print_number("vstart", in->vstart, baya->vstart, qemu->vstart);
	print_number("vcsr", in->vcsr, baya->vcsr, qemu->vcsr);
	print_number("fcsr", in->fcsr, baya->fcsr, qemu->fcsr);
	for (unsigned n = 0; n < 32; n++) {
		snprintf(name, sizeof(name), "x%u", n);
		print_number(name, in->x[n], baya->x[n], qemu->x[n]);
		snprintf(name, sizeof(name), "f%u", n);
		print_number(name, in->f[n], baya->f[n], qemu->f[n]);
	}
	for (unsigned n = 0; n < 32; n++) {
		snprintf(name, sizeof(name), "v%u", n);
		print_bytes(name, (struct triple){ in->v, baya->v, qemu->v },
			    (size_t)n * c->maker.vlenb, c->maker.vlenb);
	}
	print_bytes("memory", (struct triple){ in->memory, baya->memory, qemu->memory }, 0,
		    IMAGE_BYTES);
}

static void compare_one(struct comparison *c, unsigned op)
{
	static struct vector_image in, baya, qemu;
	enum known known;

	case_make(&c->maker, op, 6, &in);
	baya = in;
	unit_run(c->unit, UNIT_INTERP, &baya);
	if (!ask(c, &in, &qemu)) {
		stop(c);
		start(c);
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
	c.command = argv + n + 1;
	start(&c);
	for (u64 round = 0; round < c.cases; round++)
		for (unsigned op = OP_vsetivli; op < OP_COUNT; op++)
			if (is_asked(&c, op))
				compare_one(&c, op);
	stop(&c);
	unit_free(c.unit);
	return report(&c);
}

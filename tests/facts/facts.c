/* SPDX-License-Identifier: MIT */
/*
 * facts FILE [ID] checks every fact of a file, or those whose id begins with ID, in each of its
 * modes on each tier. It prints a line for each that does not hold, for the first hundred of them;
 * the exit code is 1 if there is one, or if no native code ran.
 */
#include "tests/facts/check.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FAILURES_SHOWN 100

struct runner {
	struct world *world;
	const char *path, *only;
	unsigned facts, failures;
};

static void run_mode(struct runner *runner, const struct fact *fact, const char *name)
{
	const struct fact_mode *mode = mode_find(name);
	struct world *world = runner->world;

	for (unsigned tier = 0; tier < TIERS; tier++) {
		snprintf(world->error, sizeof(world->error), "no such mode");
		if (mode && world_run(world, fact, mode, tier) && check(world, fact, mode))
			continue;
		if (runner->failures++ < FAILURES_SHOWN)
			printf("%s:%u: %s %s %s: %s\n", runner->path, fact->line,
			       fact->text[FACT_ID], name, tier_names[tier], world->error);
	}
	runner->facts++;
}

static void run_fact(void *ctx, const struct fact *fact)
{
	struct runner *runner = ctx;
	const char *modes = fact->text[FACT_MODES];
	char name[8];

	if (runner->only && strncmp(fact->text[FACT_ID], runner->only, strlen(runner->only)) != 0)
		return;
	while (fact_word(&modes, name, sizeof(name)))
		run_mode(runner, fact, name);
}

int main(int argc, char **argv)
{
	struct runner runner = { .path = argv[1], .only = argc > 2 ? argv[2] : NULL };
	bool read, good;

	if (argc < 2) {
		fprintf(stderr, "usage: facts FILE [ID]\n");
		return 2;
	}
	runner.world = calloc(1, sizeof(*runner.world));
	if (!runner.world)
		return 3;
	world_init(runner.world);
	read = facts_read(runner.path, run_fact, &runner);
	printf("%s: %u facts, %u failures on %u tiers, %llu instructions in native code\n",
	       runner.path, runner.facts, runner.failures, TIERS, runner.world->native);
	good = read && runner.facts && !runner.failures && runner.world->native;
	world_free(runner.world);
	free(runner.world);
	return good ? 0 : 1;
}

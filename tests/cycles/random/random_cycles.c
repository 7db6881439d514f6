/* SPDX-License-Identifier: MIT */
/*
 * Compares timing models, commit by commit, with simulations of the RTL of the same cores, which
 * executed random programs: a table of hashes (README.md). Writes the programs for the simulations,
 * and hashes their output.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/cmocka.h"
#include "tests/cycles/random/elf.h"
#include "tests/cycles/random/program.h"
#include "tests/cycles/random/run.h"

#define STARTUP 64u /* instructions in which registers are set, and one writes satp */
#define HELD_BACK 64u /* at the end, where others have nothing to run ahead into */

/*
 * Reads the core, with values behind commas. One with a dash in its name is another configuration
 * of the -cpu before the dash, and its file is in this folder.
 */
static void read_core(struct timing_core *core, const char *text, char cpu[64])
{
	struct timing_error error = { .where = "the command line" };
	char path[512], copy[256], *next = copy, *item;

	snprintf(copy, sizeof(copy), "%s", text);
	item = strsep(&next, ",");
	snprintf(cpu, 64, "%.*s", (int)strcspn(item, "-"), item);
	snprintf(path, sizeof(path), "%s/%s.core", strchr(item, '-') ? HERE : CORES, item);
	if (timing_core_read(core, path, &error) < 0)
		fail_msg("%s", error.text);
	while ((item = strsep(&next, ",")))
		if (timing_core_set(core, item, &error) < 0)
			fail_msg("%s", error.text);
}

/* The hash is FNV-1a: bytes are added one by one. */
#define HASH_OF_NOTHING 0xcbf29ce484222325ull

static u64 hash_add(u64 hash, u8 byte)
{
	return (hash ^ byte) * 0x100000001b3ull;
}

/* Hashes the cycles since the first that counts, each from its lowest byte on. */
static u64 hash_of(const struct commits *commits)
{
	u64 hash = HASH_OF_NOTHING;

	for (u32 n = STARTUP; n + HELD_BACK < commits->count; n++) {
		u64 cycles = commits->cycles[n] - commits->cycles[STARTUP];

		for (unsigned k = 0; k < 64; k += 8)
			hash = hash_add(hash, (u8)(cycles >> k));
	}
	return hash;
}

static u64 cycles_of(const struct commits *commits)
{
	return commits->cycles[commits->count - 1 - HELD_BACK] - commits->cycles[STARTUP];
}

/* Reads another simulator's commits: a line has a cycle and a pc, and maybe words between them. */
static void read_commits(struct commits *commits, const char *path)
{
	FILE *file = fopen(path, "re");
	char line[128];

	if (!file)
		fail_msg("%s: %s", path, strerror(errno));
	commits->count = 0;
	while (commits->count < commits->size && fgets(line, sizeof(line), file)) {
		char *last = strrchr(line, strchr(line, '=') ? '=' : ' ');

		if (!last)
			fail_msg("%s: line %u", path, commits->count + 1);
		commits->cycles[commits->count] = strtoull(line, NULL, 10);
		commits->pcs[commits->count++] = strtoull(last + 1, NULL, 16);
	}
	fclose(file);
}

static void print_hash(const char *path, u32 size)
{
	struct commits commits;

	commits_init(&commits, size);
	read_commits(&commits, path);
	if (commits.count != size)
		fail_msg("%s: %u commits, not %u", path, commits.count, size);
	printf("%llu\t%016llx\n", cycles_of(&commits), hash_of(&commits));
	commits_free(&commits);
}

/* Prints commits as another simulator would. */
static void print_commits(const char *text, u64 seed, u32 size)
{
	struct commits commits;
	struct timing_core core;
	char cpu[64];

	read_core(&core, text, cpu);
	commits_init(&commits, size);
	run_program(&core, cpu, seed, &commits);
	for (u32 n = 0; n < size; n++)
		printf("%llu %llx\n", commits.cycles[n], commits.pcs[n]);
	commits_free(&commits);
}

/*
 * Compares a row: core, seed, instructions, cycles, hash. Returns true if the model gives the same.
 */
static bool check_row(const char *row, u64 *instructions)
{
	struct commits commits;
	struct timing_core core;
	char text[128], cpu[64];
	u64 seed, size, cycles, hash;
	bool same;

	if (sscanf(row, "%127s %llu %llu %llu %llx", text, &seed, &size, &cycles, &hash) != 5 ||
	    size <= STARTUP + HELD_BACK || size > 10000000)
		fail_msg("no row: %s", row);
	read_core(&core, text, cpu);
	commits_init(&commits, (u32)size);
	run_program(&core, cpu, seed, &commits);
	same = hash_of(&commits) == hash;
	if (!same)
		printf("%s seed %llu: %llu cycles, not %llu, or others on the way\n", text, seed,
		       cycles_of(&commits), cycles);
	*instructions += size;
	commits_free(&commits);
	return same;
}

/* Checks at most so many rows whose core begins with the prefix; "" is all. */
static int check(const char *path, const char *prefix, unsigned most)
{
	FILE *file = fopen(path, "re");
	unsigned rows = 0, wrong = 0;
	u64 instructions = 0;
	char line[256];

	if (!file)
		fail_msg("%s: %s", path, strerror(errno));
	while (rows < most && fgets(line, sizeof(line), file)) {
		if (*line == '#' || strncmp(line, prefix, strlen(prefix)))
			continue;
		wrong += !check_row(line, &instructions);
		rows++;
	}
	fclose(file);
	printf("%u programs, %llu instructions, %u programs differ\n", rows, instructions, wrong);
	return wrong || !rows;
}

/* Hashes the bytes of so many programs from each seed on where another sort begins. */
static int check_programs(u64 count, u64 expected)
{
	static const u64 sorts[] = { 0, PROGRAM_CALM };
	u64 hash = HASH_OF_NOTHING;
	u8 *image = malloc(PROGRAM_IMAGE);
	struct program program;
	struct isa isa;

	assert_non_null(image);
	isa_init(&isa, EXT_TOGETHER);
	for (u64 n = 0; n < ARRAY_SIZE(sorts) * count; n++) {
		memset(image, 0, PROGRAM_IMAGE);
		program_build(&program, &isa, image, sorts[n / count] + 1 + n % count);
		for (size_t k = 0; k < PROGRAM_IMAGE; k++)
			hash = hash_add(hash, image[k]);
	}
	free(image);
	printf("%016llx\n", hash);
	return hash != expected;
}

int main(int argc, char **argv)
{
	if (argc == 4 && !strcmp(argv[1], "elf"))
		return elf_write(argv[3], strtoull(argv[2], NULL, 10)) < 0;
	if (argc == 4 && !strcmp(argv[1], "hash")) {
		print_hash(argv[3], (u32)strtoul(argv[2], NULL, 10));
		return 0;
	}
	if (argc == 4 && !strcmp(argv[1], "programs"))
		return check_programs(strtoull(argv[2], NULL, 10), strtoull(argv[3], NULL, 16));
	if (argc == 5 && !strcmp(argv[1], "commits")) {
		print_commits(argv[2], strtoull(argv[3], NULL, 10),
			      (u32)strtoul(argv[4], NULL, 10));
		return 0;
	}
	if (argc == 5 && !strcmp(argv[1], "check"))
		return check(argv[2], argv[3], (unsigned)strtoul(argv[4], NULL, 10));
	fprintf(stderr, "random_cycles elf SEED FILE\n"
			"random_cycles hash INSTRUCTIONS COMMITS\n"
			"random_cycles programs COUNT HASH\n"
			"random_cycles commits CORE SEED INSTRUCTIONS\n"
			"random_cycles check TABLE CORE PROGRAMS\n");
	return 2;
}

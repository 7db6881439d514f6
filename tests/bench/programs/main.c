/* SPDX-License-Identifier: MIT */
/*
 * programs NAME ROUNDS: runs a program of programs.def between a line `begin` and a line `end SUM
 * TIME CPU`: the checksum, the nanoseconds that passed, and the nanoseconds of CPU time that the
 * program and its children used. It waits for a line of input before it begins, so that whoever
 * measures can read a clock.
 *
 * programs command COMMAND ARGUMENT...: does the same with a command.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <time.h>
#include "program.h"

struct program {
	const char *name;
	uint64_t (*run)(unsigned rounds);
	void (*prepare)(void); /* NULL: nothing */
};

static const struct program programs[] = {
#define PROGRAM(name, class, rounds, prepare) { #name, run_##name, prepare },
#include "programs.def"
#undef PROGRAM
};

void fail(const char *what)
{
	perror(what);
	exit(1);
}

void *allocate(size_t size)
{
	void *memory = malloc(size);

	if (!memory)
		fail("malloc");
	return memory;
}

void *map_pages(size_t size)
{
	void *memory = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (memory == MAP_FAILED)
		fail("mmap");
	/* This fails on kernels without huge pages, which does no harm. */
	madvise(memory, size, MADV_NOHUGEPAGE);
	return memory;
}

uint64_t mix_bytes(uint64_t sum, const void *data, size_t size)
{
	const unsigned char *bytes = data;

	for (size_t n = 0; n < size; n++)
		sum = (sum ^ bytes[n]) * 0x100000001b3;
	return mix(sum, size);
}

static double now(clockid_t clock)
{
	struct timespec time;

	clock_gettime(clock, &time);
	return (double)time.tv_sec * 1e9 + (double)time.tv_nsec;
}

static double cpu_time(void)
{
	struct rusage usage;

	getrusage(RUSAGE_CHILDREN, &usage);
	return now(CLOCK_PROCESS_CPUTIME_ID) +
	       (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * 1e9 +
	       (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) * 1e3;
}

static void begin(void)
{
	puts("begin");
	fflush(stdout);
	if (getchar() == EOF)
		fail("no line to begin");
}

/* Measures the program or, if that is NULL, the command. */
static void measure(const struct program *program, char **argv)
{
	unsigned rounds = program ? (unsigned)atoi(argv[0]) : 0;
	double started, cpu;
	uint64_t sum;

	if (program && program->prepare)
		program->prepare();
	begin();
	started = now(CLOCK_MONOTONIC);
	cpu = cpu_time();
	sum = program ? program->run(rounds) : run_command(argv);
	printf("end %08x%08x %.0f %.0f\n", (unsigned)(sum >> 32), (unsigned)sum,
	       now(CLOCK_MONOTONIC) - started, cpu_time() - cpu);
	fflush(stdout);
}

static const struct program *find(const char *name)
{
	for (size_t n = 0; n < sizeof(programs) / sizeof(*programs); n++)
		if (!strcmp(name, programs[n].name))
			return &programs[n];
	return NULL;
}

int main(int argc, char **argv)
{
	const struct program *program = argc > 2 ? find(argv[1]) : NULL;

	if (!program && (argc < 3 || strcmp(argv[1], "command") != 0))
		return 1;
	measure(program, argv + 2);
	return 0;
}

/* SPDX-License-Identifier: MIT */
/*
 * fault ROUNDS: measures how long a page fault takes that becomes a signal, as runtimes of
 * languages use it instead of comparisons with a null pointer: nanoseconds for each, from the load
 * to the instruction after it. Also measures a fault that the kernel handles by providing a page.
 */
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <time.h>
#include <ucontext.h>

#define PAGE 4096
#define PAGES 1024

static volatile uint64_t caught;

static void skip(int signal, siginfo_t *info, void *context)
{
	ucontext_t *where = context;

	(void)signal;
	(void)info;
	caught++;
	where->uc_mcontext.__gregs[REG_PC] += 4;
}

static double now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return (double)time.tv_sec * 1e9 + (double)time.tv_nsec;
}

static double signals(unsigned rounds)
{
	double begin = now();

	for (unsigned n = 0; n < rounds; n++)
		__asm__ volatile(".option push\n.option norvc\nlw t0, 8(zero)\n.option pop" ::
					 : "t0", "memory");
	return (now() - begin) / rounds;
}

static double pages(unsigned rounds)
{
	double begin = now();

	for (unsigned n = 0; n < rounds; n += PAGES) {
		volatile char *memory = mmap(NULL, (size_t)PAGES * PAGE, PROT_READ | PROT_WRITE,
					     MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

		if (memory == MAP_FAILED)
			exit(1);
		for (size_t at = 0; at < (size_t)PAGES * PAGE; at += PAGE)
			memory[at] = 1;
		munmap((void *)memory, (size_t)PAGES * PAGE);
	}
	return (now() - begin) / rounds;
}

int main(int argc, char **argv)
{
	struct sigaction action = { .sa_sigaction = skip, .sa_flags = SA_SIGINFO };
	unsigned rounds = argc > 1 ? (unsigned)atoi(argv[1]) / PAGES * PAGES : 0;

	if (!rounds || sigaction(SIGSEGV, &action, NULL))
		return 1;
	signals(PAGES);
	printf("signal %.0f\n", signals(rounds));
	printf("page %.0f\n", pages(rounds));
	return caught != rounds + PAGES;
}

/* SPDX-License-Identifier: MIT */
/*
 * A program for Linux on RISC-V that reads images (../image.h) from its standard input, and after
 * each the number of instructions and the instructions. It executes them from the image's state,
 * and writes the resulting state and the instruction that was reached. Under qemu-riscv64 this
 * shows what QEMU does. A trap is a signal: SIGILL, and SIGSEGV or SIGBUS.
 */
#define _GNU_SOURCE
#include "tests/cpu/vector/image.h"

#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>
#include <sys/mman.h>
#include <ucontext.h>
#include <unistd.h>

/*
 * The code buffer's size in words: it is large, so that code is seldom written where other code has
 * run.
 */
#define WORDS (1u << 20)
#define RET 0x00008067

/* Executes code, which ends with a return, from the image; signals come to run_resume. */
void run_image(struct vector_image *image, const void *code);
extern const char run_resume[];

/* The offsets that qemu_guest_run.S uses. */
_Static_assert(offsetof(struct vector_image, vl) == 8, "vl");
_Static_assert(offsetof(struct vector_image, vtype) == 16, "vtype");
_Static_assert(offsetof(struct vector_image, vstart) == 24, "vstart");
_Static_assert(offsetof(struct vector_image, vcsr) == 32, "vcsr");
_Static_assert(offsetof(struct vector_image, fcsr) == 40, "fcsr");
_Static_assert(offsetof(struct vector_image, x) == 48, "x");
_Static_assert(offsetof(struct vector_image, f) == 304, "f");
_Static_assert(offsetof(struct vector_image, v) == 560, "v");

static struct vector_image image;
static u32 *code; /* the code that runs */
static u32 place; /* the index in the code of the instruction that was reached */

static void on_signal(int number, siginfo_t *info, void *context)
{
	unsigned long *pc = &((ucontext_t *)context)->uc_mcontext.__gregs[REG_PC];

	(void)info;
	image.trap = number == SIGILL  ? IMAGE_ILLEGAL :
		     number == SIGALRM ? IMAGE_STUCK :
					 IMAGE_FAULT;
	place = (u32)((*pc - (unsigned long)code) / sizeof(*code));
	*pc = (unsigned long)run_resume;
}

/* Reads or writes all of the bytes. Returns false at the end of the input. */
static bool move_all(ssize_t (*move)(int, void *, size_t), int file, void *bytes, size_t size)
{
	for (size_t done = 0; done < size;) {
		ssize_t now = move(file, (char *)bytes + done, size - done);

		if (now <= 0)
			return false;
		done += (size_t)now;
	}
	return true;
}

static ssize_t write_some(int file, void *bytes, size_t size)
{
	return write(file, bytes, size);
}

/* Executes `count` instructions at `code`. */
static void run(u8 *window, u32 count)
{
	code[count] = RET;
	image.trap = IMAGE_DONE;
	place = count;
	memcpy(window, image.memory, IMAGE_BYTES);
	alarm(IMAGE_SECONDS);
	run_image(&image, code);
	alarm(0);
	memcpy(image.memory, window, IMAGE_BYTES);
}

/*
 * Reads the instructions to be executed, and copies them to after the code that was executed last.
 * Returns false at the end of the input. The copy is made by the guest itself, because QEMU does
 * not notice that a system call overwrites code.
 */
static bool read_code(u32 *codes, u32 *count)
{
	static u32 insn[IMAGE_INSNS];
	u32 last = *count;

	if (!move_all(read, 0, &image, sizeof(image)) ||
	    !move_all(read, 0, count, sizeof(*count)) ||
	    !move_all(read, 0, insn, *count * sizeof(*insn)))
		return false;
	code += last + 1;
	if (code + *count >= codes + WORDS)
		code = codes;
	memcpy(code, insn, *count * sizeof(*code));
	return true;
}

int main(void)
{
	static const int signals[] = { SIGILL, SIGSEGV, SIGBUS, SIGALRM };
	struct sigaction action = { .sa_sigaction = on_signal, .sa_flags = SA_SIGINFO };
	int shared = MAP_PRIVATE | MAP_ANONYMOUS;
	u8 *window = mmap((void *)IMAGE_WINDOW, IMAGE_BYTES, PROT_READ | PROT_WRITE,
			  shared | MAP_FIXED, -1, 0);
	u32 *codes = mmap(NULL, WORDS * sizeof(*code), PROT_READ | PROT_WRITE | PROT_EXEC, shared,
			  -1, 0);
	u32 count = 0;

	if (window == MAP_FAILED || codes == MAP_FAILED)
		return 1;
	for (unsigned n = 0; n < sizeof(signals) / sizeof(signals[0]); n++)
		sigaction(signals[n], &action, NULL);
	code = codes;
	while (read_code(codes, &count)) {
		run(window, count);
		if (!move_all(write_some, 1, &image, sizeof(image)) ||
		    !move_all(write_some, 1, &place, sizeof(place)))
			return 1;
	}
	return 0;
}

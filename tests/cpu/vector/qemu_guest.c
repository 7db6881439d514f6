/* SPDX-License-Identifier: MIT */
/*
 * A program for Linux on RISC-V that reads images (image.h) from its standard input, executes the
 * instruction of each one from its state, and writes what is there behind it. Under qemu-riscv64
 * it answers what QEMU does. A trap is a signal: SIGILL, and SIGSEGV or SIGBUS.
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

/* Instructions that are in memory at a time, so that code is seldom written where some has run. */
#define SLOTS 65536

/* Executes code, an instruction and a return, from the image; signals come to run_resume. */
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

static void on_signal(int number, siginfo_t *info, void *context)
{
	ucontext_t *at = context;

	(void)info;
	image.trap = number == SIGILL ? IMAGE_ILLEGAL : IMAGE_FAULT;
	at->uc_mcontext.__gregs[REG_PC] = (unsigned long)run_resume;
}

/* Moves all of the bytes; returns false at the end of the input. */
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

int main(void)
{
	static const int signals[] = { SIGILL, SIGSEGV, SIGBUS };
	struct sigaction action = { .sa_sigaction = on_signal, .sa_flags = SA_SIGINFO };
	int shared = MAP_PRIVATE | MAP_ANONYMOUS;
	u8 *window = mmap((void *)IMAGE_WINDOW, IMAGE_BYTES, PROT_READ | PROT_WRITE,
			  shared | MAP_FIXED, -1, 0);
	u32 *code = mmap(NULL, SLOTS * 8ul, PROT_READ | PROT_WRITE | PROT_EXEC, shared, -1, 0);

	if (window == MAP_FAILED || code == MAP_FAILED)
		return 1;
	for (unsigned n = 0; n < 3; n++)
		sigaction(signals[n], &action, NULL);
	for (unsigned n = 0; move_all(read, 0, &image, sizeof(image)); n = (n + 1) % SLOTS) {
		code[2 * n] = image.raw;
		code[2 * n + 1] = 0x00008067; /* ret */
		image.trap = IMAGE_DONE;
		memcpy(window, image.memory, IMAGE_BYTES);
		run_image(&image, code + 2 * n);
		memcpy(image.memory, window, IMAGE_BYTES);
		if (!move_all(write_some, 1, &image, sizeof(image)))
			return 1;
	}
	return 0;
}

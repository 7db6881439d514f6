/* SPDX-License-Identifier: MIT */
/*
 * A process of QEMU that executes instructions on images (qemu_guest.c). Errors of the host end the
 * program.
 */
#ifndef TESTS_CPU_VECTOR_QEMU_QEMU_H
#define TESTS_CPU_VECTOR_QEMU_QEMU_H

#include "tests/cpu/vector/image.h"

#include <stdbool.h>
#include <sys/types.h>

struct qemu {
	char *const *command; /* qemu-riscv64, its options and qemu_guest */
	int to, from; /* pipes */
	pid_t pid;
};

/* Starts QEMU. Ends the program with a message if QEMU does not answer. */
void qemu_start(struct qemu *qemu);
void qemu_stop(struct qemu *qemu);

/* The code that is executed: instructions in the order of their addresses. */
struct qemu_code {
	const u32 *insn;
	u32 count; /* at most IMAGE_INSNS */
};

/*
 * Lets QEMU execute the code on the image, and sets *at to the index of the instruction that it
 * reached. Returns false if an assertion in QEMU failed and aborted it; it has been started again.
 */
bool qemu_run(struct qemu *qemu, struct qemu_code code, struct vector_image *image, u32 *at);

#endif

/* SPDX-License-Identifier: MIT */
/* QEMU, which is asked what is behind instructions (qemu_guest.c). Errors of the host end all. */
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

/* Starts it, and ends all with a line if it does not answer. */
void qemu_start(struct qemu *qemu);
void qemu_stop(struct qemu *qemu);

/* The code that is executed: instructions in the order of their addresses. */
struct qemu_code {
	const u32 *insn;
	u32 count; /* at most IMAGE_INSNS */
};

/*
 * Makes the image what QEMU makes of it, and *at the index of the instruction that it got to.
 * Returns false if an assertion of its own aborted QEMU, which has been started again.
 */
bool qemu_run(struct qemu *qemu, struct qemu_code code, struct vector_image *image, u32 *at);

#endif

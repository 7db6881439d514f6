/* SPDX-License-Identifier: MIT */
/* The parts of the kernel that are not written in assembly. */
#include "kernel.h"

#include "paging.h"

#define SSTATUS_SPIE (1ul << 5)

int kernel_main(void)
{
	return bench_run();
}

void frame_init(struct frame *frame, u64 pc, u64 stack, u64 argument)
{
	*frame = (struct frame){ .sepc = pc, .sstatus = SSTATUS_SPIE };
	frame->x[FRAME_SP] = stack;
	frame->x[FRAME_A0] = argument;
}

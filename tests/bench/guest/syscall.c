/* SPDX-License-Identifier: MIT */
/*
 * System calls: a program in U-mode and a kernel in S-mode, with translation on. Most calls do
 * nothing; some copy from the program's memory (SUM on, SUM off), and some call machine mode.
 */
#include "kernel.h"
#include "paging.h"

const u64 bench_expected = 0x680fde42fd9f5828;

enum { CALL_NOTHING, CALL_COPY, CALL_MACHINE, CALL_EXIT };

#define CALLS 1000

static u64 *space;
static void *user_page;

USER static void program(u64 calls)
{
	u64 *data = (u64 *)USER_DATA;
	u64 sum = calls;

	for (u64 n = 0; n < 64; n++)
		data[n] = n * n;
	for (u64 n = 0; n < calls; n++) {
		u64 kind = n % 8 == 3 ? CALL_COPY : n % 16 == 9 ? CALL_MACHINE : CALL_NOTHING;

		sum += call_kernel(kind, USER_DATA + 8 * (n % 32), sum & 0xff);
		data[n % 64] ^= sum;
	}
	call_kernel(CALL_EXIT, sum, 0);
}

static u64 copy_in(u64 va)
{
	u64 buffer[16], sum = 0;

	user_access(1);
	for (unsigned n = 0; n < ARRAY_SIZE(buffer); n++)
		buffer[n] = ((volatile u64 *)va)[n];
	user_access(0);
	for (unsigned n = 0; n < ARRAY_SIZE(buffer); n++)
		sum = mix(sum, buffer[n]);
	return sum;
}

struct frame *kernel_trap(struct frame *frame)
{
	u64 *a0 = &frame->x[FRAME_A0], a1 = frame->x[FRAME_A1];

	if (frame->cause != CAUSE_ECALL_U)
		bench_end(3);
	frame->sepc += 4;
	switch (frame->x[FRAME_A7]) {
	case CALL_COPY:
		*a0 = copy_in(*a0);
		break;
	case CALL_MACHINE:
		*a0 = call_kernel(0, *a0, a1);
		break;
	case CALL_EXIT:
		kernel_leave(*a0);
	default:
		*a0 += a1;
		break;
	}
	return frame;
}

u64 bench_round(void)
{
	static struct frame frame;

	frame_init(&frame, USER_PC(program), USER_STACK + PAGE_SIZE, CALLS);
	return kernel_run(&frame);
}

int main(void)
{
	space = space_new();
	user_page = page_new();
	space_map(space, USER_DATA, user_page, PTE_USER_DATA);
	space_map(space, USER_STACK, page_new(), PTE_USER_DATA);
	kernel_enter(space_satp(space, 1));
	return 1;
}

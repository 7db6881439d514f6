/* SPDX-License-Identifier: MIT */
/*
 * Context switches: eight programs, each in its own address space with its own ASID, touch private
 * pages and yield. At times a page is unmapped and fenced by its address, so that the next access
 * faults and gets it back; at times a whole ASID is fenced.
 */
#include "kernel.h"
#include "paging.h"

const u64 bench_expected = 0x41ced00d5657d71c;

enum { CALL_YIELD, CALL_EXIT };

#define TASKS 8
#define TURNS 64
#define PAGES 12
/* After this many switches a page is unmapped, or all translations of an address space are
 * fenced. */
#define PAGE_FENCE 5
#define SPACE_FENCE 61

static struct task {
	struct frame frame;
	u64 *space;
	u64 satp, asid;
	void *pages[PAGES];
} tasks[TASKS];

static unsigned current, left;
static u64 switches, faults, total;

USER static void program(u64 seed)
{
	u64 sum = seed;

	for (unsigned turn = 0; turn < TURNS; turn++) {
		for (u64 page = 0; page < PAGES; page++) {
			u64 *data = (u64 *)(USER_DATA + page * PAGE_SIZE);

			data[turn] = sum + page;
			sum ^= data[turn / 2] << 1;
		}
		call_kernel(CALL_YIELD, sum, 0);
	}
	call_kernel(CALL_EXIT, sum, 0);
}

static void fence_page(u64 va, u64 asid)
{
	__asm__ volatile("sfence.vma %0, %1" : : "r"(va), "r"(asid) : "memory");
}

static void fence_space(u64 asid)
{
	__asm__ volatile("sfence.vma zero, %0" : : "r"(asid) : "memory");
}

/* Unmaps a page of a task, which the task's next fault maps again. */
static void take_page(struct task *task, u64 va)
{
	*space_pte(task->space, va) = 0;
	fence_page(va, task->asid);
}

static void give_page(struct task *task, u64 va)
{
	u64 page = (va - USER_DATA) / PAGE_SIZE;

	if (page >= PAGES)
		bench_end(3);
	space_map(task->space, va, task->pages[page], PTE_USER_DATA);
	fence_page(va, task->asid);
	faults++;
}

static struct frame *next_task(void)
{
	if (!left)
		kernel_leave(total);
	do
		current = (current + 1) % TASKS;
	while (!tasks[current].satp);
	switches++;
	if (switches % SPACE_FENCE == 0)
		fence_space(tasks[current].asid);
	if (switches % PAGE_FENCE == 0)
		take_page(&tasks[current], USER_DATA + switches % PAGES * PAGE_SIZE);
	__asm__ volatile("csrw satp, %0" : : "r"(tasks[current].satp) : "memory");
	return &tasks[current].frame;
}

struct frame *kernel_trap(struct frame *frame)
{
	struct task *task = &tasks[current];

	if (frame->cause == CAUSE_LOAD_PAGE || frame->cause == CAUSE_STORE_PAGE) {
		give_page(task, frame->tval);
		return frame;
	}
	if (frame->cause != CAUSE_ECALL_U)
		bench_end(4);
	frame->sepc += 4;
	if (frame->x[FRAME_A7] == CALL_EXIT) {
		total = mix(total, frame->x[FRAME_A0]);
		task->satp = 0;
		left--;
	}
	return next_task();
}

/* Resets a task to its state at the start: every page is mapped and has its first contents. */
static void task_reset(struct task *task)
{
	task->satp = space_satp(task->space, task->asid);
	frame_init(&task->frame, USER_PC(program), USER_STACK + PAGE_SIZE, task->asid);
	for (u64 page = 0; page < PAGES; page++) {
		space_map(task->space, USER_DATA + page * PAGE_SIZE, task->pages[page],
			  PTE_USER_DATA);
		for (unsigned word = 0; word < TURNS; word++)
			((u64 *)task->pages[page])[word] = word;
	}
	fence_space(task->asid);
}

u64 bench_round(void)
{
	u64 sum;

	switches = faults = total = 0;
	current = 0;
	left = TASKS;
	for (unsigned n = 0; n < TASKS; n++)
		task_reset(&tasks[n]);
	__asm__ volatile("csrw satp, %0" : : "r"(tasks[0].satp) : "memory");
	sum = kernel_run(&tasks[0].frame);
	return mix(mix(sum, switches), faults);
}

int main(void)
{
	for (unsigned n = 0; n < TASKS; n++) {
		struct task *task = &tasks[n];

		task->asid = n + 1;
		task->space = space_new();
		for (unsigned page = 0; page < PAGES; page++)
			task->pages[page] = page_new();
		space_map(task->space, USER_STACK, page_new(), PTE_USER_DATA);
	}
	kernel_enter(space_satp(tasks[0].space, tasks[0].asid));
	return 1;
}

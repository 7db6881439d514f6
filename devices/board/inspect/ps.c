/* SPDX-License-Identifier: MIT */
/*
 * Finds the processes of a Linux kernel without its symbols. In the kernel tp points to the running
 * task; in user mode sscratch does. The list of all tasks is recognised as a circular list each of
 * whose elements has a name at the same offset, where the first task, swapper/0, has its name. The
 * offset of a task's number (its PID) is where the first task has 0 and the two tasks after it have
 * 1 and 2. Anything else is not accepted as the list: the guest may have anything in its memory.
 */
#include "devices/board/inspect/inspect.h"

#include "devices/printable.h"
#include "cpu/csr/csr.h"
#include "cpu/mmu/peek.h"
#include "cpu/mmu/regime.h"
#include "devices/board/machine.h"

#include <ctype.h>
#include <string.h>

#define TASK_MAX 8192 /* how many bytes of a task are read */
#define WORDS (TASK_MAX / 8)
#define TASKS_MAX 32768
#define ANCESTORS_MAX 64
#define PEEKS_MAX (1 << 20) /* the limit on reads, for the guest's memory may contain anything */
#define NAME_SIZE 16
#define FIRST_NAME "swapper/0"

struct kernel {
	struct hart *hart;
	struct regime regime;
	u64 word[WORDS]; /* the first task's memory */
	u64 task; /* its address */
	/* offsets in a task: its link in the list, its name, its number */
	unsigned tasks, name, number;
	unsigned peeks; /* the number of reads so far */
};

static bool peek(struct kernel *kernel, u64 va, void *data, size_t size)
{
	return kernel->peeks++ < PEEKS_MAX &&
	       hart_peek_as(kernel->hart, &kernel->regime, va, data, size);
}

/*
 * Returns whether the value can be a pointer to a list element: kernel addresses are in the upper
 * half of the address space, and list elements are aligned.
 */
static bool is_pointer(u64 value)
{
	return value >> 63 && !(value & 7);
}

/* Reads as much of a task as possible. */
static bool ps_load(struct kernel *kernel, u64 task, u64 *word)
{
	memset(word, 0, TASK_MAX);
	for (unsigned at = 0; at < TASK_MAX; at += 512)
		if (!peek(kernel, task + at, (u8 *)word + at, 512))
			return at >= 1024;
	return true;
}

static bool is_name(const char *name)
{
	size_t size = strnlen(name, NAME_SIZE);

	for (size_t n = 0; n < size; n++)
		if (!isprint((unsigned char)name[n]))
			return false;
	return size > 0 && size < NAME_SIZE;
}

/* Finds the first task's name at offset *at or after it. */
static bool find_name(struct kernel *kernel, unsigned *at)
{
	for (; *at + NAME_SIZE <= TASK_MAX; *at += 8)
		if (!memcmp((u8 *)kernel->word + *at, FIRST_NAME, sizeof(FIRST_NAME)))
			return true;
	return false;
}

/*
 * Returns the length of the list whose head is at offset `at` in the first task, if all its
 * elements have names; else 0.
 */
static unsigned count_list(struct kernel *kernel, unsigned at)
{
	u64 head = kernel->task + at, link[2] = { kernel->word[at / 8] }, from = head;
	unsigned count = 0;
	char name[NAME_SIZE];

	for (u64 node = link[0]; node != head && count < TASKS_MAX; node = link[0], count++) {
		if (!is_pointer(node) || !peek(kernel, node, link, sizeof(link)) ||
		    link[1] != from ||
		    !peek(kernel, node - at + kernel->name, name, sizeof(name)) || !is_name(name))
			return 0;
		from = node;
	}
	return count;
}

/*
 * Finds the offset of the task's number. It is 0, 1 and 2 in the first three tasks, and so is the
 * thread group's number, which follows it.
 */
static bool find_number(struct kernel *kernel)
{
	u64 one = kernel->word[kernel->tasks / 8] - kernel->tasks, two;
	u32 pair[3][2];

	if (!peek(kernel, one + kernel->tasks, &two, sizeof(two)))
		return false;
	two -= kernel->tasks;
	for (kernel->number = 0; kernel->number + 8 <= TASK_MAX; kernel->number += 4) {
		memcpy(pair[0], (u8 *)kernel->word + kernel->number, sizeof(pair[0]));
		if (pair[0][0] || pair[0][1] ||
		    !peek(kernel, one + kernel->number, pair[1], sizeof(pair[1])) ||
		    !peek(kernel, two + kernel->number, pair[2], sizeof(pair[2])))
			continue;
		if (pair[1][0] == 1 && pair[1][1] == 1 && pair[2][0] == 2 && pair[2][1] == 2)
			return true;
	}
	return false;
}

/*
 * Returns whether this is the first task. If it is, the offsets in all tasks are known afterwards.
 */
static bool is_first(struct kernel *kernel, u64 task)
{
	unsigned best = 1, found = 0;

	if (!is_pointer(task) || !ps_load(kernel, task, kernel->word))
		return false;
	kernel->task = task;
	for (kernel->name = 0; find_name(kernel, &kernel->name); kernel->name += 8) {
		for (unsigned at = 0; at + 16 <= TASK_MAX; at += 8) {
			unsigned count = is_pointer(kernel->word[at / 8]) ? count_list(kernel, at) :
									    0;

			kernel->tasks = at;
			if (count > best && find_number(kernel)) {
				best = count;
				found = at;
			}
		}
		kernel->tasks = found;
		if (found)
			return find_number(kernel);
	}
	return false;
}

/*
 * Returns whether following the pointer at word `at` of a task, then the same pointer of the task
 * to which it leads, and so on, arrives at the first task.
 */
static bool descends(struct kernel *kernel, u64 task, unsigned at)
{
	for (unsigned n = 0; n < ANCESTORS_MAX; n++) {
		u64 parent;

		if (is_first(kernel, task))
			return true;
		if (!is_pointer(task) || !peek(kernel, task + at * 8, &parent, sizeof(parent)) ||
		    parent == task)
			return false;
		task = parent;
	}
	return false;
}

/*
 * Finds the first task from another one, by its pointers to the real parent and the parent, which
 * are equal and next to each other.
 */
static bool find_first(struct kernel *kernel, u64 task)
{
	u64 word[WORDS];

	if (is_first(kernel, task))
		return true;
	if (!is_pointer(task) || !ps_load(kernel, task, word))
		return false;
	for (unsigned at = 0; at + 1 < WORDS; at++)
		if (is_pointer(word[at]) && word[at] == word[at + 1] && word[at] != task + at * 8 &&
		    descends(kernel, word[at], at))
			return true;
	return false;
}

static bool ps_start(struct kernel *kernel, struct hart *hart)
{
	const struct sbank *bank = &hart->s[hart->virt ? BANK_VS : BANK_HS];
	const u64 tasks[] = { hart->x[4], bank->scratch };

	*kernel = (struct kernel){ .hart = hart };
	regime_of(hart, PRIV_S, hart->virt, &kernel->regime);
	for (unsigned n = 0; n < ARRAY_SIZE(tasks); n++)
		if (kernel->regime.s1.levels && find_first(kernel, tasks[n]))
			return true;
	return false;
}

/* Prints which harts run the task, by the tp or sscratch of each. */
static void print_harts(struct board *board, const struct kernel *kernel, u64 task, FILE *out)
{
	for (unsigned n = 0; n < board->harts.count; n++) {
		const struct hart *hart = board->harts.hart[n];
		const struct sbank *bank = &hart->s[hart->virt ? BANK_VS : BANK_HS];
		bool same = bank->atp && hart->virt == kernel->hart->virt;

		if (same && (hart->priv == PRIV_U ? bank->scratch : hart->x[4]) == task)
			fprintf(out, "  on hart %u in %s-mode", n,
				priv_name(hart->priv, hart->virt));
	}
}

bool board_ps(struct board *board, unsigned index, void *file)
{
	struct kernel kernel;
	u64 task, next;
	u32 number;
	char name[NAME_SIZE + 1] = "", shown[64];

	if (!ps_start(&kernel, board->harts.hart[index]))
		return false;
	fprintf(file, "  PID task             COMMAND\n");
	task = kernel.task;
	for (unsigned n = 0; n <= TASKS_MAX; n++) {
		if (!peek(&kernel, task + kernel.number, &number, sizeof(number)) ||
		    !peek(&kernel, task + kernel.name, name, NAME_SIZE) ||
		    !peek(&kernel, task + kernel.tasks, &next, sizeof(next)))
			break;
		printable_copy(shown, sizeof(shown), name);
		fprintf(file, "%5u %016llx %-15s", number, task, shown);
		print_harts(board, &kernel, task, file);
		fputc('\n', file);
		task = next - kernel.tasks;
		if (task == kernel.task)
			break;
	}
	return true;
}

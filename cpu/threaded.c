/* SPDX-License-Identifier: MIT */
/* Threaded code as it runs when nobody times it: the words of the bodies are nothing but code. */
#include "cpu/threaded.h"

#include "cpu/code.h"
#include "cpu/exec.h"
#include "cpu/interp.h"
#include "cpu/jump.h"
#include "cpu/limits.h"
#include "cpu/sem.h"

#define SLOW() (h->index = i->index)
#define LOOK() (go = h->stop ? halt : label)
#define LOADS(type, va, host) ((void)0)
#define STORES(type, va, host) ((void)0)

#define LOCALS
#define ENTER() ((void)0)
#define NOTE(class) ((void)0)
#define LEFT(done, next, jumped) ((void)0)
#define UNDONE(insn) ((void)0)

#include "cpu/threaded.inc"

enum hart_exit threaded_run(struct hart *hart)
{
	bool trapped = false;
	struct block *block = next_block(hart, &trapped);

	if (trapped)
		return EXIT_TRAP;
	if (!block)
		return interp_step(hart);
	/* The slice ends within the block: exactly there, or where somebody looks. */
	if (hart->steps + block->count > hart->limit)
		return hart->regions || hart->debug ? interp_step(hart) : interp_run(hart);
	return run(hart, block);
}

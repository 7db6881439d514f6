/* SPDX-License-Identifier: MIT */
/* A program for GDB in the guest's Linux, without a C library: it ends with 1 + ... + 5. */

#define SYS_EXIT 93

static volatile long counter;

static __attribute__((noinline)) long work(long by)
{
	counter += by;
	return counter;
}

static void leave(long code)
{
	register long result __asm__("a0") = code;
	register long call __asm__("a7") = SYS_EXIT;

	__asm__ volatile("ecall" : : "r"(result), "r"(call));
}

/* Linux maps at most 64 KiB around a page fault, so the code of this is not there at first. */
static __attribute__((noinline, section(".text.far"), aligned(0x20000))) long far(long by)
{
	return work(by) + 1;
}

void _start(void)
{
	counter = 0; /* its page is there now */
	for (long n = 1; n <= 5; n++)
		work(n);
	leave(far(-1));
}

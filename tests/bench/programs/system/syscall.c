/* SPDX-License-Identifier: MIT */
/* System calls that do almost nothing, and one that copies. */
#include <sys/syscall.h>
#include <sys/utsname.h>
#include <unistd.h>
#include "../program.h"

#define CALLS 10000

uint64_t run_syscall(unsigned rounds)
{
	uint64_t sum = 0;
	struct utsname name;

	while (rounds--)
		for (int n = 0; n < CALLS; n++) {
			sum += syscall(SYS_getppid) > 0;
			if (n % 8 == 0)
				sum += !syscall(SYS_uname, &name);
		}
	return sum;
}

/* SPDX-License-Identifier: MIT */
/* Reads and writes characters on the host: standard input and output. */
#include "kernel.h"

#include <unistd.h>

int read_char(void)
{
	u8 c;

	return read(0, &c, 1) == 1 ? c : -1;
}

void write_char(char c)
{
	if (write(1, &c, 1) != 1)
		_exit(1);
}

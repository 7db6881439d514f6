/* SPDX-License-Identifier: MIT */
/* See run/tail.h. */
#include "frontends/run/tail.h"

void tail_add(struct tail *tail, const u8 *data, size_t size)
{
	for (size_t n = 0; n < size; n++)
		tail->bytes[tail->written++ % TAIL_MAX] = data[n];
}

/* Returns the position of the first line that is kept completely. */
static u64 first_line(const struct tail *tail)
{
	u64 at;

	if (tail->written <= TAIL_MAX)
		return 0;
	at = tail->written - TAIL_MAX + 1;
	while (at < tail->written && tail->bytes[(at - 1) % TAIL_MAX] != '\n')
		at++;
	return at;
}

/* Prints the lines without the CR with which Linux ends the lines of a serial port. */
void tail_print(const struct tail *tail, FILE *out)
{
	u8 last = '\n';

	for (u64 at = first_line(tail); at < tail->written; at++) {
		u8 byte = tail->bytes[at % TAIL_MAX];

		if (byte == '\r')
			continue;
		fputc(byte, out);
		last = byte;
	}
	if (last != '\n')
		fputc('\n', out);
}

/* SPDX-License-Identifier: MIT */
/* Reads and writes characters on a machine without an operating system: polls its UART. */
#include "kernel.h"

#define UART 0x10000000ul
#define UART_LSR 5
#define UART_DR 0x01
#define UART_THRE 0x20
#define FINISHER 0x100000ul
#define FINISHER_PASS 0x5555u
#define FINISHER_FAIL 0x3333u

static volatile u8 *const uart = (volatile u8 *)UART;

/* guest/start.S calls these. */
void bench_end(int code);
void bench_unexpected(u64 cause, u64 pc, u64 tval);

int read_char(void)
{
	while (!(uart[UART_LSR] & UART_DR))
		;
	return *uart;
}

void write_char(char c)
{
	while (!(uart[UART_LSR] & UART_THRE))
		;
	*uart = (u8)c;
}

void bench_end(int code)
{
	*(volatile u32 *)FINISHER = code ? (u32)code << 16 | FINISHER_FAIL : FINISHER_PASS;
	for (;;)
		;
}

void bench_unexpected(u64 cause, u64 pc, u64 tval)
{
	static const char said[] = "trap: cause, pc and tval are ";
	const u64 values[] = { cause, pc, tval };

	for (const char *c = said; *c; c++)
		write_char(*c);
	for (size_t n = 0; n < ARRAY_SIZE(values); n++)
		for (int shift = 64; shift; shift -= 4)
			write_char("0123456789abcdef"[values[n] >> (shift - 4) & 15]);
	write_char('\n');
	bench_end(2);
}

/* The compiler generates calls of these for loops that it recognises. */
void *memset(void *to, int value, size_t size)
{
	for (u8 *out = to; size--; out++)
		*out = (u8)value;
	return to;
}

void *memcpy(void *restrict to, const void *restrict from, size_t size)
{
	const u8 *in = from;

	for (u8 *out = to; size--; out++)
		*out = *in++;
	return to;
}

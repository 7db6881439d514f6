/* SPDX-License-Identifier: MIT */
/*
 * A command has a device in bits 63:56, a command in 55:48 and a payload below. Device 0 takes
 * an exit code (payload bit 0 set: the code is the rest) or the address of a system call's
 * arguments; device 1 is the console.
 */
#include "devices/htif.h"

#define WORDS (sizeof(u64) / sizeof(u32)) /* in tohost */

enum { DEVICE_SYSCALL = 0, DEVICE_CONSOLE = 1 };
enum { CONSOLE_WRITE = 1 };
enum { SYSCALL_WRITE = 64, SYSCALL_EXIT = 93 };
#define ERROR_NO_SYSCALL ((u64)-38)
/* A longer write is cut, as write(2) may. */
#define WRITE_MAX 4096

static void end(struct htif *htif, u64 code)
{
	platform_end(htif->platform, code ? MACHINE_FAIL : MACHINE_PASS, code);
}

static u64 write_console(struct htif *htif, u64 addr, u64 size)
{
	u8 data[WRITE_MAX];

	size = MIN(size, WRITE_MAX);
	if (!bus_dma_read(&htif->platform->bus, addr, data, size))
		return 0;
	chardev_write(htif->console, data, size);
	return size;
}

/* The arguments at addr are the number, then up to seven values; the result replaces the number. */
static void system_call(struct htif *htif, u64 addr)
{
	u64 args[4], result = ERROR_NO_SYSCALL;

	if (!bus_dma_read(&htif->platform->bus, addr, args, sizeof(args)))
		return;
	if (args[0] == SYSCALL_EXIT)
		end(htif, args[1]);
	else if (args[0] == SYSCALL_WRITE)
		result = write_console(htif, args[2], args[3]);
	bus_dma_write(&htif->platform->bus, addr, &result, sizeof(result));
}

static void htif_answer(struct htif *htif, u64 value)
{
	const u64 none = 0;

	bus_dma_write(&htif->platform->bus, htif->tohost, &none, sizeof(none));
	if (htif->fromhost)
		bus_dma_write(&htif->platform->bus, htif->fromhost, &value, sizeof(value));
}

bool htif_written(struct htif *htif, u64 pa, u64 len)
{
	for (unsigned n = 0; n < WORDS; n++) {
		u64 word = htif->tohost + n * sizeof(u32);

		if (pa < word + sizeof(u32) && word < pa + len)
			htif->words |= (u8)BIT(n);
	}
	return htif->words == BIT(WORDS) - 1;
}

void htif_poll(struct htif *htif)
{
	u64 command, payload, device;
	u8 byte;

	htif->words = 0;
	if (!htif->tohost ||
	    !bus_dma_read(&htif->platform->bus, htif->tohost, &command, sizeof(command)) ||
	    !command)
		return;
	device = bits(command, 56, 8);
	payload = bits(command, 0, 48);
	if (device == DEVICE_CONSOLE) {
		byte = (u8)payload;
		if (bits(command, 48, 8) == CONSOLE_WRITE)
			chardev_write(htif->console, &byte, 1);
		htif_answer(htif, command & ~(BIT(48) - 1));
	} else if (device == DEVICE_SYSCALL && (payload & 1)) {
		end(htif, payload >> 1);
		htif_answer(htif, 0);
	} else if (device == DEVICE_SYSCALL) {
		system_call(htif, payload);
		htif_answer(htif, 1);
	}
}

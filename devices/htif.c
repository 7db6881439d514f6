/* SPDX-License-Identifier: MIT */
/*
 * HTIF, the host-target interface of Spike. A word written to tohost has a device in bits 63:56, a
 * command in bits 55:48 and a payload in the bits below. The payload for device 0 is an exit code,
 * shifted left by one, if its bit 0 is set, and else the address of a system call's arguments.
 * Device 1 is the console, whose command 0 waits for a byte and whose command 1 writes one.
 * docs/conformance.md lists what is implemented.
 */
#include "devices/htif.h"

#include "devices/uart.h"

#define WORDS (sizeof(u64) / sizeof(u32)) /* the number of 32-bit words in tohost */

enum { DEVICE_SYSCALL = 0, DEVICE_CONSOLE = 1 };
enum { CONSOLE_READ = 0, CONSOLE_WRITE = 1 };
enum { SYSCALL_WRITE = 64, SYSCALL_EXIT = 93 };
enum { FD_STDOUT = 1, FD_STDERR = 2 };
/* Linux's numbers of EBADF and ENOSYS. */
#define ERROR_NO_FILE ((u64)-9)
#define ERROR_NO_SYSCALL ((u64)-38)
/*
 * This bit is set in the answer that contains a byte read, as in Spike; it distinguishes the byte 0
 * from no answer.
 */
#define READ_DONE BIT(8)
/* A longer write is shortened, as write(2) may do. */
#define WRITE_MAX 4096

static void end(struct htif *htif, u64 code)
{
	platform_end(htif->platform, code ? MACHINE_FAIL : MACHINE_PASS, code);
}

/* Logs that something is not implemented, once for each number of a device. */
static void htif_lacks(struct htif *htif, const char *what, unsigned device, u64 number)
{
	u64 key = number << 8 | device;

	for (unsigned n = 0; n < htif->reported_count; n++)
		if (htif->reported[n] == key)
			return;
	if (htif->reported_count == HTIF_REPORTED)
		return;
	htif->reported[htif->reported_count++] = key;
	log_line(&htif->platform->log, LOG_UNIMP, "htif: device %u: %s %llu is not there", device,
		 what, number);
}

static u64 write_console(struct htif *htif, u64 fd, u64 addr, u64 size)
{
	u8 data[WRITE_MAX];

	if (fd != FD_STDOUT && fd != FD_STDERR)
		return ERROR_NO_FILE;
	size = MIN(size, WRITE_MAX);
	if (!bus_dma_read(&htif->platform->bus, addr, data, size))
		return 0;
	chardev_write(&htif->console->chardev, data, size);
	return size;
}

/*
 * Carries out a system call. At addr are its number and then up to seven values; the result
 * replaces the number.
 */
static void system_call(struct htif *htif, u64 addr)
{
	u64 args[4], result = ERROR_NO_SYSCALL;

	if (!bus_dma_read(&htif->platform->bus, addr, args, sizeof(args)))
		return;
	if (args[0] == SYSCALL_EXIT)
		end(htif, args[1]);
	else if (args[0] == SYSCALL_WRITE)
		result = write_console(htif, args[1], args[2], args[3]);
	else
		htif_lacks(htif, "system call", DEVICE_SYSCALL, args[0]);
	bus_dma_write(&htif->platform->bus, addr, &result, sizeof(result));
}

static void htif_taken(struct htif *htif)
{
	const u64 none = 0;

	bus_dma_write(&htif->platform->bus, htif->tohost, &none, sizeof(none));
}

static void htif_respond(struct htif *htif, u64 value)
{
	if (htif->fromhost)
		bus_dma_write(&htif->platform->bus, htif->fromhost, &value, sizeof(value));
}

static void htif_answer(struct htif *htif, u64 value)
{
	htif_taken(htif);
	htif_respond(htif, value);
}

void htif_receive(struct htif *htif)
{
	u64 last;
	u8 byte;

	if (!htif->reads || !htif->fromhost ||
	    !bus_dma_read(&htif->platform->bus, htif->fromhost, &last, sizeof(last)) || last ||
	    !uart_poll(htif->console, &byte))
		return;
	htif->reads--;
	htif_respond(htif, (u64)DEVICE_CONSOLE << 56 | (u64)CONSOLE_READ << 48 | READ_DONE | byte);
}

/*
 * Carries out a command for the console. As in Spike only a read is answered: a program that waits
 * for the byte would take any other word in fromhost for it.
 */
static void console_command(struct htif *htif, u64 command)
{
	unsigned kind = (unsigned)bits(command, 48, 8);
	u8 byte = (u8)command;

	htif_taken(htif);
	if (kind == CONSOLE_READ) {
		htif->reads += htif->reads < UINT32_MAX;
		htif_receive(htif);
	} else if (kind == CONSOLE_WRITE) {
		chardev_write(&htif->console->chardev, &byte, 1);
	} else {
		htif_lacks(htif, "command", DEVICE_CONSOLE, kind);
	}
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

	htif->words = 0;
	if (!htif->tohost ||
	    !bus_dma_read(&htif->platform->bus, htif->tohost, &command, sizeof(command)) ||
	    !command)
		return;
	device = bits(command, 56, 8);
	payload = bits(command, 0, 48);
	if (device == DEVICE_CONSOLE) {
		console_command(htif, command);
	} else if (device == DEVICE_SYSCALL && (payload & 1)) {
		end(htif, payload >> 1);
		htif_answer(htif, 0);
	} else if (device == DEVICE_SYSCALL) {
		system_call(htif, payload);
		htif_answer(htif, 1);
	} else {
		htif_taken(htif);
		htif_lacks(htif, "command", (unsigned)device, bits(command, 48, 8));
	}
}

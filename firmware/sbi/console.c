/* SPDX-License-Identifier: MIT */
/*
 * A polled 16550 driver, and the DBCN extension, which uses it. S-mode may drive the same UART:
 * both can share it, because the firmware does not touch interrupt enables after its start.
 */
#include "firmware/sbi/console.h"
#include "devices/memmap.h"
#include "firmware/guarded.h"
#include "firmware/pmp.h"

/* 16550 registers. */
#define RBR (UART_BASE + 0) /* read */
#define THR (UART_BASE + 0) /* write */
#define DLL (UART_BASE + 0) /* with LCR.DLAB */
#define DLM (UART_BASE + 1)
#define IER (UART_BASE + 1)
#define FCR (UART_BASE + 2)
#define LCR (UART_BASE + 3)
#define LSR (UART_BASE + 5)

#define LCR_8N1 0x03
#define LCR_DLAB 0x80
#define FCR_ENABLE 0x01
#define LSR_DR 0x01
#define LSR_THRE 0x20

#define BAUD 115200

/* The most bytes that one call moves: the specification allows fewer than were requested. */
#define CHUNK_MAX 4096

static u32 lock; /* held during calls, which come from several harts */

void console_init(void)
{
	u64 divisor = UART_CLOCK_HZ / (16 * BAUD);

	mmio_write8(IER, 0);
	mmio_write8(LCR, LCR_8N1 | LCR_DLAB);
	mmio_write8(DLL, divisor & 0xff);
	mmio_write8(DLM, divisor >> 8);
	mmio_write8(LCR, LCR_8N1);
	mmio_write8(FCR, FCR_ENABLE);
}

static bool try_put(u8 byte)
{
	if (!(mmio_read8(LSR) & LSR_THRE))
		return false;
	mmio_write8(THR, byte);
	return true;
}

static bool try_get(u8 *byte)
{
	if (!(mmio_read8(LSR) & LSR_DR))
		return false;
	*byte = mmio_read8(RBR);
	return true;
}

static void console_put(u8 byte)
{
	while (!try_put(byte))
		pause();
}

void console_print(const char *text)
{
	while (*text) {
		if (*text == '\n')
			console_put('\r');
		console_put(*text++);
	}
}

void console_print_number(u64 number, u64 radix)
{
	char text[24];
	char *digit = &text[sizeof(text) - 1];

	*digit = 0;
	do {
		*--digit = "0123456789abcdef"[number % radix];
		number /= radix;
	} while (number);
	if (radix == 16) {
		*--digit = 'x';
		*--digit = '0';
	}
	console_print(digit);
}

struct sbi_ret console_put_call(const u64 *arg)
{
	spin_lock(&lock);
	console_put(arg[0]);
	spin_unlock(&lock);
	return sbi_result(SBI_SUCCESS);
}

struct sbi_ret console_get_call(const u64 *arg)
{
	u8 byte;
	bool got;

	(void)arg;
	spin_lock(&lock);
	got = try_get(&byte);
	spin_unlock(&lock);
	return sbi_result(got ? byte : -1);
}

/* Arguments of write and read: number of bytes, physical address low, high. */
static bool caller_buffer(const u64 *arg)
{
	return arg[2] == 0 && pmp_caller_memory(arg[1], arg[0]);
}

static u64 chunk(u64 size)
{
	return size < CHUNK_MAX ? size : CHUNK_MAX;
}

static struct sbi_ret dbcn_write(const u64 *arg)
{
	u64 size = chunk(arg[0]), done = 0;

	if (!caller_buffer(arg))
		return sbi_result(SBI_ERR_INVALID_PARAM);
	spin_lock(&lock);
	while (done < size) {
		struct guarded byte = guarded_call(guarded_load_byte, arg[1] + done);

		if (!byte.ok || !try_put(byte.value))
			break;
		done++;
	}
	spin_unlock(&lock);
	return sbi_value(done);
}

static struct sbi_ret dbcn_read(const u64 *arg)
{
	u64 size = chunk(arg[0]), done = 0;
	u8 byte;

	if (!caller_buffer(arg))
		return sbi_result(SBI_ERR_INVALID_PARAM);
	spin_lock(&lock);
	while (done < size && guarded_call(guarded_load_byte, arg[1] + done).ok && try_get(&byte))
		*(volatile u8 *)(arg[1] + done++) = byte;
	spin_unlock(&lock);
	return sbi_value(done);
}

static struct sbi_ret dbcn_write_byte(const u64 *arg)
{
	return console_put_call(arg);
}

static const struct sbi_function functions[] = {
	{ dbcn_write }, { dbcn_read }, { dbcn_write_byte },
};

const struct sbi_extension sbi_dbcn = { 0x4442434e, functions, ARRAY_SIZE(functions) };

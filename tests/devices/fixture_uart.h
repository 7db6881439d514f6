/* SPDX-License-Identifier: MIT */
/* A 16550A in a platform with the virtual clock, for its tests. */
#ifndef TESTS_DEVICES_FIXTURE_UART_H
#define TESTS_DEVICES_FIXTURE_UART_H

#include "tests/devices/fixture_state.h"

#include "devices/uart.h"

#include <stdlib.h>
#include <string.h>

enum { RBR, IER, IIR, LCR, MCR, LSR, MSR, SCR };
enum { THR = RBR, FCR = IIR, DLL = RBR, DLM = IER };

struct serial {
	struct fixture f;
	struct uart uart;
	char out[4096];
	size_t out_size;
};

static inline void serial_out(void *ctx, const u8 *data, size_t size)
{
	struct serial *serial = ctx;

	for (size_t i = 0; i < size; i++)
		serial->out[serial->out_size++ % sizeof(serial->out)] = (char)data[i];
}

static inline int uart_setup(void **state)
{
	struct serial *serial = calloc(1, sizeof(*serial));

	fixture_init(&serial->f, CLOCK_VIRTUAL);
	assert_int_equal(uart_attach(&serial->uart, &serial->f.platform, FIXTURE_BASE,
				     fixture_irq(&serial->f)),
			 0);
	serial->uart.chardev.write = serial_out;
	serial->uart.chardev.ctx = serial;
	platform_reset(&serial->f.platform);
	*state = serial;
	return 0;
}

static inline u8 uart_get(struct serial *serial, unsigned reg)
{
	return (u8)fixture_read(&serial->f, reg, 1);
}

static inline void uart_set(struct serial *serial, unsigned reg, u8 value)
{
	fixture_write(&serial->f, reg, 1, value);
}

static inline void input(struct serial *serial, const char *text)
{
	chardev_put(&serial->uart.chardev, &serial->f.platform.journal, (const u8 *)text,
		    strlen(text));
}

/*
 * Polls LSR until the port accepts input: one more time than the number of polls, because the first
 * read might be that of a driver that sends.
 */
static inline void uart_await_input(struct serial *s)
{
	for (unsigned i = 0; i <= UART_POLLS; i++) {
		assert_int_equal(chardev_room(&s->uart.chardev), 0);
		uart_get(s, LSR);
	}
	assert_int_not_equal(chardev_room(&s->uart.chardev), 0);
}

#define UNIT(test) cmocka_unit_test_setup_teardown(test, uart_setup, fixture_teardown)

#endif

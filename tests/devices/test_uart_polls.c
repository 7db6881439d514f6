/* SPDX-License-Identifier: MIT */
/* Tests when the 16550A accepts input from a driver that uses no interrupts. */
#include "tests/devices/fixture_uart.h"

/* Sends a line as drivers do, with a read of LSR before each byte. */
static void send(struct serial *s, unsigned bytes)
{
	for (unsigned i = 0; i < bytes; i++) {
		uart_get(s, LSR);
		uart_set(s, THR, '.');
	}
}

/* A kernel's console reads LSR once more after each line; that is no poll for input. */
static void test_sending_is_not_polling(void **state)
{
	struct serial *s = *state;

	for (unsigned line = 0; line < 1000; line++) {
		send(s, 30);
		uart_get(s, LSR);
		assert_int_equal(chardev_room(&s->uart.chardev), 0);
	}
}

/* Nor is it on a slow machine, where a microsecond or more passes with each instruction. */
static void test_sending_slowly(void **state)
{
	struct serial *s = *state;

	for (unsigned byte = 0; byte < 10000; byte++) {
		uart_get(s, LSR);
		fixture_pass(&s->f, 200000);
		uart_set(s, THR, '.');
		assert_int_equal(chardev_room(&s->uart.chardev), 0);
	}
}

/* A program that looks for input each time before it sends receives it, also if it sends much. */
static void test_polling_between_bytes(void **state)
{
	struct serial *s = *state;

	for (unsigned turn = 0; turn < 2 * UART_POLLS; turn++) {
		uart_get(s, LSR);
		send(s, 2);
	}
	assert_int_equal(chardev_room(&s->uart.chardev), 1);
	for (unsigned line = 0; line < 1000; line++) {
		send(s, 100);
		uart_get(s, LSR);
		assert_int_equal(chardev_room(&s->uart.chardev), 1);
	}
}

/* So does one that sends without a look at LSR, but some time after it has polled. */
static void test_polling_by_time(void **state)
{
	struct serial *s = *state;

	for (unsigned turn = 0; turn < UART_POLLS; turn++) {
		assert_int_equal(chardev_room(&s->uart.chardev), 0);
		uart_get(s, LSR);
		fixture_pass(&s->f, 2000000);
		uart_set(s, THR, '.');
	}
	assert_int_equal(chardev_room(&s->uart.chardev), 1);
}

/* A program that prints a screen and then looks once receives input, too, after some seconds. */
static void test_polling_after_screens(void **state)
{
	struct serial *s = *state;

	for (unsigned turn = 0; turn < 40; turn++) {
		/* A read of LSR is known to be a poll when the next screen begins. */
		assert_int_equal(chardev_room(&s->uart.chardev), turn > 31);
		send(s, 2000);
		uart_get(s, LSR);
		fixture_pass(&s->f, 100000000);
	}
	send(s, 2000);
	fixture_pass(&s->f, 3000000000);
	assert_int_equal(chardev_room(&s->uart.chardev), 0);
}

/* A program that echoes what it receives goes on receiving. */
static void test_polling_with_echo(void **state)
{
	struct serial *s = *state;

	uart_await_input(s);
	for (unsigned i = 0; i < 1000; i++) {
		input(s, "a");
		fixture_pass(&s->f, 100000);
		assert_int_equal(uart_get(s, LSR), 0x61);
		uart_set(s, THR, uart_get(s, RBR));
		assert_int_equal(chardev_room(&s->uart.chardev), 1);
	}
}

/* Another program may take over, which only sends: what it does not read waits outside. */
static void test_polling_ends(void **state)
{
	struct serial *s = *state;

	uart_await_input(s);
	send(s, 255);
	assert_int_equal(chardev_room(&s->uart.chardev), 1);
	send(s, 1);
	assert_int_equal(chardev_room(&s->uart.chardev), 0);
	uart_await_input(s);
	uart_set(s, FCR, 0x07); /* a driver starts */
	assert_int_equal(chardev_room(&s->uart.chardev), 0);
}

const struct CMUnitTest unit_tests[] = {
	UNIT(test_sending_is_not_polling), UNIT(test_sending_slowly),
	UNIT(test_polling_between_bytes), UNIT(test_polling_by_time),
	UNIT(test_polling_after_screens),
	UNIT(test_polling_with_echo), UNIT(test_polling_ends),
	{ 0 },
};

/* SPDX-License-Identifier: MIT */
/* Compares the 16550A, register by register, with the PC16550D data sheet. */
#include "tests/devices/fixture_uart.h"

#include "devices/memmap.h"

#include <stdlib.h>
#include <string.h>

static void test_reset_values(void **state)
{
	struct serial *s = *state;

	assert_int_equal(uart_get(s, IER), 0);
	assert_int_equal(uart_get(s, IIR), 0x01);
	assert_int_equal(uart_get(s, LCR), 0);
	assert_int_equal(uart_get(s, MCR), 0);
	assert_int_equal(uart_get(s, LSR), 0x60);
	assert_int_equal(uart_get(s, MSR), 0xb0);
	assert_false(s->f.level);
}

static void test_stored_bits(void **state)
{
	static const struct {
		u8 reg, stored;
	} rows[] = { { IER, 0x0f }, { LCR, 0x7f }, { MCR, 0x1f }, { SCR, 0xff } };
	struct serial *s = *state;

	for (unsigned i = 0; i < ARRAY_SIZE(rows); i++) {
		for (unsigned value = 0; value < 256; value++) {
			uart_set(s, rows[i].reg, (u8)value & (rows[i].reg == LCR ? 0x7f : 0xff));
			assert_int_equal(uart_get(s, rows[i].reg), value & rows[i].stored);
		}
		uart_set(s, rows[i].reg, 0);
	}
}

static void test_divisor_hides_data_and_ier(void **state)
{
	struct serial *s = *state;

	uart_set(s, IER, 0x05);
	uart_set(s, LCR, 0x80);
	uart_set(s, DLL, 0x34);
	uart_set(s, DLM, 0x12);
	assert_int_equal(uart_get(s, DLL), 0x34);
	assert_int_equal(uart_get(s, DLM), 0x12);
	assert_int_equal(s->out_size, 0);
	uart_set(s, LCR, 0x03);
	assert_int_equal(uart_get(s, IER), 0x05);
	assert_int_equal(s->uart.divisor, 0x1234);
}

static void test_transmit(void **state)
{
	struct serial *s = *state;

	for (const char *c = "weaver"; *c; c++) {
		uart_set(s, THR, (u8)*c);
		assert_int_equal(uart_get(s, LSR), 0x60);
	}
	assert_int_equal(s->out_size, 6);
	assert_memory_equal(s->out, "weaver", 6);
}

static void test_thre_interrupt(void **state)
{
	struct serial *s = *state;

	uart_set(s, IER, 0x02);
	assert_true(s->f.level);
	assert_int_equal(uart_get(s, IIR), 0x02); /* reading IIR clears the source */
	assert_false(s->f.level);
	assert_int_equal(uart_get(s, IIR), 0x01);
	uart_set(s, THR, 'x');
	assert_true(s->f.level);
	uart_get(s, LSR);
	assert_true(s->f.level);
	uart_set(s, IER, 0);
	assert_false(s->f.level);
	assert_int_equal(uart_get(s, IIR), 0x01);
	uart_set(s, IER, 0x02); /* enabled again while empty: raised again */
	assert_int_equal(uart_get(s, IIR), 0x02);
	uart_set(s, IER, 0x03); /* this does not change the enable bit */
	assert_int_equal(uart_get(s, IIR), 0x01);
}

static void test_reading_iir_clears_only_what_it_shows(void **state)
{
	struct serial *s = *state;

	uart_set(s, IER, 0x03);
	input(s, "a");
	assert_int_equal(uart_get(s, IIR), 0x04);
	assert_int_equal(uart_get(s, RBR), 'a');
	assert_int_equal(uart_get(s, IIR), 0x02);
	assert_int_equal(uart_get(s, IIR), 0x01);
}

static void test_without_fifos(void **state)
{
	struct serial *s = *state;

	uart_await_input(s);
	assert_int_equal(chardev_room(&s->uart.chardev), 1);
	input(s, "a");
	assert_int_equal(chardev_room(&s->uart.chardev), 0);
	assert_int_equal(uart_get(s, LSR), 0x61);
	input(s, "b"); /* the new byte replaces the old one */
	assert_int_equal(uart_get(s, LSR), 0x63);
	assert_int_equal(uart_get(s, LSR), 0x61); /* reading cleared the overrun */
	assert_int_equal(uart_get(s, RBR), 'b');
	assert_int_equal(uart_get(s, LSR), 0x60);
	assert_int_equal(uart_get(s, RBR), 0);
}

static void test_fifo_order_and_overrun(void **state)
{
	struct serial *s = *state;

	uart_set(s, FCR, 0x01);
	assert_int_equal(uart_get(s, IIR), 0xc1);
	assert_int_equal(chardev_room(&s->uart.chardev), 0);
	uart_set(s, IER, 0x01);
	assert_int_equal(chardev_room(&s->uart.chardev), 16);
	input(s, "0123456789");
	for (unsigned i = 0; i < 10; i++)
		assert_int_equal(uart_get(s, RBR), '0' + i);
	input(s, "abcdefghijklmnopXY"); /* crosses the ring's end; two are lost */
	assert_int_equal(chardev_room(&s->uart.chardev), 0);
	uart_set(s, IER, 0x05);
	assert_int_equal(uart_get(s, IIR), 0xc6);
	assert_int_equal(uart_get(s, LSR), 0x63);
	assert_int_equal(uart_get(s, IIR), 0xc4);
	for (unsigned i = 0; i < 16; i++)
		assert_int_equal(uart_get(s, RBR), 'a' + i);
	assert_int_equal(uart_get(s, LSR), 0x60);
	assert_false(s->f.level);
}

/* LSR reports a break once, when its zero byte is the next to be read (section 8.4). */
static void test_break(void **state)
{
	struct serial *s = *state;

	uart_set(s, IER, 0x05);
	chardev_send_event(&s->uart.chardev, CHARDEV_BREAK);
	assert_int_equal(uart_get(s, IIR), 0x06);
	assert_int_equal(uart_get(s, LSR), 0x71);
	assert_int_equal(uart_get(s, LSR), 0x61);
	assert_int_equal(uart_get(s, RBR), 0);
	uart_set(s, FCR, 0x01);
	input(s, "a");
	chardev_send_event(&s->uart.chardev, CHARDEV_BREAK);
	input(s, "b");
	assert_int_equal(uart_get(s, IIR), 0xc4);
	assert_int_equal(uart_get(s, LSR), 0xe1);
	assert_int_equal(uart_get(s, RBR), 'a');
	assert_int_equal(uart_get(s, IIR), 0xc6);
	assert_int_equal(uart_get(s, LSR), 0xf1);
	assert_int_equal(uart_get(s, IIR), 0xc4);
	assert_int_equal(uart_get(s, RBR), 0);
	assert_int_equal(uart_get(s, LSR), 0x61);
	assert_int_equal(uart_get(s, RBR), 'b');
	uart_set(s, MCR, 0x10); /* in loopback the line is disconnected */
	chardev_send_event(&s->uart.chardev, CHARDEV_BREAK);
	assert_int_equal(uart_get(s, LSR), 0x60);
}

static void test_trigger_levels(void **state)
{
	static const u8 levels[] = { 1, 4, 8, 14 };
	struct serial *s = *state;

	uart_set(s, IER, 0x01);
	for (unsigned i = 0; i < 4; i++) {
		uart_set(s, FCR, (u8)(i << 6 | 0x03));
		for (unsigned count = 1; count <= 16; count++) {
			input(s, "z");
			assert_int_equal(s->f.level, count >= levels[i]);
			assert_int_equal(uart_get(s, IIR), count >= levels[i] ? 0xc4 : 0xc1);
		}
		for (unsigned count = 15; count + 1 > 0; count--) {
			uart_get(s, RBR);
			assert_int_equal(s->f.level, count >= levels[i]);
		}
	}
}

static void test_character_timeout(void **state)
{
	/* 115200 baud, 8 bits, no parity: 4 characters of 10 bits take 347222 ns. */
	const u64 wait = 347222;
	struct serial *s = *state;

	uart_set(s, LCR, 0x03);
	uart_set(s, FCR, 0xc1);
	uart_set(s, IER, 0x01);
	input(s, "ab");
	fixture_pass(&s->f, wait - 1);
	assert_false(s->f.level);
	input(s, "c"); /* this restarts the timeout */
	fixture_pass(&s->f, wait - 1);
	assert_false(s->f.level);
	fixture_pass(&s->f, 1);
	assert_true(s->f.level);
	assert_int_equal(uart_get(s, IIR), 0xcc);
	assert_int_equal(uart_get(s, IIR), 0xcc);
	assert_int_equal(uart_get(s, RBR), 'a');
	assert_false(s->f.level);
	fixture_pass(&s->f, wait);
	assert_int_equal(uart_get(s, IIR), 0xcc);
	uart_get(s, RBR);
	uart_get(s, RBR);
	assert_int_equal(clock_next(&s->f.platform.clock), CLOCK_NEVER);
}

/*
 * Input takes the time that it would take on a line. Otherwise a driver that reads until LSR
 * reports an empty receiver would get all input at once.
 */
static void test_input_takes_the_time_of_the_line(void **state)
{
	const u64 character = 86806; /* 10 bits at 115200 baud, whatever the guest sets */
	struct serial *s = *state;

	uart_set(s, LCR, 0x80);
	uart_set(s, DLL, 24);
	uart_set(s, LCR, 0x03);
	uart_set(s, FCR, 0x01);
	uart_set(s, IER, 0x01);
	assert_int_equal(chardev_room(&s->uart.chardev), 16);
	input(s, "abc");
	for (unsigned i = 0; i < 3; i++)
		uart_get(s, RBR);
	assert_int_equal(uart_get(s, LSR), 0x60);
	assert_int_equal(chardev_room(&s->uart.chardev), 0);
	fixture_pass(&s->f, 3 * character - 1);
	assert_int_equal(chardev_room(&s->uart.chardev), 0);
	fixture_pass(&s->f, 1);
	assert_int_equal(chardev_room(&s->uart.chardev), 16);
	/* A reset drops what is on the line. */
	input(s, "d");
	platform_reset(&s->f.platform);
	uart_set(s, IER, 0x01);
	assert_int_equal(chardev_room(&s->uart.chardev), 1);
}

static void test_priorities(void **state)
{
	struct serial *s = *state;

	uart_set(s, FCR, 0x01);
	input(s, "0123456789abcdefg");
	uart_set(s, MCR, 0x10);
	uart_set(s, MCR, 0x00);
	uart_set(s, IER, 0x0f);
	assert_int_equal(uart_get(s, IIR), 0xc6);
	uart_get(s, LSR);
	assert_int_equal(uart_get(s, IIR), 0xc4);
	uart_set(s, FCR, 0x03);
	assert_int_equal(uart_get(s, IIR), 0xc2);
	assert_int_equal(uart_get(s, IIR), 0xc0);
	assert_true(s->f.level);
	uart_get(s, MSR);
	assert_int_equal(uart_get(s, IIR), 0xc1);
	assert_false(s->f.level);
}

static void test_fcr_clears(void **state)
{
	struct serial *s = *state;

	uart_set(s, FCR, 0x01);
	input(s, "abc");
	uart_set(s, FCR, 0x00); /* a change of the enable bit clears the FIFO */
	assert_int_equal(uart_get(s, LSR), 0x60);
	uart_set(s, FCR, 0xc0); /* ignored without the enable bit */
	uart_set(s, IER, 0x01);
	input(s, "a");
	assert_true(s->f.level);
	uart_set(s, FCR, 0x02);
	assert_int_equal(uart_get(s, LSR), 0x61);
}

static void test_loopback(void **state)
{
	struct serial *s = *state;

	uart_set(s, MCR, 0x10);
	assert_int_equal(uart_get(s, MSR), 0x0b); /* DCD, DSR and CTS have fallen */
	assert_int_equal(uart_get(s, MSR), 0x00);
	for (unsigned mcr = 0; mcr < 16; mcr++) {
		unsigned lines = (mcr & 1) << 5 | (mcr & 2) << 3 | (mcr & 0xc) << 4;

		uart_set(s, MCR, (u8)(0x10 | mcr));
		assert_int_equal(uart_get(s, MSR) & 0xf0, lines);
	}
	uart_set(s, MCR, 0x14); /* OUT1: RI rises, which is not an event, and falls, which is one */
	uart_get(s, MSR);
	uart_set(s, MCR, 0x10);
	assert_int_equal(uart_get(s, MSR), 0x04);
	uart_set(s, MCR, 0x14);
	assert_int_equal(uart_get(s, MSR), 0x40);

	assert_int_equal(chardev_room(&s->uart.chardev), 0);
	input(s, "x");
	assert_int_equal(uart_get(s, LSR), 0x60);
	uart_set(s, THR, 0xa5);
	assert_int_equal(uart_get(s, LSR), 0x61);
	assert_int_equal(uart_get(s, RBR), 0xa5);
	assert_int_equal(s->out_size, 0);
}

static void test_wide_access_reaches_one_register(void **state)
{
	struct serial *s = *state;

	uart_set(s, IER, 0x01);
	fixture_write(&s->f, THR, 4, 'A');
	assert_int_equal(s->out[0], 'A');
	assert_int_equal(uart_get(s, IER), 0x01);
	assert_false(fixture_reads(&s->f, 8, 1));
	assert_false(fixture_writes(&s->f, 8, 1, 0));
}

static void test_a_million_bytes(void **state)
{
	struct serial *s = *state;

	uart_set(s, FCR, 0x01);
	uart_set(s, MCR, 0x10);
	for (unsigned i = 0; i < 1000000; i++)
		uart_set(s, THR, (u8)i);
	for (unsigned i = 0; i < 16; i++)
		assert_int_equal(uart_get(s, RBR), i);
	assert_int_equal(uart_get(s, LSR), 0x62);
}

static void test_sweep(void **state)
{
	struct serial *s = *state;

	fixture_sweep(&s->f, UART_SIZE, 1, 200);
}

static void test_state(void **state)
{
	struct serial *s = *state;
	struct state_image image = { 0 };

	uart_set(s, FCR, 0xc1);
	uart_set(s, IER, 0x01);
	input(s, "abc");
	fixture_state_roundtrip(&s->f);
	assert_int_equal(chardev_room(&s->uart.chardev), 0);
	fixture_pass(&s->f, 1000000);
	assert_int_equal(chardev_room(&s->uart.chardev), 13);
	assert_true(s->f.level);
	s->uart.count = 17; /* as in a hostile saved state */
	assert_int_equal(state_save(&s->f.platform.state, &image), 0);
	s->uart.count = 0;
	assert_int_not_equal(state_load(&s->f.platform.state, image.data, image.size), 0);
	platform_reset(&s->f.platform);
	free(image.data);
}

/* Reading registers without a side effect does not drive a line again that is high. */
static void test_looking_drives_no_line(void **state)
{
	struct serial *s = *state;

	uart_set(s, IER, 0x03); /* the receiver's interrupt and the transmitter's, which is due */
	assert_true(s->f.level);
	assert_int_equal(s->f.wishes, 1);
	for (unsigned i = 0; i < 10; i++) {
		uart_get(s, LSR);
		uart_get(s, MSR);
		uart_get(s, LCR);
	}
	assert_int_equal(s->f.wishes, 1);
	uart_set(s, THR, 'x');
	assert_int_equal(s->f.wishes, 2);
	assert_int_equal(uart_get(s, IIR) & 0x0f, 0x02);
	assert_false(s->f.level);
	assert_int_equal(s->f.wishes, 2);
}

const struct CMUnitTest unit_tests[] = {
	UNIT(test_reset_values),
	UNIT(test_stored_bits),
	UNIT(test_divisor_hides_data_and_ier),
	UNIT(test_transmit),
	UNIT(test_thre_interrupt),
	UNIT(test_looking_drives_no_line),
	UNIT(test_reading_iir_clears_only_what_it_shows),
	UNIT(test_without_fifos),
	UNIT(test_fifo_order_and_overrun),
	UNIT(test_break),
	UNIT(test_trigger_levels),
	UNIT(test_character_timeout),
	UNIT(test_input_takes_the_time_of_the_line),
	UNIT(test_priorities),
	UNIT(test_fcr_clears),
	UNIT(test_loopback),
	UNIT(test_wide_access_reaches_one_register),
	UNIT(test_a_million_bytes),
	UNIT(test_sweep),
	UNIT(test_state),
	{ 0 },
};

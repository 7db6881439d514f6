/* SPDX-License-Identifier: MIT */
/*
 * Tests DBCN: bytes are written and read (with the UART in loopback, so that the guest sees both),
 * and memory that S-mode may not use is refused.
 */
#include "tests/firmware/guest.h"

#define MCR (*(volatile u8 *)(UART_BASE + 4))
#define MCR_LOOP 0x10

static const char text[] = "hello";
static u8 buffer[32];

static bool same(const u8 *got, const char *expected, u64 size)
{
	for (u64 i = 0; i < size; i++)
		if (got[i] != (u8)expected[i])
			return false;
	return true;
}

static void clear_buffer(void)
{
	for (u64 i = 0; i < sizeof(buffer); i++)
		buffer[i] = 0xee;
}

static void loopback(void)
{
	u64 size = sizeof(text) - 1, sent = 0, tries = 0, got;
	struct sbiret wrote = { 0 }, read, byte, legacy_put, legacy_got, legacy_none;

	clear_buffer();
	MCR |= MCR_LOOP;
	while (sbi(EXT_DBCN, 1, 1, buffer, 0).value)
		;
	while (sent < size && wrote.error == SUCCESS && tries++ < 1000) {
		wrote = sbi(EXT_DBCN, 0, size - sent, text + sent, 0);
		sent += wrote.value;
	}
	read = sbi(EXT_DBCN, 1, sizeof(buffer), buffer + 1, 0);
	byte = sbi(EXT_DBCN, 2, 0x1f0 + 'x');
	got = sbi(EXT_DBCN, 1, 1, buffer + 20, 0).value;
	legacy_put = sbi_ecall('y', 0x77, 0, 0, 0, 0, 0, 1);
	legacy_got = sbi_ecall(0, 0x77, 0, 0, 0, 0, 0, 2);
	legacy_none = sbi_ecall(0, 0x77, 0, 0, 0, 0, 0, 2);
	MCR &= ~MCR_LOOP;

	report_equal(wrote.error, SUCCESS, "write succeeds");
	report_equal(sent, size, "write counts its bytes");
	report_equal(read.error, SUCCESS, "read succeeds");
	report_equal(read.value, size, "read counts its bytes");
	report(same(buffer + 1, text, size), "what was written is read");
	report(buffer[0] == 0xee && buffer[1 + size] == 0xee, "and nothing beside it");
	report_equal(byte.error, SUCCESS, "write_byte succeeds");
	report_equal(byte.value, 0, "write_byte's value is 0");
	report_equal(got, 1, "its byte arrives");
	report_equal(buffer[20], (0x1f0 + 'x') & 0xff, "the low 8 bits of it");
	report_equal(legacy_put.error, SUCCESS, "legacy putchar succeeds");
	report_equal(legacy_put.value, 0x77, "legacy calls leave a1 alone");
	report_equal(legacy_got.error, 'y', "legacy getchar returns the byte");
	report_equal(legacy_none.error, -1UL, "or -1");
}

static void hostile(void)
{
	static const struct {
		u64 size, low, high;
		const char *text;
	} bad[] = {
		{ 1, FIRMWARE_BASE, 0, "the firmware's first byte" },
		{ 1, FIRMWARE_BASE + FIRMWARE_SIZE - 1, 0, "the firmware's last byte" },
		{ FIRMWARE_SIZE + 2, FIRMWARE_BASE - 1, 0, "a range around the firmware" },
		{ 2, FIRMWARE_BASE + FIRMWARE_SIZE - 1, 0, "a range that begins in the firmware" },
		{ 1, NOT_RAM, 0, "no memory" },
		{ NOT_RAM, KERNEL_BASE, 0, "a range that leaves memory" },
		{ 1, KERNEL_BASE, 1, "an address above XLEN" },
		{ -1UL, KERNEL_BASE, 0, "a range that wraps" },
		{ 16, -8UL, 0, "a range that wraps to 0" },
		{ 1, UART_BASE, 0, "a device" },
		{ 4, TEST_BASE, 0, "the test device" },
		{ 4, CLINT_BASE, 0, "the CLINT" },
		{ 1, 0, 0, "address 0" },
	};

	for (u64 i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		report_equal(sbi(EXT_DBCN, 0, bad[i].size, bad[i].low, bad[i].high).error,
			     INVALID_PARAM, bad[i].text);
		report_equal(sbi(EXT_DBCN, 1, bad[i].size, bad[i].low, bad[i].high).error,
			     INVALID_PARAM, "  and read");
	}
}

void test_dbcn(void)
{
	struct sbiret ret;

	report_section("dbcn");
	loopback();
	ret = sbi(EXT_DBCN, 0, 0, text, 0);
	report(ret.error == SUCCESS && ret.value == 0, "writing no bytes writes none");
	clear_buffer();
	ret = sbi(EXT_DBCN, 1, sizeof(buffer), buffer, 0);
	report(ret.error == SUCCESS && ret.value == 0, "nothing to read is no error");
	report_equal(buffer[0], 0xee, "and changes no memory");
	hostile();
}

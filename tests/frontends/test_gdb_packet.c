/* SPDX-License-Identifier: MIT */
/* Packets of the remote serial protocol: whole, in pieces, damaged, and random bytes. */
#include <stdlib.h>
#include <string.h>

#include "frontends/gdb/packet.h"
#include "tests/cmocka.h"

/* Returns the result of the last byte. */
static enum gdb_event gdb_packet_take_bytes(struct gdb_packet *packet, const void *data,
					    size_t size)
{
	enum gdb_event event = GDB_NOTHING;

	for (size_t n = 0; n < size; n++) {
		assert_int_equal(event, GDB_NOTHING);
		event = gdb_packet_take(packet, ((const u8 *)data)[n]);
	}
	return event;
}

static void test_round(void **state)
{
	struct gdb_packet *packet = calloc(1, sizeof(*packet));
	u8 text[512], framed[GDB_FRAMED(sizeof(text))];
	size_t size;

	for (unsigned n = 0; n < sizeof(text); n++)
		text[n] = (u8)n;
	size = gdb_packet_make(framed, '$', text, sizeof(text));
	assert_true(size <= sizeof(framed));
	for (unsigned round = 0; round < 2; round++) {
		assert_int_equal(gdb_packet_take_bytes(packet, framed, size), GDB_PACKET);
		assert_int_equal(packet->size, sizeof(text));
		assert_memory_equal(packet->text, text, sizeof(text));
		assert_int_equal(packet->text[packet->size], 0);
	}
	free(packet);
}

static void test_damaged(void **state)
{
	static const char *const bad[] = { "$m0#00", "$m0#zz", "$a}#de", "$#01" };
	struct gdb_packet *packet = calloc(1, sizeof(*packet));

	for (unsigned n = 0; n < ARRAY_SIZE(bad); n++)
		assert_int_equal(gdb_packet_take_bytes(packet, bad[n], strlen(bad[n])),
				 GDB_BAD_PACKET);
	/* The end of the first packet is lost. */
	assert_int_equal(gdb_packet_take_bytes(packet, "$half$?#3f", 10), GDB_PACKET);
	assert_string_equal(packet->text, "?");
	assert_int_equal(gdb_packet_take_bytes(packet, "+", 1), GDB_ACK);
	assert_int_equal(gdb_packet_take_bytes(packet, "-", 1), GDB_NACK);
	assert_int_equal(gdb_packet_take_bytes(packet, "x\003", 2), GDB_BREAK);
	assert_int_equal(gdb_packet_take_bytes(packet, "$#00", 4), GDB_PACKET);
	assert_int_equal(packet->size, 0);
	free(packet);
}

/* A packet of the maximum length is accepted, one that is a byte longer is not, and the packet
 * after it is unharmed. */
static void test_length(void **state)
{
	struct gdb_packet *packet = calloc(1, sizeof(*packet));
	u8 *text = calloc(1, GDB_PACKET_MAX + 1), *framed = malloc(GDB_FRAMED(GDB_PACKET_MAX + 1));
	size_t size;

	memset(text, 'm', GDB_PACKET_MAX + 1);
	size = gdb_packet_make(framed, '$', text, GDB_PACKET_MAX);
	assert_int_equal(gdb_packet_take_bytes(packet, framed, size), GDB_PACKET);
	assert_int_equal(packet->size, GDB_PACKET_MAX);
	size = gdb_packet_make(framed, '$', text, GDB_PACKET_MAX + 1);
	assert_int_equal(gdb_packet_take_bytes(packet, framed, size), GDB_BAD_PACKET);
	assert_int_equal(gdb_packet_take_bytes(packet, "$?#3f", 5), GDB_PACKET);
	free(packet);
	free(text);
	free(framed);
}

static void test_anything(void **state)
{
	static const u8 likely_bytes[] = "$#}*+-0fmM\003";
	struct gdb_packet *packet = calloc(1, sizeof(*packet));
	u64 seed = 1;

	for (unsigned n = 0; n < 1000000; n++) {
		seed = seed * 6364136223846793005u + 1442695040888963407u;
		gdb_packet_take(packet, n % 3 ? likely_bytes[(seed >> 33) % sizeof(likely_bytes)] :
						(u8)(seed >> 40));
		assert_true(packet->size <= GDB_PACKET_MAX);
	}
	free(packet);
}

const struct CMUnitTest unit_tests[] = {
	cmocka_unit_test(test_round),
	cmocka_unit_test(test_damaged),
	cmocka_unit_test(test_length),
	cmocka_unit_test(test_anything),
	{ 0 },
};

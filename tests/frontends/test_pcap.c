/* SPDX-License-Identifier: MIT */
/* frontends/net/pcap.c: what another program finds in the file while frames are written. */
#include "tests/cmocka.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "frontends/net/pcap.h"

#define HEADER 24
#define RECORD 16
#define LENGTH 20
#define FRAME 64
#define DATE 1735689600u /* 2025-01-01 */

static size_t read_capture(const char *path, u8 *bytes, size_t size)
{
	FILE *file = fopen(path, "r");
	size_t got;

	assert_non_null(file);
	got = fread(bytes, 1, size, file);
	fclose(file);
	return got;
}

/* Each record is in the file at once, with its date, and cut to maxlen=. */
static void test_records_at_once(void **state)
{
	struct pcap pcap = { .output.path = "test_pcap.tmp",
			     .date = DATE * NS_PER_S,
			     .length = LENGTH };
	u8 frame[FRAME] = { 1, 2, 3 }, bytes[1000];
	u32 words[4];

	assert_int_equal(pcap_open(&pcap), 0);
	assert_int_equal(read_capture(pcap.output.path, bytes, sizeof(bytes)), HEADER);
	pcap_write(&pcap, 3 * NS_PER_S + 7, frame, sizeof(frame));
	assert_int_equal(read_capture(pcap.output.path, bytes, sizeof(bytes)),
			 HEADER + RECORD + LENGTH);
	memcpy(words, bytes + HEADER, sizeof(words));
	assert_int_equal(words[0], DATE + 3);
	assert_int_equal(words[1], 7);
	assert_int_equal(words[2], LENGTH);
	assert_int_equal(words[3], FRAME);
	assert_memory_equal(bytes + HEADER + RECORD, frame, LENGTH);
	assert_false(pcap_close(&pcap));
	unlink(pcap.output.path);
}

/* A full disk ends the capture, and not the run, which learns of it at the end. */
static void test_full_capture(void **state)
{
	struct pcap pcap = { .output.path = "/dev/full", .length = LENGTH };
	u8 frame[FRAME] = { 0 };

	assert_int_equal(pcap_open(&pcap), 0);
	pcap_write(&pcap, 0, frame, sizeof(frame));
	assert_true(pcap_close(&pcap));
}

const struct CMUnitTest unit_tests[] = {
	cmocka_unit_test(test_records_at_once),
	cmocka_unit_test(test_full_capture),
	{ 0 },
};

/* SPDX-License-Identifier: MIT */
/* -blockdev: which of a node's members reach the machine. */
#include "options_line.h"

#include <stdio.h>

#define FILE_A "file.driver=file,file.filename=a"

/* Discarding needs discard=unmap both in the node of an image and in that of its file, as in
 * QEMU. */
static void test_discard(void **state)
{
	static const struct {
		const char *text;
		bool keeps;
	} cases[] = {
		{ "driver=raw,node-name=n," FILE_A, true },
		{ "driver=raw,node-name=n," FILE_A ",discard=ignore", true },
		{ "driver=raw,node-name=n," FILE_A ",discard=unmap", false },
		{ "driver=raw,node-name=n," FILE_A ",file.discard=unmap", true },
		{ "driver=raw,node-name=n," FILE_A ",file.discard=unmap,discard=unmap", false },
		{ "driver=raw,node-name=n," FILE_A ",file.discard=ignore,discard=unmap", true },
		{ "driver=file,node-name=n,filename=a", true },
		{ "driver=file,node-name=n,filename=a,discard=unmap", false },
		{ "driver=qcow2,node-name=n,file=f,discard=unmap", false },
	};
	const struct options *options;
	char text[256];

	for (unsigned n = 0; n < ARRAY_SIZE(cases); n++) {
		snprintf(text, sizeof(text), "-blockdev %s", cases[n].text);
		print_message("%s\n", text);
		options = parse_well(text);
		assert_int_equal(options->board.disk_count, 1);
		assert_int_equal(options->board.disks[0].keeps_discarded, cases[n].keeps);
	}
}

const struct CMUnitTest unit_tests[] = {
	cmocka_unit_test(test_discard),
	{ 0 },
};

/* SPDX-License-Identifier: MIT */
/* What QEMU's command lines say that is spread over several options. */
#include "options_line.h"

#include <string.h>

struct refusal {
	const char *text, *why; /* a part of the line on stderr */
};

static void check_refusals(const struct refusal *refusals, unsigned count)
{
	struct line line;

	for (unsigned n = 0; n < count; n++) {
		parse(&line, refusals[n].text);
		assert_int_not_equal(line.result, 0);
		assert_int_equal(line.error.exit_code, 2);
		if (!strstr(line.error.text, refusals[n].why))
			fail_msg("'%s': '%s' lacks '%s'", refusals[n].text, line.error.text,
				 refusals[n].why);
		options_free(&line.options);
	}
}

/* A global is for devices before and behind it, and their own line has the last word. */
static void test_global(void **state)
{
	static const struct refusal refusals[] = {
		{ "-global virtio-mmio.force-legacy=maybe", "accepted: " },
		{ "-global virtio-mmio.speed=1", "no parameter 'speed'" },
		{ "-global virtio-blk-device.num-queue=1", "nearest is 'num-queues'" },
		{ "-global virtio-blk-device.num-queues=x", "-global virtio-blk-device: num-queues" },
		{ "-global virtio-mmio", "not DEVICE.PROPERTY=VALUE" },
		{ "-global virtio-mmio=off", "not DEVICE.PROPERTY=VALUE" },
		{ "-global driver=virtio-mmio,value=off", "not DEVICE.PROPERTY=VALUE" },
		{ "-global", "needs a value" },
	};
	const struct virtio_blk_properties *disk;
	struct line line;

	(void)state;
	parse_well(&line, "-drive file=a.img,if=none,id=a -device virtio-blk-device,drive=a "
			  "-drive file=b.img,if=none,id=b "
			  "-device virtio-blk-pci,drive=b,num-queues=3,packed=off "
			  "-drive file=c.img,if=virtio -device virtio-rng-pci "
			  "-global virtio-mmio.force-legacy=false -global virtio-pci.packed=on "
			  "-global virtio-blk-device.num-queues=2 "
			  "-global driver=virtio-blk-pci,property=num-queues,value=4");
	assert_int_equal(line.options.board.device_count, 4);
	disk = line.options.board.devices[0].properties;
	assert_int_equal(disk->queues, 2);
	assert_false(line.options.board.devices[0].packed);
	disk = line.options.board.devices[1].properties;
	assert_int_equal(disk->queues, 3);
	assert_false(line.options.board.devices[1].packed);
	disk = line.options.board.devices[2].properties;
	assert_int_equal(disk->queues, 2);
	assert_true(line.options.board.devices[3].packed);
	options_free(&line.options);
	/* As in QEMU that is no error. */
	parse_well(&line, "-global PIIX4_PM.disable_s3=1");
	options_free(&line.options);
	check_refusals(refusals, ARRAY_SIZE(refusals));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_global),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

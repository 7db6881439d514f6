/* SPDX-License-Identifier: MIT */
/*
 * Implements -device loader, QEMU's "generic loader" (docs/system/generic-loader): parses its
 * properties, checks that they fit together, and writes values to memory.
 */
#include "devices/boot/loader.h"

#include "bus/bus.h"
#include "devices/device_type.h"

#include <endian.h>
#include <errno.h>
#include <stdio.h>

int loader_value(struct loader *loader, const struct board_load *load)
{
	u64 data = htole64(load->data);

	if (load->data_big)
		data = htobe64(load->data << (64 - 8 * load->data_size));
	if (bus_dma_write(loader->bus, load->addr, &data, load->data_size))
		return 0;
	loader->error->exit_code = 3;
	snprintf(loader->error->text, sizeof(loader->error->text),
		 "-device loader: data-len=%u bytes at addr=0x%llx are not in RAM",
		 (unsigned)load->data_size, load->addr);
	return -EFAULT;
}

static int check_value(struct device_setup *setup, const struct board_load *load)
{
	if (load->file || load->raw)
		return device_fail(setup, -EINVAL, "data= goes with neither file= nor force-raw=");
	if (load->addr == BOARD_LOAD_NOWHERE)
		return device_fail(setup, -EINVAL, "data= needs addr=ADDRESS");
	if (load->data_size < 8 && load->data >> (8 * load->data_size))
		return device_fail(setup, -EINVAL, "data=0x%llx has more than data-len=%u bytes",
				   load->data, (unsigned)load->data_size);
	return 0;
}

static int loader_check(struct device_setup *setup)
{
	const struct board_load *load = setup->properties;

	if (load->data_size)
		return check_value(setup, load);
	if (load->data || load->data_big)
		return device_fail(setup, -EINVAL, "data= needs data-len=BYTES");
	if (load->raw && load->addr == BOARD_LOAD_NOWHERE)
		return device_fail(setup, -EINVAL, "force-raw=on needs addr=ADDRESS");
	if (load->file)
		return 0;
	if (load->hart == BOARD_LOAD_NO_HART)
		return device_fail(setup, -EINVAL,
				   "does nothing; add file=FILE, data=VALUE or cpu-num=HART");
	if (load->addr == BOARD_LOAD_NOWHERE)
		return device_fail(setup, -EINVAL, "cpu-num= needs addr=ADDRESS or file=FILE");
	return 0;
}

#define FIELD(member) offsetof(struct board_load, member)

static const struct key loader_keys[] = {
	{ .name = "file", .kind = KEY_TEXT, .offset = FIELD(file), .accepted = "FILE" },
	{ .name = "addr", .kind = KEY_NUMBER, .offset = FIELD(addr), .accepted = "ADDRESS",
	  .initial = BOARD_LOAD_NOWHERE },
	{ .name = "force-raw", .kind = KEY_SWITCH, .offset = FIELD(raw), .accepted = "on|off" },
	{ .name = "data", .kind = KEY_NUMBER, .offset = FIELD(data), .accepted = "VALUE" },
	{ .name = "data-len", .kind = KEY_NUMBER, .offset = FIELD(data_size), .accepted = "1..8",
	  .min = 1, .max = 8 },
	{ .name = "data-be", .kind = KEY_SWITCH, .offset = FIELD(data_big), .accepted = "on|off" },
	{ .name = "cpu-num", .kind = KEY_NUMBER, .offset = FIELD(hart), .accepted = "HART",
	  .initial = BOARD_LOAD_NO_HART },
};

const struct device_type loader_device = {
	.name = "loader",
	.names = { [DEVICE_ALONE] = "loader" },
	.help = "Puts a file into memory, an ELF or Intel HEX by its own addresses, anything else at addr=; or "
		"data-len= bytes of data=; and lets a hart begin there.",
	.category = DEVICE_MISC,
	.use = DEVICE_LOAD,
	.keys = loader_keys,
	.key_count = ARRAY_SIZE(loader_keys),
	.properties_size = sizeof(struct board_load),
	.check = loader_check,
};

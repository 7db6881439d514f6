/* SPDX-License-Identifier: MIT */
/* See disk_format.h. The signatures are those by which QEMU's block/FORMAT.c recognises files. */
#include "devices/block/disk_format.h"

#include "devices/block/qcow2.h"

#include <string.h>
#include <unistd.h>

#define BYTES(text) sizeof(text) - 1, text

static const struct {
	const char *format;
	unsigned offset, size;
	const char *signature;
} formats[] = {
	{ "vmdk", 0, BYTES("KDMV") },
	{ "vmdk", 0, BYTES("COWD") },
	{ "vmdk", 0, BYTES("# Disk DescriptorFile") },
	{ "vdi", 64, BYTES("\x7f\x10\xda\xbe") },
	{ "vhdx", 0, BYTES("vhdxfile") },
	{ "vpc", 0, BYTES("conectix") },
	{ "qed", 0, BYTES("QED\0") },
	{ "parallels", 0, BYTES("WithoutFreeSpace") },
	{ "parallels", 0, BYTES("WithouFreSpacExt") },
	{ "cloop", 0, BYTES("#!/bin/sh\n#V2.0 Format\n") },
	{ "bochs", 0, BYTES("Bochs Virtual HD Image") },
};

const char *disk_format(int fd)
{
	char begin[128] = "";

	if (qcow2_is(fd))
		return "qcow2";
	if (pread(fd, begin, sizeof(begin), 0) < 0)
		return NULL;
	for (unsigned n = 0; n < ARRAY_SIZE(formats); n++)
		if (!memcmp(begin + formats[n].offset, formats[n].signature, formats[n].size))
			return formats[n].format;
	return NULL;
}

/* SPDX-License-Identifier: MIT */
/*
 * Implements the options for disks: -drive, -cdrom, -blockdev and others. Only files of
 * frontends/cli include this.
 */
#ifndef FRONTENDS_CLI_MACHINE_DRIVES_H
#define FRONTENDS_CLI_MACHINE_DRIVES_H

#include "frontends/host/keyval.h"

struct device_line;
struct option;
struct parser;

enum drive_interface { IF_NONE, IF_VIRTIO, IF_PFLASH, IF_COUNT };
#define IF_UNSAID IF_COUNT /* not given: the same as virtio, unless a -device names the drive */

/* One -drive. */
struct drive {
	const char *file, *id, *node, *serial;
	unsigned interface, format, media, ignored_word;
	u64 unit; /* its number among the drives of its interface */
	u64 index; /* index=, another word for unit=; UNIT_ANY: not given */
	u64 ignored_size; /* for keys without effect, as is ignored_word */
	unsigned rerror, werror, zeroes, cache, discard;
	bool readonly, snapshot, copies, used;
	bool named; /* a -device names it, so no other disk is made for it */
};

#define UNIT_ANY UINT64_MAX

int apply_drive(struct parser *parser, const struct option *option, const char *value);
int apply_blockdev(struct parser *parser, const struct option *option, const char *value);
int apply_cdrom(struct parser *parser, const struct option *option, const char *value);

/* These are -hda to -hdd, and -pflash. */
int apply_disk(struct parser *parser, const struct option *option, const char *value);
int apply_pflash(struct parser *parser, const struct option *option, const char *value);

/*
 * Makes the board's disks and flash banks, when all options have been read, and adds the disks of
 * if=virtio to the devices. Called before the devices that name drives are finished. Returns 0 or
 * -EINVAL.
 */
int finish_drives(struct parser *parser);

#endif

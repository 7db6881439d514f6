/* SPDX-License-Identifier: MIT */
/*
 * Disks of the command line: -drive, -cdrom, -blockdev. Only files of frontends/cli include this.
 */
#ifndef FRONTENDS_CLI_MACHINE_DRIVES_H
#define FRONTENDS_CLI_MACHINE_DRIVES_H

#include "frontends/host/keyval.h"

struct device_line;
struct option;
struct parser;

enum drive_interface { IF_NONE, IF_VIRTIO, IF_PFLASH, IF_COUNT };
#define IF_UNSAID IF_COUNT /* becomes virtio, unless a device names the drive */

/* One -drive. */
struct drive {
	const char *file, *id, *node, *serial;
	unsigned interface, format, media, ignored_word;
	u64 unit; /* its place among the drives of its interface */
	u64 index; /* the same; UNIT_ANY: not given */
	u64 ignored_size; /* of keys that have no effect, as ignored_word */
	unsigned rerror, werror, zeroes, cache, discard;
	bool readonly, snapshot, copies, used;
	bool named; /* a -device names it, so the disk of if=virtio is not made */
};

#define UNIT_ANY UINT64_MAX

int apply_drive(struct parser *parser, const struct option *option, const char *value);
int apply_blockdev(struct parser *parser, const struct option *option, const char *value);
int apply_cdrom(struct parser *parser, const struct option *option, const char *value);

/* These are -hda to -hdd, and -pflash. */
int apply_disk(struct parser *parser, const struct option *option, const char *value);
int apply_pflash(struct parser *parser, const struct option *option, const char *value);

/* Called when it is known who can continue a stopped machine: if nobody can, it does not stop on
 * disk errors. */
void finish_attended(struct parser *parser);

/* Called when all options are read, before the devices that name drives are finished. */
int finish_drives(struct parser *parser);

/* Returns whether this is the disk of a drive that another device names as well; then it is not
 * made. */
bool is_spare_disk(struct parser *parser, const struct device_line *line);

#endif

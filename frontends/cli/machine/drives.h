/* SPDX-License-Identifier: MIT */
/* Disks of the command line: -drive, -cdrom, -blockdev. Private to the options_*.c files. */
#ifndef FRONTENDS_CLI_MACHINE_DRIVES_H
#define FRONTENDS_CLI_MACHINE_DRIVES_H

#include "frontends/host/keyval.h"

struct device_line;
struct option;
struct parser;

enum drive_interface { IF_NONE, IF_VIRTIO, IF_PFLASH, IF_COUNT };
#define IF_UNSAID IF_COUNT /* virtio, unless a device names the drive */

/* -drive */
struct drive {
	const char *file, *id, *node, *serial;
	unsigned interface, format, media, ignored_word;
	u64 unit, index; /* UNIT_ANY: not given */
	unsigned rerror, werror, zeroes, cache, discard;
	bool readonly, snapshot, used;
	bool named; /* by a device of its own: that of if=virtio is not made */
};

/* In the order of enum block_on_error; no disk is too full to be read. */
#define ON_READ_ERROR_WORDS "auto|report|ignore|stop"
#define ON_ERROR_WORDS ON_READ_ERROR_WORDS "|enospc"

#define UNIT_ANY UINT64_MAX

extern const struct key drive_keys[];
extern const unsigned drive_key_count;

int apply_drive(struct parser *parser, const struct option *option, const char *value);
int apply_blockdev(struct parser *parser, const struct option *option, const char *value);
int apply_cdrom(struct parser *parser, const struct option *option, const char *value);

/* -hda to -hdd, and -pflash. */
int apply_disk(struct parser *parser, const struct option *option, const char *value);
int apply_pflash(struct parser *parser, const struct option *option, const char *value);

/* When it is known who can come to the machine: if none, it is not stopped for him. */
void finish_attended(struct parser *parser);

/* When all options are read: before the devices that name them. */
int finish_drives(struct parser *parser);

/* Is this the disk of a drive that another device names as well? Then it is not made. */
bool is_spare_disk(struct parser *parser, const struct device_line *line);

#endif

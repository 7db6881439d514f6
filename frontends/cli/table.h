/* SPDX-License-Identifier: MIT */
/*
 * The table from which options.h's functions work: each option with the values that it accepts and
 * its help. The devices of -device are in devices/board/device_types.h. Only files of frontends/cli
 * include this.
 */
#ifndef FRONTENDS_CLI_TABLE_H
#define FRONTENDS_CLI_TABLE_H

#include "frontends/cli/config.h"
#include "frontends/cli/global.h"
#include "frontends/cli/machine/devices.h"
#include "frontends/cli/machine/drives.h"
#include "frontends/cli/machine/keyboard.h"
#include "frontends/cli/machine/memory.h"
#include "frontends/cli/machine/numa.h"
#include "frontends/cli/machine/objects.h"
#include "frontends/cli/machine/ports.h"
#include "frontends/cli/machine/shares.h"
#include "frontends/cli/machine/vnc.h"
#include "frontends/cli/options.h"
#include "frontends/cli/place.h"
#include "frontends/cli/qemu.h"
#include "frontends/cli/values.h"
#include "frontends/host/keyval.h"

#define DRIVES_MAX 16
#define BACKENDS_MAX 32

enum option_group {
	GROUP_BOOT,
	GROUP_MACHINE,
	GROUP_DISK,
	GROUP_NET,
	GROUP_CONSOLE,
	GROUP_SCREEN,
	GROUP_SOUND,
	GROUP_RUN,
	GROUP_DEBUG,
	GROUP_SUITE,
	GROUP_EXPLAIN,
	GROUP_CYCLES,
	GROUP_COMMAND,
	GROUP_LOG,
	GROUP_ACCEPTED,
	GROUP_COUNT,
};

/* One -chardev. */
struct backend {
	const char *id, *path, *host, *port, *fd, *log;
	unsigned kind; /* enum backend_kind of consoles.c */
	struct place place; /* the properties of a socket, except its address */
	bool mux, signal, clipboard, append, log_append;
	unsigned ignored_word;
	bool used, shared; /* an option uses it, and can share it with others */
};

/* The values of the options, before they are put together. */
struct parser {
	struct options *options;
	struct board_error *error;
	struct drive drives[DRIVES_MAX];
	unsigned drive_count;
	struct device_line devices[BOARD_DEVICES_MAX];
	unsigned device_count;
	struct global globals[GLOBALS_MAX];
	unsigned global_count;
	struct backend backends[BACKENDS_MAX];
	unsigned backend_count;
	struct object objects[BACKENDS_MAX];
	unsigned object_count;
	struct secret secrets[BACKENDS_MAX];
	unsigned secret_count;
	struct fsdev fsdevs[BACKENDS_MAX];
	unsigned fsdev_count;
	const char *serial; /* -serial, as written; NULL: not given */
	bool monitor_given; /* -monitor was given, even if as "none" */
	struct monitor_line {
		const char *text, *label; /* `label` is the name that QEMU gives to the chardev */
		bool chardev; /* `text` is the id of a -chardev, given by -mon */
	} monitors[LINK_PLACES_MAX];
	unsigned monitor_count;
	unsigned compat_monitors; /* the number of -monitor and -qmp so far */
	struct port_line ports[VIRTIO_PORTS_MAX];
	unsigned port_count;
	struct control_mon {
		const char *chardev;
		bool pretty;
	} control[LINK_PLACES_MAX];
	unsigned control_count;
	enum pass pass;
	struct configs configs;
	bool ram_given;
	struct memories memories;
	struct numa_lines numa;
	const char *flash_nodes[2]; /* -machine pflash0= and pflash1=; NULL: not given */
	const char *accel_missing; /* -accel with one that Baya does not have; NULL: none */
	bool accel_found;
	const char *vnc_secret, *vnc_audiodev; /* NULL: none */
	bool bare; /* -nodefaults */
	const char *shared, *sysroot, *environment; /* of --share, -L and -E; NULL: not given */
	bool rtc_host, clock_host; /* -rtc clock=host and --clock=host were given */
	bool net_given; /* -nic or -netdev was given, even if as "none" */
	char **command; /* the words after --, up to a NULL; NULL: not given */
};

struct option {
	const char *name; /* without dashes */
	const char *alias; /* or NULL */
	const char *value; /* as -h shows it; "[=...]": it is optional; NULL: the option has none */
	enum option_group group;
	const char *help;
	const char *complete; /* how to complete the value: words "a|b", "FILE", or NULL */
	/* Applies the option with this value, which is NULL for an option without one. Returns 0 or
	 * -EINVAL. If it is NULL, the value is stored in struct options according to `key`. */
	int (*apply)(struct parser *parser, const struct option *option, const char *value);
	struct key key;
};

extern const struct option options_table[];
extern const unsigned options_count;

/* Returns the option whose value, *value, is at the end of argv; NULL if argv does not end with a
 * value. With parser->command set, argv ends after `--`, with words of that command. */
const struct option *options_last(struct parser *parser, int argc, char **argv, const char **value);
int apply_option(struct parser *parser, const struct option *option, const char *value);

/* Some rows' functions `apply` (cli/machine/devices.c, cli/machine/consoles.c and others). */
int apply_serial(struct parser *parser, const struct option *option, const char *value);
int apply_monitor(struct parser *parser, const struct option *option, const char *value);
int apply_mon(struct parser *parser, const struct option *option, const char *value);
int apply_device(struct parser *parser, const struct option *option, const char *value);
int apply_chardev(struct parser *parser, const struct option *option, const char *value);
int apply_netdev(struct parser *parser, const struct option *option, const char *value);
int apply_nic(struct parser *parser, const struct option *option, const char *value);
int apply_audiodev(struct parser *parser, const struct option *option, const char *value);
/* Returns whether an -audiodev has this id. */
bool audiodev_is_there(struct parser *parser, const char *id);
int apply_display(struct parser *parser, const struct option *option, const char *value);
int apply_nographic(struct parser *parser, const struct option *option, const char *value);

/* Complete disks, flash banks, devices and consoles when all options have been read. Return 0 or
 * -EINVAL. */
int finish_devices(struct parser *parser);
int finish_consoles(struct parser *parser);
/* Called before the others, because a display adds a screen. */
int finish_screen(struct parser *parser);

#endif

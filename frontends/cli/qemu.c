/* SPDX-License-Identifier: MIT */
/* See cli/qemu.h. Values that have no effect here are accepted as QEMU accepts them. */
#include "frontends/cli/table.h"

#include <ctype.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Values that are checked and then ignored. */
struct ignored {
	unsigned word;
	u64 number;
	const char *text;
	bool on;
};

#define IGNORED_NUMBER(key)                                                                        \
	{ .name = key, .kind = KEY_NUMBER, .offset = offsetof(struct ignored, number),             \
	  .accepted = "N" }
#define IGNORED_TEXT(key)                                                                          \
	{ .name = key, .kind = KEY_TEXT, .offset = offsetof(struct ignored, text),                 \
	  .accepted = "TEXT" }
#define IGNORED_SWITCH(key)                                                                        \
	{ .name = key, .kind = KEY_SWITCH, .offset = offsetof(struct ignored, on),                 \
	  .accepted = "on|off" }

struct accel_list {
	struct ignored ignored;
	const char *accel;
};

static const struct key accel_keys[] = {
	{ .name = "accel", .kind = KEY_TEXT, .offset = offsetof(struct accel_list, accel),
	  .accepted = "tcg" },
	{ .name = "thread", .kind = KEY_WORD, .offset = offsetof(struct accel_list, ignored.word),
	  .accepted = "single|multi" },
	IGNORED_NUMBER("tb-size"), IGNORED_SWITCH("split-wx"), IGNORED_SWITCH("one-insn-per-tb"),
};

int check_accel(struct parser *parser, const char *what, const char *words)
{
	for (const char *word = words; *word; word += strspn(word, ":")) {
		size_t size = strcspn(word, ":");

		if (size == 3 && !strncmp(word, "tcg", size))
			return 0;
		word += size;
	}
	return keyval_fail(parser->error,
			   "%s: '%s' is not supported: all instructions are "
			   "emulated, as with tcg; leave it out",
			   what, words);
}

/* Parses -accel. QEMU uses the first of several accelerators that is available, so another option
 * may follow. */
int apply_accel(struct parser *parser, const struct option *option, const char *value)
{
	const struct keyval keyval = { "-accel", accel_keys, ARRAY_SIZE(accel_keys), "accel" };
	struct accel_list list = { .accel = "" };
	int failed = keyval_parse(&keyval, value, &list, &parser->options->strings, parser->error);

	(void)option;
	if (failed)
		return failed;
	failed = check_accel(parser, "-accel", list.accel);
	parser->accel_found |= !failed;
	if (failed)
		parser->accel_missing = list.accel;
	return 0;
}

#define NO_TIME UINT64_MAX

struct boot_list {
	struct ignored ignored;
	const char *order, *once;
	u64 splash_time, reboot_timeout;
	bool menu, strict;
};

static const struct key boot_keys[] = {
	{ .name = "order", .kind = KEY_TEXT, .offset = offsetof(struct boot_list, order),
	  .accepted = "DRIVES" },
	{ .name = "once", .kind = KEY_TEXT, .offset = offsetof(struct boot_list, once),
	  .accepted = "DRIVES" },
	{ .name = "menu", .kind = KEY_SWITCH, .offset = offsetof(struct boot_list, menu),
	  .accepted = "on|off" },
	{ .name = "strict", .kind = KEY_SWITCH, .offset = offsetof(struct boot_list, strict),
	  .accepted = "on|off" },
	IGNORED_TEXT("splash"),
	{ .name = "splash-time", .kind = KEY_NUMBER,
	  .offset = offsetof(struct boot_list, splash_time), .accepted = "MS",
	  .max = UINT16_MAX },
	{ .name = "reboot-timeout", .kind = KEY_NUMBER,
	  .offset = offsetof(struct boot_list, reboot_timeout), .accepted = "MS|-1",
	  .max = UINT16_MAX, .initial = NO_TIME, .none = "-1" },
};

static u64 wait_ms(const struct board_boot_wait *wait)
{
	return wait->given ? wait->ms : NO_TIME;
}

static struct board_boot_wait wait_of(u64 ms)
{
	return ms == NO_TIME ? (struct board_boot_wait){ 0 } :
			       (struct board_boot_wait){ true, (u16)ms };
}

/*
 * Parses -boot. The drives of order= and once= are those of PCs: nothing tells firmware of this
 * machine about them, neither here nor in QEMU.
 */
int apply_boot(struct parser *parser, const struct option *option, const char *value)
{
	const struct keyval keyval = { "-boot", boot_keys, ARRAY_SIZE(boot_keys), "order" };
	struct board_boot *boot = &parser->options->board.boot;
	struct boot_list list = { .order = "", .once = "", .menu = boot->menu,
				  .strict = boot->strict,
				  .splash_time = wait_ms(&boot->menu_wait),
				  .reboot_timeout = wait_ms(&boot->fail_wait) };
	int failed = keyval_parse(&keyval, value, &list, &parser->options->strings, parser->error);
	const char *drives = list.order[strspn(list.order, "abcdefghijklmnop")] ? list.order :
										  list.once;
	const char *bad = drives + strspn(drives, "abcdefghijklmnop");

	(void)option;
	if (!failed && *bad)
		return keyval_fail(parser->error, "-boot: '%c' is no drive; accepted: a to p",
				   *bad);
	boot->menu = list.menu;
	boot->strict = list.strict;
	boot->menu_wait = wait_of(list.splash_time);
	boot->fail_wait = wait_of(list.reboot_timeout);
	return failed;
}

static const char uuid_form[] = "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx";

int apply_uuid(struct parser *parser, const struct option *option, const char *value)
{
	struct board_config *board = &parser->options->board;
	unsigned digits = 0;

	(void)option;
	for (unsigned n = 0; n < sizeof(uuid_form); n++) {
		char c = value[n];
		bool digit = uuid_form[n] == 'x';

		if (digit ? !isxdigit((unsigned char)c) : c != uuid_form[n])
			return keyval_fail(parser->error,
					   "-uuid: '%s' is not a UUID; give it as "
					   "550e8400-e29b-41d4-a716-446655440000",
					   value);
		if (digit && digits++ % 2) {
			const char pair[] = { value[n - 1], c, 0 };

			board->uuid[digits / 2 - 1] = (u8)strtoul(pair, NULL, 16);
		}
	}
	return 0;
}

struct name_list {
	const char *guest, *process;
	struct ignored ignored;
};

static const struct key name_keys[] = {
	{ .name = "guest", .kind = KEY_TEXT, .offset = offsetof(struct name_list, guest),
	  .accepted = "TEXT" },
	{ .name = "process", .kind = KEY_TEXT, .offset = offsetof(struct name_list, process),
	  .accepted = "TEXT" },
	{ .name = "debug-threads", .kind = KEY_SWITCH,
	  .offset = offsetof(struct name_list, ignored.on), .accepted = "on|off" },
};

int apply_name(struct parser *parser, const struct option *option, const char *value)
{
	const struct keyval keyval = { "-name", name_keys, ARRAY_SIZE(name_keys), "guest" };
	struct options *options = parser->options;
	struct name_list list = { .guest = options->name };
	int failed = keyval_parse(&keyval, value, &list, &options->strings, parser->error);

	(void)option;
	options->name = list.guest;
	options->process.process_name = list.process;
	return failed;
}

struct msg_list {
	bool timestamp, guest_name;
};

static const struct key msg_keys[] = {
	{ .name = "timestamp", .kind = KEY_SWITCH, .offset = offsetof(struct msg_list, timestamp),
	  .accepted = "on|off" },
	{ .name = "guest-name", .kind = KEY_SWITCH, .offset = offsetof(struct msg_list, guest_name),
	  .accepted = "on|off" },
};

int apply_msg(struct parser *parser, const struct option *option, const char *value)
{
	const struct keyval keyval = { "-msg", msg_keys, ARRAY_SIZE(msg_keys), NULL };
	struct msg_list list = { 0 };
	int failed = keyval_parse(&keyval, value, &list, &parser->options->strings, parser->error);

	(void)option;
	if (!failed && (list.timestamp || list.guest_name))
		options_warn(parser, "-msg: messages have neither time nor name: %s has no effect",
			     value);
	return failed;
}

struct overcommit_list {
	struct ignored ignored;
	bool lock;
};

static const struct key overcommit_keys[] = {
	{ .name = "mem-lock", .kind = KEY_SWITCH, .offset = offsetof(struct overcommit_list, lock),
	  .accepted = "on|off" },
	{ .name = "cpu-pm", .kind = KEY_SWITCH,
	  .offset = offsetof(struct overcommit_list, ignored.on), .accepted = "on|off" },
};

int apply_overcommit(struct parser *parser, const struct option *option, const char *value)
{
	const struct keyval keyval = { "-overcommit", overcommit_keys,
				       ARRAY_SIZE(overcommit_keys), NULL };
	struct overcommit_list list = { 0 };
	int failed = keyval_parse(&keyval, value, &list, &parser->options->strings, parser->error);

	(void)option;
	parser->options->process.lock_memory = list.lock;
	return failed;
}

struct fw_cfg_list {
	const char *name, *file, *text;
};

static const struct key fw_cfg_keys[] = {
	{ .name = "name", .kind = KEY_TEXT, .offset = offsetof(struct fw_cfg_list, name),
	  .accepted = "NAME" },
	{ .name = "file", .kind = KEY_TEXT, .offset = offsetof(struct fw_cfg_list, file),
	  .accepted = "FILE" },
	{ .name = "string", .kind = KEY_ANY, .offset = offsetof(struct fw_cfg_list, text),
	  .accepted = "TEXT" },
};

int apply_fw_cfg(struct parser *parser, const struct option *option, const char *value)
{
	const struct keyval keyval = { "-fw_cfg", fw_cfg_keys, ARRAY_SIZE(fw_cfg_keys), "name" };
	struct board_config *board = &parser->options->board;
	struct fw_cfg_list list = { 0 };
	int failed = keyval_parse(&keyval, value, &list, &parser->options->strings, parser->error);

	(void)option;
	if (failed)
		return failed;
	if (!list.name || !list.file == !list.text)
		return keyval_fail(parser->error,
				   "-fw_cfg: '%s' needs name=NAME and one of "
				   "file=FILE and string=TEXT",
				   value);
	if (strlen(list.name) > BOARD_FW_NAME_MAX)
		return keyval_fail(parser->error,
				   "-fw_cfg: name: '%s' is too long; %d bytes are "
				   "accepted",
				   list.name, BOARD_FW_NAME_MAX);
	if (board->fw_file_count == BOARD_FW_FILES_MAX)
		return keyval_fail(parser->error, "-fw_cfg: more than %d", BOARD_FW_FILES_MAX);
	if (strncmp(list.name, "opt/", 4))
		options_warn(parser, "-fw_cfg: %s: names that are not QEMU's own begin with opt/",
			     list.name);
	board->fw_files[board->fw_file_count++] =
		(struct board_fw_file){ list.name, list.file, list.text };
	return 0;
}

struct icount_list {
	const char *shift, *file;
	bool align, sleep;
	unsigned mode; /* as in struct replay_options */
};

static const struct key icount_keys[] = {
	{ .name = "shift", .kind = KEY_TEXT, .offset = offsetof(struct icount_list, shift),
	  .accepted = "0 to 10|auto" },
	{ .name = "align", .kind = KEY_SWITCH, .offset = offsetof(struct icount_list, align),
	  .accepted = "on|off" },
	{ .name = "sleep", .kind = KEY_SWITCH, .offset = offsetof(struct icount_list, sleep),
	  .accepted = "on|off" },
	{ .name = "rr", .kind = KEY_WORD, .offset = offsetof(struct icount_list, mode),
	  .accepted = "none|record|replay" },
	{ .name = "rrfile", .kind = KEY_TEXT, .offset = offsetof(struct icount_list, file),
	  .accepted = "FILE" },
};

/* Warns about sleep= and align=, which have no effect: the virtual clock is independent of the
 * host's. */
static void say_unaligned(struct parser *parser, const struct icount_list *list)
{
	if (list->sleep)
		options_warn(parser, "-icount: sleep=on: the time for which the guest sleeps is "
				     "skipped, as with sleep=off; --clock=host is the host's time");
	if (list->align)
		options_warn(parser,
			     "-icount: align=on: the guest is not slowed down to the host's "
			     "time; --clock=host is that time");
}

int apply_icount(struct parser *parser, const struct option *option, const char *value)
{
	const struct keyval keyval = { "-icount", icount_keys, ARRAY_SIZE(icount_keys), "shift" };
	struct icount_list list = { .shift = "auto" };
	int failed = keyval_parse(&keyval, value, &list, &parser->options->strings, parser->error);
	u64 shift = 0;

	(void)option;
	if (failed)
		return failed;
	if (strcmp(list.shift, "auto") &&
	    (!keyval_number(list.shift, &shift) || shift > BOARD_SHIFT_MAX))
		return keyval_fail(parser->error,
				   "-icount: shift: '%s' is not accepted; accepted: "
				   "0 to 10, auto",
				   list.shift);
	if (!list.file != (list.mode == REPLAY_NOTHING))
		return keyval_fail(parser->error, "-icount: rr=record and rr=replay need "
						  "rrfile=FILE, which nothing else uses");
	parser->options->replay.mode = list.mode;
	parser->options->replay.file = list.file;
	say_unaligned(parser, &list);
	parser->options->board.clock = CLOCK_VIRTUAL;
	parser->clock_host = false;
	parser->options->board.shift = (unsigned)shift;
	return 0;
}

struct action_list {
	unsigned reboot, shutdown, panic, watchdog;
};

static const struct key action_keys[] = {
	{ .name = "reboot", .kind = KEY_WORD, .offset = offsetof(struct action_list, reboot),
	  .accepted = REBOOT_WORDS },
	{ .name = "shutdown", .kind = KEY_WORD, .offset = offsetof(struct action_list, shutdown),
	  .accepted = SHUTDOWN_WORDS },
	{ .name = "panic", .kind = KEY_WORD, .offset = offsetof(struct action_list, panic),
	  .accepted = PANIC_WORDS },
	{ .name = "watchdog", .kind = KEY_WORD, .offset = offsetof(struct action_list, watchdog),
	  .accepted = WATCHDOG_WORDS },
};

int apply_end_action(struct parser *parser, const struct option *option, const char *value)
{
	const struct keyval keyval = { "-action", action_keys, ARRAY_SIZE(action_keys), NULL };
	struct end_actions *actions = &parser->options->process.actions;
	struct action_list list = {
		.reboot = actions->no_reboot,
		.shutdown = actions->shutdown,
		.panic = UINT_MAX,
	};
	int failed = keyval_parse(&keyval, value, &list, &parser->options->strings, parser->error);

	(void)option;
	actions->no_reboot = list.reboot;
	actions->shutdown = list.shutdown;
	if (list.panic != UINT_MAX)
		actions->panic = PANIC_NONE + list.panic;
	return failed;
}

int apply_no_shutdown(struct parser *parser, const struct option *option, const char *value)
{
	(void)option;
	(void)value;
	parser->options->process.actions.shutdown = SHUTDOWN_PAUSE;
	return 0;
}

int apply_watchdog(struct parser *parser, const struct option *option, const char *value)
{
	static const struct keyval keyval = { "-watchdog-action", action_keys,
					      ARRAY_SIZE(action_keys), NULL };
	struct action_list list;
	int failed = keyval_item(&keyval, "watchdog", value, &list, parser->error);

	(void)option;
	if (!failed)
		options_warn(parser, "-watchdog-action: there is no watchdog: %s has no effect",
			     value);
	return failed;
}

/* Parses -vga. As in QEMU, whose machine has no VGA either, a card is accepted but has no
 * effect. */
int apply_vga(struct parser *parser, const struct option *option, const char *value)
{
	int failed = apply_accepted(parser, option, value);

	if (!failed && strcmp(value, "none") != 0)
		options_warn(parser,
			     "-vga: the machine has no VGA, as in QEMU; -device virtio-gpu-pci is "
			     "a screen: %s has no effect",
			     value);
	return failed;
}

int apply_nodefaults(struct parser *parser, const struct option *option, const char *value)
{
	(void)option;
	(void)value;
	parser->bare = true;
	return 0;
}

int finish_daemon(struct parser *parser)
{
	const struct options *options = parser->options;
	bool terminal = options->monitor || options_terminal(options) ||
			options->gdb.kind == LINK_STDIO;

	for (unsigned n = 0; n < options->qmp_count; n++)
		terminal = terminal || options->qmps[n].kind == LINK_STDIO;
	if (!options->process.daemonize || !terminal)
		return 0;
	return keyval_fail(parser->error, "-daemonize: leaves the terminal; give what is on stdio "
					  "another place, such as -serial file:FILE or "
					  "-monitor unix:PATH,server,nowait");
}

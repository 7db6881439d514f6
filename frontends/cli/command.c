/* SPDX-License-Identifier: MIT */
/*
 * Implements `baya run -- CMD...`, which runs one command in the bundled guest. It is a run with
 * the options below and a script, which the guest reads from fw_cfg, because the kernel's command
 * line is too short for it.
 */
#include "frontends/cli/table.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "bus/output.h"
#include "frontends/cli/program.h"
#include "frontends/host/complain.h"

#define TAG "baya"
#define SYSROOT_TAG "sysroot"
/* The characters in names of variables (POSIX, 8.1). */
#define NAME_CHARACTERS "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_"
#define SCRIPT "/sys/firmware/qemu_fw_cfg/by_name/opt/baya/run/raw"
/* The script is copied into a folder on which no share can be mounted. */
#define KEPT "/run/command"

/* The command's streams are virtio ports. The serial port has the output of the firmware and the
 * kernel, which is dropped unless the user connects the port. */
static const char *const command_options[][2] = {
	{ "-device", "virtio-serial-device" },
	{ "-chardev", "stdio,id=command,mux=on" },
	{ "-chardev", "stderr,id=errors" },
	{ "-device", "virtserialport,chardev=command,name=baya.in" },
	{ "-device", "virtserialport,chardev=command,name=baya.out" },
	{ "-device", "virtserialport,chardev=errors,name=baya.err" },
	{ "-display", "none" },
	{ "-append", "console=ttyS0 quiet run=\"cp " SCRIPT " " KEPT "; exec sh " KEPT "\"" },
};

/* The group of the command, its processes, and the one that copies its input. */
#define GROUP "/sys/fs/cgroup/command"
#define STATUS "/run/status"
/* The shell writes here which signal ended the command. */
#define SIGNAL "/run/signal"
/* The device of the virt machine that ends it, with an exit status if 0x3333 is written. The status
 * is reported even if it is 0: a guest that only powers off has not come to the script's end. */
#define TEST_DEVICE "0x100000"

/*
 * The script runs itself once more for the command, in a session of its own, so that the command's
 * kill(0, ...) does not reach the other processes. The session's leader, which notes the exit code,
 * handles signals, and the command, which it forks, does not.
 */
static const char script_begin[] =
	"unset run\n" /* of the kernel's command line, which roms/guest/init has read */
	"if [ \"$1\" ]; then\n"
	"trap : HUP INT QUIT TERM USR1 USR2 ALRM\n";

#define SCRIPT_STREAMS "exec >/run/out 2>/run/err\n"
/*
 * Both streams are the same file on the host, so they become one stream here, which keeps their
 * output in order. Under the virtual clock a run must not depend on that.
 */
#define SCRIPT_ONE_STREAM ": 2>/run/err\nexec >/run/out 2>&1\n"

/* The leader keeps the command's standard error, and its own is the file, in which the shell names
 * the signal that ended the command. A command that exits with 128 + n leaves the file as it is. */
static const char script_fork[] = "exec 3>&2 2<>" SIGNAL "\n"
				  "(\n"
				  "exec 2>&3 3>&-\n";
static const char script_ended[] = /* the command's name follows */
	"\n)\n"
	"status=$?\n"
	"read -r signal <" SIGNAL "\n"
	"[ \"$signal\" ] && echo >&3 baya: ";
static const char script_by[] = "\"was ended by signal $((status - 128)) ($signal)\"\n";

/*
 * The run ends with the command, as in QEMU's user mode: processes that it leaves are ended, and so
 * is the one that copies the input. Output that is in the pipes by then is still copied. The file
 * for the exit code has its size before, in case the command fills /run, and so does that for the
 * signal's name.
 *
 * A port can be opened only once, but programs reopen /dev/stderr. Therefore the command gets
 * pipes, and other processes copy between the pipes and the ports; when those of the output have
 * seen the end of their input, everything is written. The input's pipe has no name, because a
 * program that reopens /dev/stdin after the end of the input would wait for a writer of a named
 * one (fifo(7)). Programs may read cycle and instret, as in QEMU's user mode: the kernel's setting
 * for this is 2 (Documentation/admin-guide/sysctl/kernel.rst).
 */
static const char script_end[] =
	"echo $status 1<>" STATUS "\n"
	"echo 1 >" GROUP "/cgroup.kill\n"
	"exit\n"
	"fi\n"
	"port() {\n"
	"	for port in /sys/class/virtio-ports/*; do\n"
	"		read -r name <$port/name\n"
	"		[ \"$name\" = $1 ] && echo /dev/${port##*/}\n"
	"	done\n"
	"}\n"
	"ln -s /proc/self/fd /dev/fd\n"
	"for n in 0in 1out 2err; do ln -s fd/${n%%[a-z]*} /dev/std${n#?}; done\n"
	"echo 2 >/proc/sys/kernel/perf_user_access\n"
	"echo '    ' >" STATUS "\n"
	"echo >" SIGNAL "\n"
	"mkdir " GROUP "\n"
	"mkfifo /run/out /run/err\n"
	"cat </run/out >$(port baya.out) & relays=$!\n"
	"cat </run/err >$(port baya.err) & relays=\"$relays $!\"\n"
	"(\n"
	"echo 0 >" GROUP "/cgroup.procs\n"
	"cat <$(port baya.in) | setsid sh \"$0\" command\n"
	")\n"
	"wait $relays\n"
	"read -r status <" STATUS "\n"
	"sync\n"
	"umount -a -r 2>/dev/null\n"
	"stty -echo </dev/console\n" /* returns when the serial port has sent everything */
	"devmem " TEST_DEVICE " 32 $((status << 16 | 0x3333))\n";

/*
 * The share is mounted under the names that it has on the host, so that absolute names in programs,
 * links and build files are valid in the guest, too. A mount that would hide files of the guest is
 * left out; for folders that the guest has itself, such as / and /usr, there is /mnt. The command
 * begins in the first place where the share is mounted, or below it in the host's current folder,
 * so that relative names are those of the host. A name with ".." may lead there, too, once
 * the folders on the way are made.
 */
static const char script_mount[] =
	"/mnt; do\n"
	"	! mkdir -p \"$at\" 2>/dev/null || [ \"$at\" -ef \"$start\" ] ||\n"
	"		[ \"$(ls -A \"$at\" 2>/dev/null)\" ] ||\n"
	"		! mount -t virtiofs " TAG " \"$at\" || : \"${start:=$at}\"\n"
	"done\n"
	"[ \"$start\" ] && cd \"$start\"";
static const char script_mounted[] = " || exit 125\n";

/* Links what the guest lacks to the folder of -L, so that programs and their dynamic linker find
 * it. The share is mounted before, since its folder may be in one that -L has too. */
#define SYSROOT "/run/" SYSROOT_TAG
static const char script_sysroot[] =
	"mkdir " SYSROOT " && mount -t virtiofs " SYSROOT_TAG " " SYSROOT " || exit 125\n"
	"(cd " SYSROOT "; for at in * usr/* etc/*; do\n"
	"	[ ! -e \"$at\" ] || [ -e \"/$at\" ] || ln -s \"$PWD/$at\" \"/$at\"\n"
	"done)\n";

struct command_share {
	const char *path;
	bool readonly;
	unsigned cache; /* enum fuse_cache */
};

#define CACHE_UNSAID UINT32_MAX

static const struct key share_keys[] = {
	{ .name = "path", .kind = KEY_TEXT, .offset = offsetof(struct command_share, path),
	  .accepted = "DIR" },
	{ .name = "readonly", .kind = KEY_SWITCH,
	  .offset = offsetof(struct command_share, readonly), .accepted = "on|off" },
	/* the words are in the order of enum fuse_cache */
	{ .name = "cache", .kind = KEY_WORD, .offset = offsetof(struct command_share, cache),
	  .accepted = "auto|none|always" },
};

int apply_share(struct parser *parser, const struct option *option, const char *value)
{
	const struct keyval keyval = { "--share", share_keys, ARRAY_SIZE(share_keys), "path" };
	struct command_share share = { .cache = CACHE_UNSAID };
	struct share_properties properties = { .tag = TAG };
	bool debian = parser->options->verb == VERB_DEBIAN;
	int failed = keyval_parse(&keyval, value, &share, &parser->options->strings, parser->error);

	(void)option;
	if (failed)
		return failed;
	if (!share.path)
		return keyval_fail(parser->error, "--share: '%s' names no folder", value);
	if (parser->shared)
		return keyval_fail(parser->error, "--share: one folder is enough; -virtfs shares "
						  "more");
	if (debian && share.cache != CACHE_UNSAID)
		return keyval_fail(parser->error,
				   "--share: cache= goes with baya run -- COMMAND; in "
				   "Debian the option of mount says how to cache");
	parser->shared = share.path;
	properties.path = share.path;
	properties.readonly = share.readonly;
	properties.cache = share.cache == CACHE_UNSAID ? FUSE_CACHE_AUTO : share.cache;
	return add_share(parser, debian ? "virtio-9p-device" : "virtio-fs-device", &properties);
}

int apply_sysroot(struct parser *parser, const struct option *option, const char *value)
{
	struct share_properties properties = { .path = value, .tag = SYSROOT_TAG, .readonly = true,
					       .cache = FUSE_CACHE_ALWAYS };

	(void)option;
	if (parser->options->verb != VERB_COMMAND) {
		if (keyval_asks(value))
			parser->options->action = ACTION_FOLDERS_HELP;
		return 0;
	}
	if (parser->sysroot)
		return keyval_fail(parser->error, "-L: one folder is enough; -virtfs shares more");
	parser->sysroot = value;
	return add_share(parser, "virtio-fs-device", &properties);
}

/* Quotes a word for the shell. */
static void put_word(FILE *out, const char *word)
{
	fputc('\'', out);
	for (; *word; word++)
		fprintf(out, *word == '\'' ? "'\\''" : "%c", *word);
	fputs("' ", out);
}

/* Returns the length of the variable's name with which the text begins; 0: with none. */
static size_t name_length(const char *text)
{
	return *text >= '0' && *text <= '9' ? 0 : strspn(text, NAME_CHARACTERS);
}

/* Adds NAME=VALUE to the assignments before the command. */
static int put_variable(FILE *out, const char *item, struct board_error *error)
{
	size_t size = name_length(item);

	if (!size || item[size] != '=')
		return keyval_fail(error,
				   "-E: '%s' sets no variable; accepted: NAME, NAME=VALUE "
				   "(in a value commas are doubled)",
				   item);
	fprintf(out, "%.*s=", (int)size, item);
	put_word(out, item + size + 1);
	return 0;
}

/* Applies -E. QEMU has the lists, and no names without a value, since it passes everything. */
int apply_environment(struct parser *parser, const struct option *option, const char *value)
{
	struct strings *strings = &parser->options->strings;
	bool alone = name_length(value) && !value[name_length(value)];
	const char *set = alone ? getenv(value) : NULL;
	struct text text;
	FILE *out;
	int failed = 0;

	(void)option;
	if (parser->options->verb != VERB_COMMAND)
		return keyval_fail(parser->error, "-E: goes with baya run -- COMMAND");
	out = text_begin(&text);
	fputs(parser->environment ? parser->environment : "", out);
	if (set) {
		fprintf(out, "%s=", value);
		put_word(out, set);
	}
	while (!alone && !failed && value)
		failed = put_variable(out, keyval_first(strings, &value), parser->error);
	parser->environment = text_end(&text, strings);
	return failed;
}

/* Mounts the share at the folder's real path, and at the path by which the user knows it, because
 * gcc and make write that one into files, too. */
static void put_share(FILE *out, const char *folder)
{
	char *real = realpath(folder, NULL);
	char *here = *folder == '/' ? strdup("") : get_current_dir_name();
	char *known = NULL, *below = options_below(folder);

	if (here && asprintf(&known, "%s%s%s", here, *here ? "/" : "", folder) < 0)
		complain_exhausted();
	fputs("for at in ", out);
	if (real)
		put_word(out, real);
	if (known)
		put_word(out, known);
	fputs(script_mount, out);
	if (below)
		put_word(out, below);
	fputs(script_mounted, out);
	free(below);
	free(known);
	free(here);
	free(real);
}

/* Returns whether standard output and error are the same file, pipe or terminal. */
static bool one_stream(void)
{
	struct stat out, err;

	return !fstat(STDOUT_FILENO, &out) && !fstat(STDERR_FILENO, &err) &&
	       out.st_dev == err.st_dev && out.st_ino == err.st_ino;
}

/* Returns the script, owned by the options' strings. */
static const char *make_script(struct parser *parser)
{
	char *text = NULL;
	const char *kept;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	if (!out)
		complain_exhausted();
	fputs(script_begin, out);
	fputs(parser->options->board.clock == CLOCK_HOST && one_stream() ? SCRIPT_ONE_STREAM :
									   SCRIPT_STREAMS,
	      out);
	fputs(script_fork, out);
	if (parser->shared)
		put_share(out, parser->shared);
	if (parser->sysroot)
		fputs(script_sysroot, out);
	if (parser->environment)
		fputs(parser->environment, out);
	for (char **word = parser->command; *word; word++)
		put_word(out, *word);
	fputs(script_ended, out);
	put_word(out, *parser->command);
	fputs(script_by, out);
	fputs(script_end, out);
	if (output_end_text(out, &text))
		complain_exhausted();
	kept = strings_add(&parser->options->strings, text, size);
	free(text);
	return kept;
}

int begin_command(struct parser *parser)
{
	int failed = 0;

	/* Another boot would run the command again. */
	parser->options->process.actions.no_reboot = true;
	for (unsigned i = 0; !failed && i < ARRAY_SIZE(command_options); i++)
		failed = apply_named(parser, command_options[i][0], command_options[i][1]);
	return failed;
}

int finish_command(struct parser *parser)
{
	struct options *options = parser->options;

	if (!parser->command || !*parser->command)
		return keyval_fail(parser->error, "baya run: needs a command: baya run --share=. "
						  "-- ls -l");
	if (options->ssh_port)
		return keyval_fail(parser->error, "--ssh: goes with baya run debian");
	if (options_check_program(&(struct program_place){ parser->shared, parser->sysroot,
							   options->board.ram_size },
				  *parser->command, parser->error))
		return -EINVAL;
	options->board.blob_name = "opt/baya/run";
	options->board.blob = make_script(parser);
	options->escapes = false;
	return 0;
}

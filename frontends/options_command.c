/* SPDX-License-Identifier: MIT */
/*
 * `baya run -- CMD...`: the bundled guest as a place to run one command in. It is a run with these
 * options and a script, which the guest finds in fw_cfg: the kernel's command line is too short.
 */
#include "frontends/options_table.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TAG "baya"
#define SCRIPT "/sys/firmware/qemu_fw_cfg/by_name/opt/baya/run/raw"

/*
 * The command has a console for itself, hvc1 (hvc0 is the SBI's); the serial port has what firmware
 * and kernel say.
 */
static const char *const command_options[][2] = {
	{ "-device", "virtio-serial-device" },
	{ "-chardev", "stdio,id=command" },
	{ "-device", "virtconsole,chardev=command" },
	{ "-serial", "null" },
	{ "-monitor", "none" },
	{ "-display", "none" },
	{ "-append", "console=ttyS0 quiet run=\"exec </dev/hvc1 >/dev/hvc1 2>&1; stty raw -echo; "
		     "cp " SCRIPT " command; exec sh command </dev/null\"" },
};

/* What is written is on the console before the machine ends. */
#define SCRIPT_END "\nstatus=$?\nstty -echo </dev/hvc1\nexit $status\n"

#define SCRIPT_MOUNT                                                                               \
	"mount -t 9p -o trans=virtio,version=9p2000.L,msize=512000,cache=loose " TAG " /mnt && "  \
	"cd /mnt || exit 125\n"

struct command_share {
	const char *path;
	bool readonly;
};

static const struct key share_keys[] = {
	{ "path", KEY_TEXT, offsetof(struct command_share, path), "DIR", 0, 0 },
	{ "readonly", KEY_SWITCH, offsetof(struct command_share, readonly), "on|off", 0, 0 },
};

int apply_share(struct parser *parser, const struct option *option, const char *value)
{
	const struct keyval keyval = { "--share", share_keys, ARRAY_SIZE(share_keys), "path" };
	struct command_share share = { 0 };
	struct share_properties properties = { .tag = TAG };
	int failed = keyval_parse(&keyval, value, &share, &parser->options->strings,
				  parser->error);

	(void)option;
	if (failed)
		return failed;
	if (!share.path)
		return keyval_fail(parser->error, "--share: '%s' names no folder", value);
	if (parser->shares)
		return keyval_fail(parser->error, "--share: one folder is enough; -virtfs shares "
				   "more");
	parser->shares = true;
	properties.path = share.path;
	properties.readonly = share.readonly;
	return add_share(parser, &properties);
}

/* A word as a shell reads it. */
static void put_word(FILE *out, const char *word)
{
	fputc('\'', out);
	for (; *word; word++)
		fprintf(out, *word == '\'' ? "'\\''" : "%c", *word);
	fputs("' ", out);
}

/* The script, owned by the options' strings. */
static const char *make_script(struct parser *parser)
{
	char *text = NULL;
	const char *kept;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	if (!out)
		abort();
	if (parser->shares)
		fputs(SCRIPT_MOUNT, out);
	for (char **word = parser->command; *word; word++)
		put_word(out, *word);
	fputs(SCRIPT_END, out);
	if (fclose(out))
		abort();
	kept = strings_add(&parser->options->strings, text, size);
	free(text);
	return kept;
}

int begin_command(struct parser *parser)
{
	int failed = 0;

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
	if (!options->bundled)
		return keyval_fail(parser->error, "baya run: is about the bundled guest; does not go "
				   "with -kernel, -bios and the like");
	options->board.blob_name = "opt/baya/run";
	options->board.blob = make_script(parser);
	return 0;
}

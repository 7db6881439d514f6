/* SPDX-License-Identifier: MIT */
/*
 * Implements `baya run debian`, which runs the disk that `baya get debian` has made. Baya passes to
 * systemd the size of this terminal, on the kernel's command line, and the user's name and keys, as
 * a credential in fw_cfg (systemd.system-credentials(7)), for which roms/debian/files has a line of
 * tmpfiles.d.
 */
#include "frontends/cli/table.h"

#include <errno.h>
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "frontends/host/exit_code.h"

#define TAG "baya"
#define KEYS "opt/io.systemd.credentials/tmpfiles.baya-keys"
#define KEYS_SIZE_MAX (long)(64 * KiB)
#define SSH_PORT 2222 /* unless another program uses it */
#define TERM_WORDS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-+."

/* These options are set first, and the command line can override them. */
static const char *const debian_options[][2] = {
	{ "-m", "2G" },
	{ "-device", "virtio-rng-device" },
};

/* Returns the path of a file in the disk's folder, which the script roms/debian/get chooses. */
static const char *find_file(struct parser *parser, const char *name)
{
	const char *data = getenv("XDG_DATA_HOME"), *home = getenv("HOME");
	struct text text;
	FILE *out = text_begin(&text);

	if (data && *data)
		fprintf(out, "%s", data);
	else
		fprintf(out, "%s/.local/share", home);
	fprintf(out, "/baya/debian/%s", name);
	return text_end(&text, &parser->options->strings);
}

/* Returns the options of the disk as a list, in which commas of the path are doubled. */
static const char *drive_of(struct parser *parser, const char *path)
{
	struct text text;

	/* Indexes 0 to 3 are those of -hda to -hdd. */
	fputs("if=virtio,index=4,format=raw,file=", text_begin(&text));
	text_value(&text, path);
	return text_end(&text, &parser->options->strings);
}

int begin_debian(struct parser *parser)
{
	const char *data = getenv("XDG_DATA_HOME"), *home = getenv("HOME");
	int failed;

	if (!(data && *data) && !(home && *home))
		return keyval_fail(parser->error, "baya run debian: HOME is not set: set it, or "
						  "XDG_DATA_HOME, in which the disk is");
	failed = apply_named(parser, "-drive", drive_of(parser, find_file(parser, "disk.img")));
	for (unsigned i = 0; !failed && i < ARRAY_SIZE(debian_options); i++)
		failed = apply_named(parser, debian_options[i][0], debian_options[i][1]);
	return failed;
}

/* Adds the host's network; a port of the host leads to the guest's ssh server. */
static int add_network(struct parser *parser)
{
	struct options *options = parser->options;
	struct net_options *net = &options->net;
	struct net_user *user;
	char nic[64];
	int failed;

	if (parser->net_given && options->ssh_port)
		return keyval_fail(parser->error,
				   "--ssh: it is for the network that exists "
				   "without -nic and -netdev; give these hostfwd= instead");
	if (parser->net_given)
		return 0;
	snprintf(nic, sizeof(nic), "user,hostfwd=tcp:127.0.0.1:%u-:22",
		 options->ssh_port ? (unsigned)options->ssh_port : SSH_PORT);
	failed = apply_named(parser, "-nic", nic);
	if (failed)
		return failed;
	user = net->netdevs[net->netdev_count - 1].settings;
	user->forwards[0].seeks = !options->ssh_port;
	user->forwards[0].login = "debian@127.0.0.1";
	return 0;
}

static void put_key(FILE *out, const char *path)
{
	FILE *file = fopen(path, "re");
	char line[16 * KiB] = "\n";

	if (!file)
		return;
	while (fgets(line, sizeof(line), file) && ftell(out) < KEYS_SIZE_MAX)
		fputs(line, out);
	if (!strchr(line, '\n')) /* the key of the next file must start on another line */
		fputc('\n', out);
	fclose(file);
}

/* Adds the user's public keys. */
static void add_keys(struct parser *parser)
{
	struct board_config *board = &parser->options->board;
	const char *home = getenv("HOME");
	struct text pattern, keys;
	glob_t found;

	fprintf(text_begin(&pattern), "%s/.ssh/*.pub", home ? home : "");
	text_begin(&keys);
	if (!glob(text_end(&pattern, &parser->options->strings), 0, NULL, &found)) {
		for (size_t n = 0; n < found.gl_pathc; n++)
			put_key(keys.out, found.gl_pathv[n]);
		globfree(&found);
	}
	board->blob_name = KEYS;
	board->blob = text_end(&keys, &parser->options->strings);
}

/* Returns the kernel's command line, to which the text of -append is added. */
static const char *make_append(struct parser *parser)
{
	const char *more = parser->options->board.append, *term = getenv("TERM");
	struct winsize size;
	struct text text;
	FILE *out = text_begin(&text);

	fputs("root=LABEL=debian rw console=ttyS0", out);
	if (!ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) && size.ws_row && size.ws_col)
		fprintf(out, " systemd.tty.rows.ttyS0=%u systemd.tty.columns.ttyS0=%u", size.ws_row,
			size.ws_col);
	if (term && *term && !term[strspn(term, TERM_WORDS)] && strlen(term) < 32)
		fprintf(out, " systemd.tty.term.ttyS0=%s", term);
	/* Without cache=mmap Linux refuses writable shared mappings, such as those of sqlite. */
	if (parser->shared)
		fputs(" systemd.mount-extra=" TAG ":/mnt:9p:trans=virtio,version=9p2000.L,"
		      "msize=512000,cache=mmap",
		      out);
	if (more && *more)
		fprintf(out, " %s", more);
	return text_end(&text, &parser->options->strings);
}

int finish_debian(struct parser *parser)
{
	struct board_config *board = &parser->options->board;
	int failed = add_network(parser);

	if (failed)
		return failed;
	if (!board->kernel) {
		board->kernel = find_file(parser, "vmlinux");
		if (!board->initrd)
			board->initrd = find_file(parser, "initrd.img");
	}
	if (access(board->kernel, R_OK)) {
		keyval_fail(parser->error, "%s: %s; `baya get debian` makes disk and kernel",
			    board->kernel, strerror(errno));
		parser->error->exit_code = EXIT_HOST;
		return -ENOENT;
	}
	board->append = make_append(parser);
	add_keys(parser);
	return 0;
}

/* SPDX-License-Identifier: MIT */
/*
 * The main program: it parses the command line, finds the bundled guest, makes the board and runs
 * it. Every error of the host ends here, as one line on stderr and an exit code of exit_code.h.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "devices/board/board.h"
#include "devices/board/timing/timing.h"
#include "bus/guard.h"
#include "bus/output.h"
#include "frontends/cli/bundle.h"
#include "frontends/host/executable.h"
#include "frontends/host/complain.h"
#include "frontends/host/exit_code.h"
#include "frontends/host/limits.h"
#include "frontends/cycles/cycles.h"
#include "frontends/run/explain.h"
#include "frontends/run/get.h"
#include "frontends/suite/logdiff.h"
#include "frontends/cli/options.h"
#include "frontends/cli/complete.h"
#include "frontends/host/process.h"
#include "frontends/host/standard_files.h"
#include "frontends/chardev/relay.h"
#include "frontends/run/run.h"
#include "frontends/display/screenshot.h"
#include "frontends/suite/signature.h"
#include "frontends/suite/suite.h"
#include "frontends/version.h"

static int dump_fdt(struct board *board, const char *path)
{
	size_t size;
	const void *fdt = board_fdt(board, &size);
	struct output output;

	errno = -output_open(&output, path);
	if (!errno) {
		fwrite(fdt, 1, size, output.file);
		errno = -output_close(&output, 0);
	}
	return errno ? complain_file("the device tree", path) : EXIT_WELL;
}

/* Warns about a RISC-V profile (-cpu) of which some extensions are still missing. */
static void note_missing(const char *cpu)
{
	char names[256];

	if (!cpu)
		return;
	board_cpu_missing(cpu, names, sizeof(names));
	if (*names)
		fprintf(stderr, "baya: -cpu %s: still missing: %s\n", cpu, names);
}

/* Warns, when the disks are open, that nothing is written, so that users do not find out only at
 * the end. */
static void note_copies(const struct board_config *board)
{
	bool writable = false;

	for (unsigned n = 0; n < board->disk_count; n++)
		writable = writable || !board->disks[n].readonly;
	if (writable && board_copies(board))
		fprintf(stderr,
			"baya: %s: the disk images stay as they are; what the guest writes "
			"is dropped at the end\n",
			board->compare ? "--compare" : "--restore");
}

static int run_machine(const struct options *options)
{
	struct board_error error;
	struct board *board = board_create(&options->board, &error);
	bool ran;
	int code;

	if (!board)
		return complain(&error);
	note_copies(&options->board);
	ran = !options->signature || !signature_check(board, &error);
	if (!ran)
		code = complain(&error);
	else if (options->dumpdtb)
		code = dump_fdt(board, options->dumpdtb);
	else if (options->verb == VERB_EXPLAIN)
		code = explain_machine(board, options);
	else
		code = run_board(board, options, &ran);
	if (options->signature && !options->dumpdtb && ran &&
	    signature_write(board, options->signature, options->signature_shift, &error))
		code = exit_code_of(code, complain(&error));
	board_free(board);
	return code;
}

/* A file that the machine writes while it runs. Its path is NULL if no option names it. */
struct written {
	const char *what, *path;
	bool guessed; /* others can guess its name, so it must be new and not a link */
	void **file; /* of struct board_config */
};

static int open_written(const struct written *written)
{
	if (written->guessed)
		unlink(written->path);
	*written->file = written->guessed ? fopen(written->path, "wxe") :
					    output_grow(written->path);
	return *written->file ? EXIT_WELL : complain_file(written->what, written->path);
}

static int close_written(const struct written *written, int code)
{
	int failed = *written->file ? output_end(*written->file) : 0;

	if (!failed)
		return code;
	errno = -failed;
	return exit_code_of(code, complain_file(written->what, written->path));
}

static int run_with_files(struct options *options)
{
	char map[40];
	struct board_config *board = &options->board;
	const struct written all[] = {
		{ "the commit log", options->commit_log, false, &board->commit_log },
		{ "native code", options->jit_dump, false, &board->jit_dump },
		{ "names for perf", options->perf_map ? map : NULL, true, &board->perf_map },
	};
	int code = EXIT_WELL;

	snprintf(map, sizeof(map), "/tmp/perf-%ld.map", (long)getpid());
	for (unsigned n = 0; n < ARRAY_SIZE(all) && code == EXIT_WELL; n++)
		if (all[n].path)
			code = open_written(&all[n]);
	if (code == EXIT_WELL)
		code = run_machine(options);
	for (unsigned n = 0; n < ARRAY_SIZE(all); n++)
		code = close_written(&all[n], code);
	return code;
}

/* Returns the log's name, in which %d is replaced by the number of the process; NULL means
 * stderr. */
static const char *log_name(struct options *options)
{
	const char *name = options->log_file, *number = name ? strstr(name, "%d") : NULL;
	struct text text;

	if (!number)
		return name;
	fprintf(text_begin(&text), "%.*s%ld%s", (int)(number - name), name, (long)getpid(),
		number + 2);
	return text_end(&text, &options->strings);
}

static int run_with_log(struct options *options)
{
	const char *name = options->log_file = log_name(options);
	FILE *log = name ? output_grow(name) : stderr;
	int code, failed;

	if (!log)
		return complain_file("the log", name);
	options->board.log_file = log;
	code = run_with_files(options);
	failed = log != stderr ? output_end(log) : 0;
	if (!failed)
		return code;
	errno = -failed;
	return exit_code_of(code, complain_file("the log", name));
}

/* Finds the files of the bundled guest that are needed. Returns 0, or -1 with *error. */
static int find_files(struct options *options, struct board_error *error)
{
	bool guest = options->bundled && !options->dumpdtb;
	char path[4096];
	const char *binary = executable_path(path, sizeof(path)) ? path : NULL;

	/* Any monitor can time the run with a core. */
	bundle_find_cores(options, binary);
	return guest ? bundle_find(options, binary, error) : 0;
}

static int main_start(struct options *options)
{
	struct board_error error;
	int code;

	if (find_files(options, &error) || process_begin(&options->process, &error))
		code = complain(&error);
	else
		code = options->verb == VERB_CYCLES ? cycles_run(options) : run_with_log(options);
	process_end(&options->process);
	return code;
}

/* Prints the parameters of a core. */
static int core_help(struct options *options)
{
	struct board_error error;
	char path[4096];

	bundle_find_cores(options, executable_path(path, sizeof(path)) ? path : NULL);
	return board_core_help(&options->board, stdout, &error) ? complain(&error) : EXIT_WELL;
}

/* Prints the folder of the files that come with Baya. Programs that start QEMU in a container ask
 * for such folders. */
static int folders_help(struct options *options)
{
	char path[4096];

	bundle_find_cores(options, executable_path(path, sizeof(path)) ? path : NULL);
	if (options->board.cores)
		printf("%.*s\n", (int)(strrchr(options->board.cores, '/') - options->board.cores),
		       options->board.cores);
	return EXIT_WELL;
}

/* Lists a core's parameters for completion; lists nothing if there is no such core. */
static void list_parameters(const char *core, complete_parameter *print, void *ctx)
{
	struct options options = { .board.timing = core };
	struct stat status;
	char path[4096];

	/* Only regular files are read, because completion must not wait for a program to write into
	 * a pipe. */
	if (strchr(core, '/') && (stat(core, &status) || !S_ISREG(status.st_mode)))
		return;
	bundle_find_cores(&options, executable_path(path, sizeof(path)) ? path : NULL);
	board_core_parameters(&options.board, print, ctx);
	options_free(&options);
}

static int main_act(struct options *options)
{
	if (options->action == ACTION_DRIVER_HELP && !options->driver)
		return core_help(options);
	if (options->action == ACTION_FOLDERS_HELP)
		return folders_help(options);
	if (options->action == ACTION_DRIVER_HELP) {
		options_print_driver(options->driver, stdout);
		return EXIT_WELL;
	}
	if (options->action != ACTION_RUN) {
		options_print(options->action, program_version, stdout);
		return EXIT_WELL;
	}
	note_missing(options->board.cpu);
	return options->verb == VERB_TEST ? suite_run(options) : main_start(options);
}

static int main_flushed(int code)
{
	int failed = output_failed(stdout);

	if (!failed)
		return code;
	errno = -failed;
	return exit_code_of(code, complain_file("to", "standard output"));
}

/* Prints a word quoted for the shell. */
static void print_word(FILE *out, const char *word)
{
	bool plain = *word &&
		     !word[strspn(word, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
					"0123456789-_=,./:+@")];

	if (plain) {
		fprintf(out, "%s ", word);
		return;
	}
	fputc('\'', out);
	for (; *word; word++)
		fprintf(out, *word == '\'' ? "'\\''" : "%c", *word);
	fputs("' ", out);
}

/* Returns whether the word is -restore=FILE, or -restore with the file in the next word. */
static bool is_restore(const char *word)
{
	word += *word == '-';
	word += *word == '-';
	return !strncmp(word, "restore", 7) && (!word[7] || word[7] == '=');
}

/* Returns a command that shows a difference of --compare again, starting shortly before it. The
 * caller frees it. Returns NULL if the host has no memory. */
static char *command_again(const struct options *options, char **argv)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	if (!out)
		return NULL;
	for (; *argv; argv++) {
		if (!is_restore(*argv))
			print_word(out, *argv);
		else if (!strchr(*argv, '=') && argv[1])
			argv++;
	}
	fprintf(out, "--restore=%s", options->board.compare_file);
	output_end_text(out, &text);
	return text;
}

static int act_with_command(struct options *options, char **argv)
{
	char *again = options->board.compare ? command_again(options, argv) : NULL;
	int code;

	options->board.command = again;
	options->board.version = program_version;
	code = main_act(options);
	if (code == EXIT_DISAGREE && again)
		fprintf(stderr, "baya: again: %s\n", again);
	free(again);
	return code;
}

/* Turns "help WORD" into "WORD -h", and "help help" into "-h". */
static void ask_for_help(int argc, char **argv)
{
	if (argc > 2 && !strcmp(argv[2], argv[1]))
		argv[2] = "-h";
	memmove(argv + 1, argv + 2, (size_t)(argc - 2) * sizeof(*argv));
	argv[argc - 1] = "-h";
}

/* These commands do not run a machine. */
static int (*const programs[COMMAND_NONE + 1])(int argc, char **argv) = {
	[COMMAND_LOGDIFF] = logdiff, [COMMAND_GET] = get, [COMMAND_RELAY] = relay,
	[COMMAND_SCREENSHOT] = screenshot,
};

int main(int argc, char **argv)
{
	int (*program)(int argc, char **argv);
	struct options options;
	struct board_error error;
	int failed, code;

	code = standard_files_begin();
	if (code == EXIT_WELL)
		code = limits_begin();
	if (code != EXIT_WELL)
		return code;
	guard_threads();
	if (argc > 2 && !strcmp(argv[1], "__complete")) {
		options_complete(stdout, argc - 1, argv + 1, list_parameters);
		return main_flushed(EXIT_WELL);
	}
	if (options_command(argc, argv) == COMMAND_HELP)
		ask_for_help(argc, argv);
	program = programs[options_command(argc, argv)];
	if (program)
		return main_flushed(program(argc - 1, argv + 1));
	failed = options_parse(&options, argc, argv, &error);
	if (options.warnings)
		fputs(options.warnings, stderr);
	code = failed ? complain(&error) : act_with_command(&options, argv);
	options_free(&options);
	return process_finish(main_flushed(code));
}

/* SPDX-License-Identifier: MIT */
/*
 * Completes the options when all of them have been read: finds the defaults that depend on other
 * options, and refuses options that contradict each other.
 */
#include "frontends/cli/finish.h"

#include <errno.h>
#include <math.h>
#include <string.h>

#include "bus/log.h"
#include "frontends/cli/cores.h"
#include "frontends/cli/machine/net.h"
#include "frontends/cli/machine/rtc.h"
#include "frontends/cli/table.h"
#include "frontends/cli/values.h"

#define RAM_DEFAULT (128 * MiB) /* as QEMU's virt machine */
#define RAM_BUNDLED (512 * MiB) /* the bundled guest unpacks its initramfs */
#define COMPARE_FILE "baya-compare.state"

static bool named_bios(const struct board_config *board)
{
	return board->bios && strcmp(board->bios, "default");
}

/* Checks the processor for the bundled kernel, which is compiled for some extensions and would hang
 * without them. */
static int check_bundled(struct parser *parser)
{
	const char *cpu = parser->options->board.cpu;
	char lacks[256] = "";

	if (cpu)
		board_cpu_lacks(cpu, lacks, sizeof(lacks));
	if (!*lacks)
		return 0;
	return keyval_fail(
		parser->error,
		"-cpu %.80s: the bundled Linux needs rv64gc, and this lacks %s; add what "
		"is missing, or name a -kernel",
		cpu, lacks);
}

/* Returns whether the bundled guest is booted, because the command line names nothing to boot. */
static bool boots_bundled(const struct board_config *board)
{
	return !board->program && !board->kernel && !named_bios(board) && !board->pflash[0].file &&
	       !board->load_count;
}

/*
 * Returns whether firmware starts a kernel, and not code in the second bank of flash, which may be
 * there for that. Without firmware such a bank is data.
 */
static bool skips_second_bank(const struct options *options)
{
	const struct board_config *board = &options->board;

	return (board->kernel || options->bundled) && !board_is_bare(board) &&
	       board->pflash[1].file && !board->pflash[0].file;
}

/* Determines what to boot, and checks that its parts fit together. */
static int finish_boot(struct parser *parser)
{
	struct options *options = parser->options;
	struct board_config *board = &options->board;

	if (board->program && (board->kernel || board->initrd || board->append || board->bios))
		return keyval_fail(parser->error,
				   "%s: a bare-metal program runs without -kernel, -initrd, "
				   "-append and -bios; a disk goes in by -drive file=FILE",
				   board->program);
	options->bundled = boots_bundled(board);
	if (options->verb == VERB_COMMAND && !options->bundled)
		return keyval_fail(parser->error,
				   "baya run: is about the bundled guest; does not go with "
				   "-kernel, -bios and the like");
	if (!board->kernel && !options->bundled && (board->initrd || board->append))
		return keyval_fail(parser->error, "%s: needs -kernel",
				   board->initrd ? "-initrd" : "-append");
	if (skips_second_bank(options))
		options_warn(parser,
			     "-drive if=pflash,unit=1: the %s is started, not code in this bank; "
			     "firmware that loads a kernel goes into unit=0",
			     board->kernel ? "-kernel" : "bundled Linux");
	if (options->bundled && !options->dumpdtb && check_bundled(parser))
		return -EINVAL;
	if (!parser->ram_given)
		board->ram_size = options->bundled ? RAM_BUNDLED : RAM_DEFAULT;
	if (board->program)
		board->semihosting = true;
	return 0;
}

/* Returns the file of a flash bank which the guest could change; NULL: there is none. */
static const char *changed_flash(const struct board_config *board)
{
	for (unsigned n = 0; n < ARRAY_SIZE(board->pflash); n++)
		if (board->pflash[n].file && !board->pflash[n].readonly &&
		    !board->pflash[n].snapshot)
			return board->pflash[n].file;
	return NULL;
}

/* Checks the options of machines that are compared (--compare), which must depend on nothing but
 * the guest. */
static int finish_compare(struct parser *parser)
{
	struct options *options = parser->options;
	struct board_config *board = &options->board;

	if (!board->compare && !board->restore)
		return 0;
	if (changed_flash(board))
		return keyval_fail(parser->error,
				   "%s: flash in a file must be readonly=on or snapshot=on",
				   board->compare ? "--compare" : "--restore");
	if (!board->compare)
		return 0;
	if (options->commit_log || (board->log_items & (LOG_STRICT | LOG_EXEC | LOG_CPU)))
		return keyval_fail(parser->error, "--compare: does not go with --log, --strict and "
						  "-d exec or cpu, which run in the interpreter");
	if (options->gdb.kind != LINK_NONE)
		return keyval_fail(parser->error,
				   "--compare: does not go with -gdb and -s: a machine "
				   "that is compared cannot be debugged");
	if (board->engine == board->reference)
		return keyval_fail(parser->error,
				   "--compare: both machines would run --engine=%s; give another "
				   "--engine, or --compare=ENGINE",
				   board_engine_name(board->engine));
	if (parser->clock_host)
		return keyval_fail(parser->error, "--compare: does not go with --clock=host, under "
						  "which no two runs are the same");
	board->clock = CLOCK_VIRTUAL;
	board->compare_file = COMPARE_FILE;
	return 0;
}

/* Returns whether the guest has the disk only through another node. The guest does not change the
 * disk if that node is read-only or a snapshot. */
static bool is_below(const struct board_config *board, const struct board_disk *disk)
{
	for (unsigned n = 0; disk->node && n < board->disk_count; n++)
		if (board->disks[n].below && !strcmp(board->disks[n].below, disk->node))
			return true;
	return false;
}

/* Returns the name of a disk or a flash bank whose file the guest could change; NULL: there is
 * none. */
static const char *changed_file(const struct board_config *board)
{
	for (unsigned n = 0; n < board->disk_count; n++) {
		const struct board_disk *disk = &board->disks[n];

		if (!is_below(board, disk) && !disk->readonly && !disk->snapshot)
			return disk->file ? disk->file : disk->node;
	}
	return changed_flash(board);
}

/* Checks the options of a recording or a replay. A replay must begin with the machine and the disks
 * with which the recording began. */
static int finish_replay(struct parser *parser)
{
	struct options *options = parser->options;
	const char *changed;

	if (options->replay.mode == REPLAY_NOTHING)
		return 0;
	if (options->verb == VERB_CYCLES)
		return keyval_fail(parser->error, "-icount: rr=: does not go with baya cycles");
	if (board_copies(&options->board))
		return keyval_fail(parser->error, "-icount: rr=: does not go with --compare and "
						  "--restore");
	changed = changed_file(&options->board);
	if (changed)
		return keyval_fail(parser->error,
				   "-icount: rr=: '%s' could change, and the run could then not be "
				   "replayed; add -snapshot, or make it readonly=on",
				   changed);
	if (parser->clock_host)
		return keyval_fail(parser->error,
				   "-icount: rr=: does not go with --clock=host, under "
				   "which no two runs are the same");
	if (options->board.ram.file && options->board.ram.share)
		return keyval_fail(parser->error, "-icount: rr=: the memory in a shared file would "
						  "change; give memory-backend-file share=off");
	options->net.absent = options->replay.mode == REPLAY_PLAY;
	return 0;
}

/* Returns an option that was given and says how to compare with a table; NULL: there is none. */
static const char *comparing(const struct cycles_options *cycles)
{
	return cycles->fit                 ? "fit" :
	       cycles->only                ? "only" :
	       isfinite(cycles->max_error) ? "max-error" :
	       isfinite(cycles->max_mean)  ? "max-mean" :
					     NULL;
}

/* Checks the options of `baya cycles`, which measures what is booted, or a folder of programs. */
static int finish_cycles(struct parser *parser)
{
	struct options *options = parser->options;
	const char *compares = comparing(&options->cycles);

	if (options->cycles.against ? !options->board.program : boots_bundled(&options->board))
		return keyval_fail(parser->error, "baya cycles: needs a program, or with --against "
						  "the folder of the programs (baya cycles -h)");
	if (!options->board.timing)
		return keyval_fail(parser->error, "baya cycles: needs --core=CORE");
	if (options->cycles.html && !strcmp(options->cycles.html, "-"))
		return keyval_fail(parser->error, "--html: '-' is no file; give the page a name, "
						  "such as --html=page.html");
	if (compares && !options->cycles.against)
		return keyval_fail(parser->error, "--%s: needs --against=TABLE", compares);
	if (options->cycles.against && (options->cycles.json || options->cycles.html))
		return keyval_fail(parser->error,
				   "--%s: does not go with --against, which compares",
				   options->cycles.json ? "json" : "html");
	return 0;
}

/* Checks the disks of `baya cycles` where it boots more than once: each run must find what the
 * first one found. */
static int finish_cycles_disks(struct parser *parser)
{
	const struct options *options = parser->options;
	const char *changed = changed_file(&options->board);
	bool several = options->cycles.against || cores_end_first(options->board.timing);

	if (changed && several)
		return keyval_fail(parser->error,
				   "baya cycles: '%s' could change, and the next run would find it "
				   "changed; add -snapshot, or make it readonly=on",
				   changed);
	return 0;
}

/* Checks the options of a timed region, which need a core that is timed. */
static int finish_region(struct parser *parser)
{
	const struct board_config *board = &parser->options->board;
	bool none = !board->timing || !strcmp(board->timing, "none");

	if (none && (board->timing_from || board->timing_until || board->timing_warm))
		return keyval_fail(parser->error, "--timing-%s: needs --timing=CORE or --core=CORE",
				   board->timing_from  ? "from" :
				   board->timing_until ? "until" :
							 "warm");
	if (board->timing_warm && !board->timing_from)
		return keyval_fail(parser->error, "--timing-warm: needs --timing-from");
	if (parser->options->cycles.against && (board->timing_from || board->timing_until))
		return keyval_fail(parser->error,
				   "--against: its programs measure parts of "
				   "themselves; does not go with --timing-from and --timing-until");
	return 0;
}

/* Returns whether what is wanted is a run, rather than a report about one. */
static bool runs_once(const struct options *options)
{
	return options->verb != VERB_CYCLES && options->verb != VERB_EXPLAIN;
}

/* Checks the options about a core: they need a core, and a run of that core. */
static int finish_timing(struct parser *parser)
{
	const struct options *options = parser->options;
	const struct profile_options *profile = &options->profile;
	const char *name = options->pipeview ? "pipeview" : "profile";
	bool counts = options->pipeview || profile->event || profile->period > 1;

	if (options->board.timing_check && !options->board.timing)
		return keyval_fail(parser->error,
				   "--timing-check: needs --timing=CORE or --core=CORE");
	if (options->coverage && !runs_once(options))
		return keyval_fail(parser->error, "--coverage: goes with a run, not with %s",
				   options_verb_name(options->verb));
	if (!options->pipeview && !options->profile.path)
		return finish_region(parser);
	if (options->pipeview && options->board.timing_check)
		return keyval_fail(parser->error, "--pipeview: does not go with --timing-check");
	if (!options->board.timing && counts)
		return keyval_fail(parser->error, "--%s%s: needs --timing=CORE or --core=CORE",
				   name,
				   options->pipeview ? "" :
				   profile->event    ? "-event" :
						       "-period");
	if (!runs_once(options))
		return keyval_fail(parser->error, "--%s: goes with a run, not with %s", name,
				   options_verb_name(options->verb));
	return finish_region(parser);
}

static int finish_engine(struct parser *parser)
{
	const struct options *options = parser->options;
	const char *name = options->board.jit_only != BOARD_JIT_ALL ? "only" :
			   options->jit_dump                        ? "dump" :
								      NULL;

	if (options->board.engine == ENGINE_JIT)
		return 0;
	if (name)
		return keyval_fail(parser->error, "--jit-%s: needs --engine=jit", name);
	if (options->perf_map)
		return keyval_fail(parser->error, "--perf-map: needs --engine=jit");
	return 0;
}

/* Checks options that say how a file is written: they need the option that names the file. */
static int finish_files(struct parser *parser)
{
	const struct options *options = parser->options;
	const struct profile_options *profile = &options->profile;
	const struct {
		bool set;
		const char *file, *name, *needed;
	} hows[] = {
		{ options->board.commit_format, options->commit_log, "log-format", "log" },
		{ profile->event, profile->path, "profile-event", "profile" },
		{ profile->period > 1, profile->path, "profile-period", "profile" },
		{ options->pipeview_max != PIPEVIEW_DEFAULT, options->pipeview, "pipeview-max",
		  "pipeview" },
		{ options->signature_shift != SIGNATURE_DEFAULT, options->signature,
		  "signature-granularity", "signature" },
	};

	for (unsigned n = 0; n < ARRAY_SIZE(hows); n++)
		if (hows[n].set && !hows[n].file)
			return keyval_fail(parser->error, "--%s: needs --%s=FILE", hows[n].name,
					   hows[n].needed);
	return 0;
}

static int finish_run(struct parser *parser)
{
	static int (*const parts[])(struct parser *parser) = {
		finish_engine, finish_files,   finish_memory,  finish_numa, finish_drives,
		finish_screen, finish_vnc, finish_devices, finish_netdevs, finish_sandbox,
	};
	const struct options *options = parser->options;
	int failed = options->verb == VERB_CYCLES ? finish_cycles(parser) : 0;

	if (parser->accel_missing && !parser->accel_found)
		return check_accel(parser, "-accel", parser->accel_missing);

	if (!failed)
		failed = finish_timing(parser);

	if (!failed && options->verb == VERB_DEBIAN)
		failed = finish_debian(parser);
	for (unsigned n = 0; n < ARRAY_SIZE(parts) && !failed; n++)
		failed = parts[n](parser);
	if (!failed)
		failed = finish_consoles(parser);
	if (!failed)
		failed = finish_daemon(parser);
	if (!failed)
		failed = finish_boot(parser);
	if (!failed)
		failed = finish_compare(parser);
	if (!failed && options->verb == VERB_COMMAND)
		failed = finish_command(parser);
	if (!failed)
		failed = finish_replay(parser);
	if (!failed && options->verb == VERB_CYCLES)
		failed = finish_cycles_disks(parser);
	if (!failed)
		failed = finish_clock(parser);
	if (!failed && options->signature && !options->board.program)
		failed = keyval_fail(parser->error, "--signature: needs a program to be run");
	if (!failed && options->explain.hart >= options->board.harts)
		failed = keyval_fail(parser->error,
				     "--hart=%u: the machine has harts 0 to %u; -smp gives it more",
				     (unsigned)options->explain.hart, options->board.harts - 1);
	return failed;
}

/* Completes the options of `baya test`. A test runs on the same machine as a bare-metal program. */
static int finish_test(struct parser *parser)
{
	struct options *options = parser->options;

	if (!options->suite.path_count)
		return keyval_fail(parser->error, "baya test: needs files or folders with tests "
						  "(baya test -h)");
	if (options->dumpdtb)
		return keyval_fail(parser->error, "-machine: dumpdtb= does not go with baya test");
	if (options->signature && options->suite.every_engine)
		return keyval_fail(parser->error, "--signature: goes with one engine, not with "
						  "--engine=all");
	if (parser->memories.id)
		return keyval_fail(parser->error, MEMORY_BACKEND "= does not go with baya test");
	if (!parser->ram_given)
		options->board.ram_size = RAM_DEFAULT;
	options->board.semihosting = true;
	return finish_clock(parser);
}

int options_finish(struct parser *parser)
{
	return parser->options->verb == VERB_TEST ? finish_test(parser) : finish_run(parser);
}

/* SPDX-License-Identifier: MIT */
/*
 * Assembles the machine from its parts, all of which are listed here. They are reset in the order
 * in which they are attached, and events that are due at the same time fire in that order.
 */
#include "devices/board/machine.h"
#include "devices/board/timing/timing.h"

#include "cpu/debug/coverage.h"
#include "cpu/debug/debug.h"
#include "cpu/engine/interp.h"
#include "cpu/engine/threaded.h"
#include "cpu/jit/jit.h"
#include "devices/board/compare/compare.h"
#include "devices/board/compare/reproducer.h"
#include "devices/board/cpu.h"
#include "devices/board/engine.h"
#include "devices/board/fw.h"
#include "devices/board/inspect/debug.h"
#include "devices/board/inspect/logging.h"
#include "devices/board/inspect/watch.h"
#include "devices/board/timing/timed.h"

#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

static void set_error(struct board *board, int exit_code, const char *format, va_list args)
{
	vsnprintf(board->error->text, sizeof(board->error->text), format, args);
	board->error->exit_code = exit_code;
}

int board_fail(struct board *board, int exit_code, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	set_error(board, exit_code, format, args);
	va_end(args);
	return -1;
}

int board_no_memory(struct board *board, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	set_error(board, 3, format, args);
	va_end(args);
	board_error_limit(board->error);
	return -1;
}

static int attach_memory(struct board *board)
{
	struct platform *platform = &board->platform;
	u64 size = board->config.ram_size;
	struct region region = { .name = "ram", .base = DRAM_BASE, .size = size };
	const char *file = board->config.ram.file;
	int error = ram_init_backed(&board->ram, "ram", size, &board->config.ram);

	if (error == -ERANGE)
		return board_fail(board, 3,
				  "%s: is smaller than the guest's memory, %llu MiB; "
				  "truncate it to 0 or to that size, or give less with -m",
				  file, size / MiB);
	if (error < 0 && file)
		return board_fail(board, 3, "%s: cannot hold the guest's memory: %s", file,
				  strerror(-error));
	if (error < 0)
		return board_no_memory(
			board,
			"cannot reserve %llu MiB for the guest's memory: %s; give less with -m",
			size / MiB, strerror(-error));
	region.ram = &board->ram;
	board_attached(bus_attach(&platform->bus, &region));
	state_register_ram(&platform->state, "ram", &board->ram);
	error = bootrom_init(&board->bootrom, &platform->bus, BOOT_ROM_BASE, BOOT_ROM_SIZE);
	if (error < 0)
		return board_no_memory(board, "not enough host memory for the boot ROM");
	board->has_bootrom = true;
	bootrom_register_state(&board->bootrom, &platform->state);
	return 0;
}

static_assert(BOARD_HARTS_MAX == HARTS_MAX && BOARD_HARTS_MAX == MAX_HARTS,
	      "each has room for all");

/* Checks that there are random bytes for Zkr's CSR. */
static int check_entropy(struct board *board)
{
	int failed = isa_has(&board->harts.isa, EXT_zkr) ? entropy_check(&board->platform.entropy) :
							   0;

	if (!failed)
		return 0;
	return board_fail(board, 3,
			  "-cpu with zkr: getrandom, from which random bytes come, is refused: "
			  "%s; allow it in the sandbox, or give --clock=virtual",
			  strerror(-failed));
}

static int attach_harts(struct board *board)
{
	struct platform *platform = &board->platform;
	struct harts *harts = &board->harts;
	struct ram *memories[] = { &board->ram, &board->bootrom.ram, &board->flash[0].ram,
				   &board->flash[1].ram };
	struct harts_config harts_config = {
		.count = board->config.harts,
		.adue_at_reset = board_is_bare(&board->config),
		.chaos = board->config.chaos,
	};
	const u64 bases[] = { DRAM_BASE, BOOT_ROM_BASE, FLASH_BASE, FLASH_BASE + FLASH_BANK_SIZE };

	if (board_cpu_harts(&board->config, &harts_config, board->error) < 0)
		return -1;
	if (board_timing(board, &harts_config) < 0)
		return -1;
	if (board->config.clock == CLOCK_VIRTUAL && !harts_config.timing)
		harts_config.shift = board->config.shift;
	timebase_init(&board->timebase, &platform->clock, TIMEBASE_HZ);
	timebase_register_state(&board->timebase, &platform->state);
	if (harts_init(harts, platform, &board->timebase, &harts_config) < 0)
		return board_no_memory(board, "not enough host memory for the harts");
	if (check_entropy(board) < 0)
		return -1;
	board_watch(board);
	board_roi_init(board);
	for (unsigned n = 0; n < ARRAY_SIZE(memories); n++)
		if (harts_watch(harts, memories[n], bases[n]) < 0)
			return board_no_memory(board, "not enough host memory for the harts");
	return board_attach_engine(board);
}

static void attach_basics(struct board *board)
{
	struct platform *platform = &board->platform;

	board_attached(uart_attach(&board->uart, platform, UART_BASE, board_irq(board, UART_IRQ)));
	board_attached(rtc_attach(&board->rtc, platform, RTC_BASE, board_irq(board, RTC_IRQ),
				  &board->config.rtc));
	board_attached(test_attach(&board->test, platform, TEST_BASE));
	board_attached(fwcfg_attach(&board->fwcfg, platform, FW_CFG_BASE));
	board->fw_ram[0] = (u32)board->config.ram_size;
	board->fw_ram[1] = (u32)(board->config.ram_size >> 32);
	board->fw_cpus = (u16)board->config.harts;
	fwcfg_add_item(&board->fwcfg, FWCFG_RAM_SIZE, board->fw_ram, sizeof(board->fw_ram));
	fwcfg_add_item(&board->fwcfg, FWCFG_CPUS, &board->fw_cpus, sizeof(board->fw_cpus));
	fwcfg_add_item(&board->fwcfg, FWCFG_CPUS_MAX, &board->fw_cpus, sizeof(board->fw_cpus));
	if (board->config.blob)
		fwcfg_add_file(&board->fwcfg, board->config.blob_name, board->config.blob,
			       strlen(board->config.blob));
}

/*
 * Fills in the entropy for /chosen/rng-seed. It comes from the host or, with the virtual clock, is
 * derived from the machine's seed.
 */
static void seed_ask(void *ctx, u8 *data, size_t size)
{
	struct board *board = ctx;
	u64 value = board->platform.seed;

	if (board->platform.clock.mode == CLOCK_HOST && getrandom(data, size, 0) == (ssize_t)size)
		return;
	for (size_t n = 0; n < size; n++) {
		/* xorshift64*, whose state must not be 0 */
		value += !value;
		value ^= value >> 12;
		value ^= value << 25;
		value ^= value >> 27;
		data[n] = (u8)(value * 2685821657736338717ull >> 56);
	}
}

static void reset_put(void *ctx, const u8 *data, size_t size)
{
	struct board *board = ctx;

	(void)data;
	(void)size;
	/* The machine may have ended: with -no-shutdown it is kept, and may be reset. */
	board->platform.end = MACHINE_RUNS;
	platform_end(&board->platform, MACHINE_RESET, 0);
}

void board_request_reset(struct board *board)
{
	journal_put(&board->platform.journal, board->reset_sink, "r", 1);
}

static void nmi_put(void *ctx, const u8 *data, size_t size)
{
	struct board *board = ctx;

	if (size == 1 && data[0] < board->harts.count)
		hart_nmi(board->harts.hart[data[0]]);
}

bool board_request_nmi(struct board *board, unsigned hart)
{
	u8 number = (u8)hart;

	if (hart >= board->harts.count || !isa_has(&board->harts.isa, EXT_smrnmi))
		return false;
	journal_put(&board->platform.journal, board->nmi_sink, &number, 1);
	return true;
}

static u64 board_instructions(void *ctx)
{
	const struct board *board = ctx;

	return harts_retired(&board->harts);
}

static int board_connect(struct board *board)
{
	const struct journal_sink seed = { .name = "rng-seed", .ask = seed_ask, .ctx = board };
	const struct journal_sink reset = { .name = "reset", .put = reset_put, .ctx = board };
	const struct journal_sink nmi = { .name = "nmi", .put = nmi_put, .ctx = board };

	board->platform.journal.instructions = board_instructions;
	board->platform.journal.instructions_ctx = board;
	board->seed_sink = journal_register(&board->platform.journal, &seed);
	board->reset_sink = journal_register(&board->platform.journal, &reset);
	board->nmi_sink = journal_register(&board->platform.journal, &nmi);
	board_debug_connect(board);
	board_probe_connect(board);
	board_replay_connect(board);
	board_htif_attach(board);
	return board_semihost_attach(board);
}

static int build(struct board *board)
{
	if (attach_memory(board) < 0 || board_attach_flash(board) < 0 || attach_harts(board) < 0)
		return -1;
	board_attach_interrupts(board);
	attach_basics(board);
	board_attach_pci(board);
	if (board_fw_attach(board) < 0 || board_attach_disks(board) < 0 ||
	    board_attach_devices(board) < 0)
		return -1;
	return board_connect(board);
}

struct board *board_make(const struct board_config *config, struct board_error *error)
{
	struct board *board = calloc(1, sizeof(*board));

	if (!board) {
		board_error_memory(error);
		return NULL;
	}
	board->config = *config;
	board->error = error;
	platform_init(&board->platform, config->clock, config->seed);
	board->platform.state.version = config->version;
	board->platform.log.items = config->log_items;
	board->platform.log.ranges = config->log_ranges;
	board->platform.log.file = config->log_file;
	symbols_init(&board->symbols);
	if (build(board) < 0 || board_reset(board, error) < 0 || board_restore(board) < 0) {
		board_free(board);
		return NULL;
	}
	return board;
}

struct board *board_create(const struct board_config *config, struct board_error *error)
{
	struct board *board = board_make(config, error);

	if (!board || !config->compare)
		return board;
	board->compare = compare_create(board);
	if (!board->compare) {
		board_free(board);
		return NULL;
	}
	return board;
}

void board_free(struct board *board)
{
	struct board_log_end before;

	if (!board)
		return;
	compare_free(board->compare);
	board_replay_free(board);
	board_log_file(board, NULL, &before);
	board_free_devices(board);
	coverage_free(board->coverage);
	debug_detach(board->debug);
	board_semihost_free(board);
	board_free_disks(board);
	harts_free(&board->harts);
	jit_free(board->jit);
	for (unsigned n = 0; n < BOARD_HARTS_MAX; n++)
		timing_account_free(board->accounts[n]);
	while (board->flash_count)
		flash_free(&board->flash[--board->flash_count]);
	if (board->has_bootrom)
		bootrom_free(&board->bootrom);
	if (board->ram.host)
		ram_free(&board->ram);
	symbols_free(&board->symbols);
	board_fw_free(board);
	free(board->dtb.blob);
	free(board->core);
	platform_free(&board->platform);
	free(board);
}

const char *board_version(const struct board *board)
{
	return board->config.version ? board->config.version : "(unknown)";
}

/*
 * Checks that a program's tohost and fromhost are in memory: a write to tohost would not be seen
 * elsewhere.
 */
static int check_htif(struct board *board)
{
	static const char *const names[] = { "tohost", "fromhost" };
	u64 addr;

	for (unsigned n = 0; board->config.program && n < ARRAY_SIZE(names); n++)
		if (symbols_find(&board->symbols, names[n], &addr) &&
		    !range_within(addr, sizeof(u64), DRAM_BASE, board->config.ram_size))
			return board_fail(board, 3,
					  "program '%.200s': has its symbol %s at 0x%llx, "
					  "which is not in RAM; link it for RAM from 0x%x on, "
					  "or give more with -m",
					  board->config.program, names[n], addr, DRAM_BASE);
	return 0;
}

static int load_symbols(struct board *board)
{
	const struct board_config *config = &board->config;
	int code = 0;

	for (unsigned n = 0; n < config->symbols_count && !code; n++)
		code = loader_symbols(&board->loader, &config->symbols[n], KERNEL_BASE);
	return code;
}

int board_reset(struct board *board, struct board_error *error)
{
	board->error = error;
	board->platform.end = MACHINE_RUNS;
	harts_reset(&board->harts, BOOT_ROM_BASE);
	/* The harts are reset before the devices, which may set the harts' interrupt lines. */
	platform_reset(&board->platform);
	if (board_load_images(board) < 0)
		return -1;
	/*
	 * With a program, symbols are loaded before HTIF is reset, because the tohost of a stripped
	 * program comes from them. Without one, they only name addresses.
	 */
	if (board->config.program && load_symbols(board) < 0)
		return -1;
	if (check_htif(board) < 0)
		return -1;
	board_htif_reset(board);
	if (!board->config.program && load_symbols(board) < 0)
		return -1;
	if (board_roi_reset(board) < 0)
		return -1;
	if (board->debug)
		debug_forget(board->debug);
	board_collect_devices(board);
	board_fw_order(board);
	return board->compare ? compare_reset(board->compare) : 0;
}

static enum board_exit ended(struct board *board)
{
	switch (board->platform.end) {
	case MACHINE_RUNS:
		return BOARD_SLICE;
	case MACHINE_RESET:
		return BOARD_RESET;
	default:
		return BOARD_ENDED;
	}
}

enum board_exit board_run_alone(struct board *board)
{
	u64 before = harts_retired(&board->harts);
	enum harts_exit exit;

	if (board->platform.end != MACHINE_RUNS)
		return ended(board);
	/*
	 * Input may have arrived between the slices. It is not received where a limit has cut a
	 * slice, because nothing may happen there.
	 */
	if (harts_between_slices(&board->harts))
		htif_receive(&board->htif);
	board_htif_watch(board);
	exit = harts_run(&board->harts);

	board->tier_retired[board->engine] += harts_retired(&board->harts) - before;
	if (board->timing.kind)
		roi_update(&board->roi);
	if (exit == HARTS_IDLE || exit == HARTS_DEAD)
		htif_poll(&board->htif);
	if (board->platform.end != MACHINE_RUNS)
		return ended(board);
	switch (exit) {
	case HARTS_IDLE:
		return BOARD_IDLE;
	case HARTS_DEAD:
		return BOARD_DEAD;
	case HARTS_LIMIT:
		return BOARD_LIMIT;
	case HARTS_STOPPED:
		return BOARD_STOPPED;
	default:
		return BOARD_SLICE;
	}
}

enum board_exit board_run(struct board *board)
{
	enum board_exit exit = board->compare     ? compare_run(board->compare) :
			       board->replay.file ? board_run_replayed(board) :
						    board_run_alone(board);
	char text[BOARD_DIFFERENCE_MAX];

	board_collect_devices(board);
	return board_timing_difference(board, text, sizeof(text)) ? BOARD_DIFFER : exit;
}

void board_limit(struct board *board, u64 count)
{
	if (board->compare)
		compare_limit(board->compare, count);
	else
		board->replay.limit = board->harts.limit = count;
}

struct platform *board_platform(struct board *board)
{
	return &board->platform;
}

struct chardev *board_serial(struct board *board)
{
	return &board->uart.chardev;
}

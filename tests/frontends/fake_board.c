/* SPDX-License-Identifier: MIT */
/*
 * The functions of board.h on top of the fake.
 */
#include "fake_board.h"

#include "devices/board/calls.h"
#include "devices/board/explain/explain.h"
#include "devices/board/inspect/debug.h"
#include "devices/board/inspect/hart_state.h"
#include "devices/board/inspect/probe.h"
#include "devices/board/replay.h"
#include "devices/board/samples.h"
#include "devices/board/plug/balloon.h"
#include "devices/board/timing/regions.h"
#include "devices/board/timing/timing.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

static void serial_put(void *ctx, const u8 *data, size_t size)
{
	struct board *board = ctx;

	assert(size <= board->room && size <= sizeof(board->received) - board->received_size);
	memcpy(board->received + board->received_size, data, size);
	board->received_size += size;
	if (board->echo)
		chardev_write(&board->serial, data, size);
}

static size_t serial_room(void *device)
{
	return ((struct board *)device)->room;
}

void fake_board_init(struct board *board, enum clock_mode mode)
{
	struct journal_sink sink = { "serial", serial_put, NULL, board };

	memset(board, 0, sizeof(*board));
	platform_init(&board->platform, mode, 0);
	board->room = 16;
	board->serial.device = board;
	board->serial.room = serial_room;
	board->serial.sink = journal_register(&board->platform.journal, &sink);
	for (unsigned i = 0; i < FAKE_RAM_SIZE; i++)
		board->ram[i] = (u8)(0x80 + i);
}

void fake_board_free(struct board *board)
{
	platform_free(&board->platform);
}

enum board_exit board_run(struct board *board)
{
	bool reset = board->reset_requested;

	board->slices++;
	board->reset_requested = false;
	return reset ? BOARD_RESET : board->slice(board);
}

void board_request_reset(struct board *board)
{
	board->reset_requested = true;
}

bool board_request_nmi(struct board *board, unsigned hart)
{
	board->nmi_hart = hart;
	return board->has_nmi;
}

int board_reset(struct board *board, struct board_error *error)
{
	board->resets++;
	if (board->reset_result) {
		snprintf(error->text, sizeof(error->text), "the kernel is gone");
		error->exit_code = 3;
	}
	return board->reset_result;
}

void board_limit(struct board *board, u64 instructions)
{
	board->limit = instructions;
}

struct platform *board_platform(struct board *board)
{
	return &board->platform;
}

struct chardev *board_serial(struct board *board)
{
	return &board->serial;
}

struct chardev *board_port(struct board *board, const struct virtio_serial_port *config)
{
	return &board->virtcon;
}

struct net *board_net(struct board *board, unsigned n)
{
	return NULL;
}

struct vsock *board_vsock(struct board *board, unsigned n)
{
	return NULL;
}

struct audio *board_audio(struct board *board, const char *audiodev)
{
	return NULL;
}

const char *board_version(const struct board *board)
{
	return "0.1.0";
}

void board_info_harts(struct board *board, void *file)
{
	board->explained++;
	fprintf(file, "hart 0: waits\n");
}

bool board_has_symbols(struct board *board)
{
	(void)board;
	return true;
}

void board_explain(struct board *board, void *file)
{
	board->explained++;
	fprintf(file, "hart 0: waits, and why\n");
}

void board_explain_hart(struct board *board, unsigned hart, void *file)
{
	fprintf(file, "hart %u waits, and why\n", hart);
}

void board_info_traps(struct board *board, unsigned hart, void *file)
{
	fprintf(file, "traps of hart %u\n", hart);
}

/* Each hart has had two traps. */
bool board_explain_trap(struct board *board, unsigned hart, u64 number, void *file)
{
	if (number > 2)
		return false;
	fprintf(file, "trap %u of hart %u\n", number ? (unsigned)number : 2, hart);
	return true;
}

void board_explain_access(struct board *board, const struct board_memory *at,
			  enum board_access access, void *file)
{
	fprintf(file, "access %u of hart %u at 0x%llx%s\n", access, at->hart, at->addr,
		fake_space(at));
}

void board_info_registers(struct board *board, unsigned hart, void *file)
{
	fprintf(file, "registers of hart %u\n", hart);
}

void board_info_vectors(struct board *board, unsigned hart, void *file)
{
	fprintf(file, "vectors of hart %u\n", hart);
}

void board_info_mtree(struct board *board, void *file)
{
	fprintf(file, "the tree\n");
}

void board_info_pci(struct board *board, void *file)
{
	fprintf(file, "the bus\n");
}

void board_info_pic(struct board *board, void *file)
{
	fprintf(file, "the plic\n");
}

/* A virtual address is the physical one with bit 63 inverted. */
bool board_peek(struct board *board, const struct board_memory *at, void *data)
{
	u64 addr = at->space.kind == SPACE_PHYSICAL ? at->addr : at->addr ^ BIT(63);

	if (!range_within(addr, at->size, FAKE_RAM_BASE, FAKE_RAM_SIZE))
		return false;
	memcpy(data, board->ram + (addr - FAKE_RAM_BASE), at->size);
	return true;
}

/* There is no flash. */
bool board_debug_held(struct board *board, const struct board_memory *at, void *data)
{
	return board_peek(board, at, data);
}

/* The device has one register of four bytes, which counts how often it is read. */
bool board_probe(struct board *board, unsigned hart, u64 addr, unsigned size, u64 *value)
{
	(void)hart;
	*value = addr == FAKE_DEVICE && size == 4 ? ++board->device_reads : 0;
	return addr == FAKE_DEVICE && size == 4;
}

void board_stats(struct board *board, struct board_stats *stats)
{
	*stats = board->stats;
}

const char *board_engine_lacks(void)
{
	return NULL;
}

const char *board_engine_name(enum board_engine engine)
{
	static const char *const names[] = { "interp", "threaded", "jit" };

	return names[engine];
}

void board_symbol(struct board *board, u64 addr, char *text, size_t size)
{
	snprintf(text, size, "%s", "");
}

/* No hart is timed. */
const char *board_event_name(unsigned event)
{
	return NULL;
}

int board_count_calls(struct board *board, unsigned event, u64 period, bool by_place)
{
	return -ENOTSUP;
}

int board_calls(struct board *board, struct board_calls *calls)
{
	return -ENOMEM;
}

void board_calls_free(struct board_calls *calls)
{
}

int board_record(struct board *board, FILE *file)
{
	return -ENOTSUP;
}

int board_record_end(struct board *board)
{
	return 0;
}

int board_replay(struct board *board, const char *path, struct board_error *error)
{
	return -ENOTSUP;
}

bool board_replay_has_end(const struct board *board)
{
	return true;
}

const char *board_replay_difference(struct board *board)
{
	return NULL;
}

struct board_samples *board_samples_create(struct board *board)
{
	return NULL;
}

void board_samples_free(struct board_samples *samples)
{
}

void board_samples_take(struct board_samples *samples, const void *code, const u64 *stack,
			u64 weight)
{
}

int board_samples_calls(const struct board_samples *samples, struct board_calls *calls)
{
	return -ENOMEM;
}

u64 board_uncached(const struct board *board)
{
	return 0;
}

const char *board_core(struct board *board)
{
	return NULL;
}

bool board_roi(struct board *board, u64 *count, struct board_cost *cost)
{
	return false;
}

bool board_roi_extremes(const struct board *board, struct board_extremes *extremes)
{
	return false;
}

void board_timing_command(struct board *board, const char *text, void *file)
{
	fprintf(file, "timing %s\n", text ? text : "alone");
}

int board_count_cycles(struct board *board, bool by_place)
{
	return 0;
}

int board_watch_pipeline(struct board *board, board_step_fn *step, void *ctx)
{
	return -ENOTSUP;
}

void board_place_text(struct board *board, const struct board_place *place, char *text, size_t size)
{
	snprintf(text, size, "nop");
}

u64 board_hart_cycles(struct board *board, unsigned hart)
{
	return board->stats.cycles;
}

bool board_memo(struct board *board, unsigned hart, struct board_memo *memo)
{
	return false;
}

bool board_timing_difference(struct board *board, char *text, size_t size)
{
	snprintf(text, size, "no difference");
	return false;
}

void board_mode_cost(struct board *board, unsigned hart, unsigned mode, struct board_cost *cost)
{
	*cost = (struct board_cost){ 0 };
}

void board_mode_events(struct board *board, unsigned hart, unsigned mode, u64 *events)
{
}

const char *board_mode_name(unsigned mode)
{
	return NULL;
}

const char *board_cause_name(unsigned cause)
{
	return NULL;
}

struct display *board_display(struct board *board, unsigned n)
{
	return n ? NULL : board->display;
}

struct input *board_input(struct board *board, enum input_kind kind)
{
	return board->inputs[kind];
}

bool board_balloon(struct board *board, struct board_balloon *balloon)
{
	if (board->balloon)
		*balloon = (struct board_balloon){ 128 * MiB, board->balloon, 4 * KiB };
	return board->balloon;
}

bool board_balloon_want(struct board *board, u64 bytes)
{
	if (board->balloon)
		board->balloon = bytes;
	return board->balloon;
}

bool board_balloon_stat(struct board *board, unsigned n, const char **name, u64 *value)
{
	*name = "stat-free-memory";
	*value = 42;
	return !n;
}

void board_balloon_ask(struct board *board)
{
}

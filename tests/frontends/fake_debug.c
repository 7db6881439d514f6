/* SPDX-License-Identifier: MIT */
/*
 * The functions of devices/board/inspect/debug.h and inspect.h on top of the fake: some registers,
 * RAM, one point, and fixed answers.
 */
#include "fake_board.h"

#include "devices/board/inspect/coverage.h"
#include "devices/board/inspect/inspect.h"
#include "devices/board/inspect/logging.h"
#include "devices/board/inspect/probe.h"
#include "devices/board/plug/nodes.h"
#include "devices/board/inspect/hart_state.h"
#include "devices/board/errors.h"
#include "devices/board/plug/plug.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#define FAKE_CSR (BOARD_REG_CSR + 0x300)

int board_debug(struct board *board, bool attached)
{
	board->debugger = attached;
	return 0;
}

int board_coverage_begin(struct board *board)
{
	return -ENOMEM;
}

bool board_coverage_begun(const struct board *board)
{
	return true;
}

void board_coverage_clear(struct board *board)
{
	board->coverage_cleared = true;
}

int board_coverage_write(struct board *board, void *file)
{
	return fputs("coverage\n", file) < 0 ? -EIO : 0;
}

const char *board_log_items(struct board *board, unsigned items)
{
	if (items & LOG_STRICT)
		return "strict";
	board->log_items = items;
	return NULL;
}

int board_log_file(struct board *board, const char *path, struct board_log_end *before)
{
	*before = (struct board_log_end){ 0, "log" };
	before->failed = path && !strcmp(path, "/lost/log") ? -ENOSPC : 0;
	return path && !strcmp(path, "/nowhere/log") ? -ENOENT : 0;
}

bool board_reg(struct board *board, unsigned number, struct board_reg *reg)
{
	reg->bits = number > BOARD_REG_CSR && number < BOARD_REG_CSR + 4 ? 32 : 64;
	snprintf(reg->name, sizeof(reg->name), "r%u", number);
	return number < BOARD_REG_CSR || number == BOARD_REG_CSR + 1 || number == FAKE_CSR ||
	       number == BOARD_REG_PRIV;
}

bool board_reg_get(struct board *board, unsigned hart, unsigned number, u64 *value)
{
	*value = board->regs[number] + hart;
	return true;
}

bool board_reg_set(struct board *board, unsigned hart, unsigned number, u64 value)
{
	if (number == FAKE_CSR)
		return false;
	board->regs[number] = value;
	return true;
}

bool board_vector_get(struct board *board, unsigned hart, unsigned number, void *data)
{
	return false;
}

bool board_vector_set(struct board *board, unsigned hart, unsigned number, const void *data)
{
	return false;
}

static u8 *fake_debug_find(struct board *board, const struct board_memory *at)
{
	if (!range_within(at->addr, at->size, FAKE_RAM_BASE, FAKE_RAM_SIZE))
		return NULL;
	return board->ram + (at->addr - FAKE_RAM_BASE);
}

bool board_debug_read(struct board *board, const struct board_memory *at, void *data)
{
	const u8 *found = fake_debug_find(board, at);
	u64 value;

	if (found)
		memcpy(data, found, at->size);
	else if (at->space.kind == SPACE_PHYSICAL &&
		 board_probe(board, at->hart, at->addr, (unsigned)at->size, &value))
		memcpy(data, &value, at->size);
	else
		return false;
	return true;
}

bool board_debug_write(struct board *board, const struct board_memory *at, const void *data)
{
	u8 *found = fake_debug_find(board, at);

	if (found)
		memcpy(found, data, at->size);
	return found;
}

int board_point_set(struct board *board, enum board_point kind, const struct board_memory *at)
{
	if (!at->size)
		return -EINVAL;
	board->point.kind = kind;
	board->point.addr = at->addr;
	board->point.size = at->size;
	return 0;
}

int board_point_clear(struct board *board, enum board_point kind, u64 addr, u64 size)
{
	board->point.size = 0;
	return 0;
}

void board_go(struct board *board, unsigned hart, enum board_go go, u64 first, u64 end)
{
	board->debugged[hart].go = go;
	board->debugged[hart].first = first;
	board->debugged[hart].end = end;
}

void board_step_interrupts(struct board *board, bool on)
{
}

bool board_steps_interrupt(const struct board *board)
{
	return false;
}

bool board_stopped(struct board *board, unsigned hart, struct board_stop *stop)
{
	bool stopped = board->debugged[hart].stopped;

	*stop = board->debugged[hart].stop;
	board->debugged[hart].stopped = false;
	return stopped;
}

void board_hold(struct board *board, bool held)
{
	board->held_time = held;
}

void board_inspect_hart(struct board *board, unsigned hart, struct board_hart *state)
{
	*state = (struct board_hart){ .mode = board->mode ? board->mode : "M",
				     .waiting = hart == 1,
				     .traps = board->traps,
				     .from_mode = "U" };
}

/* The board has no ELF; test_gdb_file.c brings its own. */
int board_open_elf(struct board *board, const char **name, u64 *size)
{
	*name = NULL;
	*size = 0;
	return -ENOENT;
}

const char *fake_space(const struct board_memory *at)
{
	static const char *const names[] = {
		[SPACE_CURRENT] = "", [SPACE_PHYSICAL] = " (physical)", [SPACE_HS] = " (hs)",
		[SPACE_VS] = " (vs)", [SPACE_GPA] = " (gpa)", [SPACE_VMID] = " (vmid)",
	};

	return names[at->space.kind];
}

/* The guest with VMID 3 exists in some tests. */
bool board_has_vmid(struct board *board, u16 vmid)
{
	return vmid == 3 && board->guest;
}

void board_info_mem(struct board *board, const struct board_memory *at, void *file)
{
	fprintf(file, "mappings of hart %u%s\n", at->hart, fake_space(at));
}

void board_info_tlb(struct board *board, unsigned hart, void *file)
{
	fprintf(file, "TLB of hart %u\n", hart);
}

/* Only one address is mapped. */
bool board_gva2gpa(struct board *board, const struct board_memory *at, u64 *gpa)
{
	*gpa = 0x1000 + at->hart + at->space.kind * 0x100;
	return at->addr == 0x8000;
}

void board_info_jit(struct board *board, void *file)
{
	fprintf(file, "the engine\n");
}

void board_info_qtree(struct board *board, void *file)
{
	fprintf(file, "the devices\n");
}

void board_info_blockstats(struct board *board, void *file)
{
	fprintf(file, "the counts\n");
}

void board_info_block(struct board *board, void *file)
{
	fprintf(file, "the disks\n");
}

/* The board has one disk. */
bool board_block(struct board *board, unsigned n, struct board_block *block)
{
	*block = (struct board_block){ .id = "disk", .node = "node", .file = "a.img",
				       .driver = "raw", .size = 512 };
	return !n;
}

bool board_image(struct board *board, unsigned n, unsigned level, struct board_image *image)
{
	*image = (struct board_image){ .file = "a.img", .driver = "raw", .size = 512 };
	return !n && !level;
}

int board_add_node(struct board *board, const struct board_disk *config, struct board_error *error)
{
	snprintf(error->text, sizeof(error->text), "node '%s' refused", config->node);
	return -1;
}

int board_delete_node(struct board *board, const char *name, struct board_error *error)
{
	snprintf(error->text, sizeof(error->text), "node '%s' kept", name);
	return -1;
}

int board_grow_disk(struct board *board, const char *drive, const char *name, u64 size,
		    struct board_error *error)
{
	snprintf(error->text, sizeof(error->text), "node '%s' keeps its size", name ? name : drive);
	return -1;
}

int board_commit_disks(struct board *board, const char *name, struct board_error *error)
{
	snprintf(error->text, sizeof(error->text), "%s kept", name ? name : "all");
	return -1;
}

int board_plug(struct board *board, const struct device_config *config, struct board_error *error)
{
	snprintf(error->text, sizeof(error->text), "%s refused", config->type);
	return -1;
}

int board_unplug(struct board *board, const char *id, struct board_error *error)
{
	snprintf(error->text, sizeof(error->text), "Device '%s' not found", id);
	return -ENODEV;
}

void board_on_unplugged(struct board *board, void (*gone)(void *ctx, const char *id), void *ctx)
{
}

void board_set_unattended(struct board *board, bool unattended)
{
	(void)board;
	(void)unattended;
}

void board_on_disk_error(struct board *board, board_disk_failed *failed, void *ctx)
{
}

void board_print_code(struct board *board, const struct board_memory *at, u64 count, void *file)
{
	fprintf(file, "%llu instructions of hart %u at 0x%llx%s\n", count, at->hart, at->addr,
		fake_space(at));
}

bool board_ps(struct board *board, unsigned hart, void *file)
{
	if (hart)
		fprintf(file, "the processes\n");
	return hart;
}

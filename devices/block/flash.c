/* SPDX-License-Identifier: MIT */
/*
 * Parallel flash: the write state machine of two Intel 28F128J3 chips that work in lockstep, their
 * CFI table, and the backing file. Commands and numbers are those of the 3 Volt Intel StrataFlash
 * data sheet and of JEDEC's CFI (JESD68.01). Both chips get every command, from the lowest byte of
 * a write. Operations take no time, so the bank is always ready, and suspending has no effect.
 */
#include "devices/block/flash.h"

#include "devices/block/disk.h"
#include "devices/block/disk_format.h"
#include "devices/block/image_lock.h"
#include "devices/fdt.h"
#include "devices/memmap.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define FLASH_CONFIRM_CODE 0xd0
#define FLASH_BUFFER_WORDS (FLASH_BUFFER_SIZE / 4)

/*
 * The state of the write state machine: it determines what reads return and how the next write is
 * interpreted.
 */
enum flash_mode {
	FLASH_ARRAY,
	FLASH_STATUS,
	FLASH_IDENT,
	FLASH_QUERY,
	/* The states within a command, in which reads return the status register. */
	FLASH_PROGRAM,
	FLASH_ERASE,
	FLASH_LOCK,
	FLASH_COUNT,
	FLASH_FILL,
	FLASH_CONFIRM,
	FLASH_MODES,
};

enum {
	STATUS_LOCKED = 1 << 1,
	STATUS_PROGRAM = 1 << 4,
	STATUS_ERASE = 1 << 5,
	/* command sequence error: a wrong second cycle */
	STATUS_SEQUENCE = STATUS_PROGRAM | STATUS_ERASE,
	STATUS_READY = 1 << 7,
};

/* One chip's answers to the CFI query, by word address. */
static const u8 flash_cfi[] = {
	[0x10] = 'Q', 'R', 'Y',
	[0x13] = 0x01, 0x00, /* primary command set: Intel's extended one */
	[0x15] = 0x31, 0x00, /* the address of its table */
	[0x1b] = 0x27, 0x36, /* Vcc 2.7 to 3.6 V */
	[0x1f] = 0x07, 0x07, 0x0a, 0x00, /* typical: word 2^7 us, buffer 2^7 us, block 2^10 ms */
	[0x23] = 0x04, 0x04, 0x04, 0x00, /* maximum: 2^4 times that */
	[0x27] = 24, /* 2^24 bytes */
	[0x28] = 0x01, 0x00, /* 16 data lines */
	[0x2a] = 11, 0x00, /* buffer of 2^11 bytes */
	[0x2c] = 1, /* one region: 128 blocks of 512 * 256 bytes */
	[0x2d] = 127, 0x00, 0x00, 0x02,
	[0x31] = 'P', 'R', 'I', '1', '0',
	[0x36] = 0x00, 0x00, 0x00, 0x00, /* no optional feature */
	[0x3d] = 0x33, 0x00, /* best Vcc 3.3 V; no Vpp */
	[0x3f] = 1, /* one protection register, which is absent according to the features */
	[0x43] = 0x00,
};

static_assert(FLASH_BANK_SIZE == 2ull << 24, "two chips of the size in the CFI table");
static_assert(FLASH_BANK_SIZE == 128 * FLASH_BLOCK_SIZE, "blocks of the CFI table");
static_assert(FLASH_BUFFER_SIZE == 2ull << 11, "two buffers of the size in the CFI table");

/* The manufacturer and device codes, then the block's lock bit, by word address in a block. */
static const u8 flash_ident[] = { 0x89, 0x18, 0x00 };

/*
 * Reading the array as ROM, or not any more, drops all translated code. That counts as work of this
 * many bytes.
 */
#define MAP_COST (64 * KiB)

/* Contents of erased flash, to be written to the file. */
static const u8 flash_ones[4096] = { [0 ... 4095] = 0xff };

static void flash_map(struct flash *flash)
{
	bool rom = flash->mode == FLASH_ARRAY && !flash->blank;

	bus_remap(&flash->platform->bus, flash->base, rom ? &flash->ram : NULL);
}

static void flash_set_mode(struct flash *flash, u8 mode)
{
	bool was_rom = flash->mode == FLASH_ARRAY && !flash->blank;
	bool is_rom = mode == FLASH_ARRAY && !flash->blank;

	flash->mode = mode;
	if (was_rom == is_rom)
		return;
	platform_work(flash->platform, MAP_COST);
	flash_map(flash);
}

/*
 * Writes erased contents to memory, if that has not been done. As it is done only when a bank is
 * first programmed, a blank bank costs nothing.
 */
static void flash_touch(struct flash *flash)
{
	if (!flash->blank)
		return;
	platform_work(flash->platform, FLASH_BANK_SIZE);
	ram_mark_range(&flash->ram, 0, FLASH_BANK_SIZE);
	memset(flash->ram.host, 0xff, FLASH_BANK_SIZE);
	flash->blank = false;
}

static void flash_write_failed(struct flash *flash, int error)
{
	const struct disk_failure failure = {
		.operation = "write",
		.error = error,
		.action = DISK_REPORT,
		.first = !flash->failed,
	};

	flash->failed = true;
	if (flash->report)
		flash->report(flash->report_ctx, &failure);
}

/* Writes to the file immediately. Returns false after an error of the host, which is reported. */
static bool flash_pwrite(struct flash *flash, const u8 *data, u64 size, u64 offset)
{
	platform_work(flash->platform, PLATFORM_WORK_CALL + size);
	while (size) {
		ssize_t done = pwrite(flash->fd, data, size, (off_t)offset);

		if (done < 0 && errno == EINTR)
			continue;
		if (done <= 0) {
			flash_write_failed(flash, done < 0 ? -errno : -EIO);
			return false;
		}
		data += done;
		size -= (u64)done;
		offset += (u64)done;
		flash->file_size = MAX(flash->file_size, offset);
	}
	return true;
}

static bool flash_pwrite_ones(struct flash *flash, u64 size, u64 offset)
{
	while (size) {
		u64 piece = MIN(size, sizeof(flash_ones));

		if (!flash_pwrite(flash, flash_ones, piece, offset))
			return false;
		offset += piece;
		size -= piece;
	}
	return true;
}

/*
 * Writes programmed data to the file. A gap between the file's end and the data becomes erased
 * flash.
 */
static bool flash_save(struct flash *flash, u32 offset, const u8 *data, u32 size)
{
	if (flash->fd < 0)
		return true;
	if (offset > flash->file_size &&
	    !flash_pwrite_ones(flash, offset - flash->file_size, flash->file_size))
		return false;
	return flash_pwrite(flash, data, size, offset);
}

/*
 * Programs the array: bits can change only from 1 to 0. Replaces `data` by the array's new
 * contents.
 */
static void flash_program_bytes(struct flash *flash, u32 offset, u8 *data, u32 size)
{
	if (flash->readonly) {
		flash->status |= STATUS_PROGRAM | STATUS_LOCKED;
		return;
	}
	for (u32 i = 0; i < size && !flash->blank; i++)
		data[i] &= flash->ram.host[offset + i];
	if (!flash_save(flash, offset, data, size)) {
		flash->status |= STATUS_PROGRAM;
		return;
	}
	flash_touch(flash);
	ram_mark_range(&flash->ram, offset, size);
	memcpy(flash->ram.host + offset, data, size);
}

static void flash_erase_block(struct flash *flash, u32 offset)
{
	u64 end = MIN(offset + FLASH_BLOCK_SIZE, flash->file_size);

	if (flash->readonly) {
		flash->status |= STATUS_ERASE | STATUS_LOCKED;
		return;
	}
	if (flash->fd >= 0 && offset < end && !flash_pwrite_ones(flash, end - offset, offset)) {
		flash->status |= STATUS_ERASE;
		return;
	}
	if (flash->blank)
		return;
	platform_work(flash->platform, FLASH_BLOCK_SIZE);
	ram_mark_range(&flash->ram, offset, FLASH_BLOCK_SIZE);
	memset(flash->ram.host + offset, 0xff, FLASH_BLOCK_SIZE);
}

static void flash_sequence_error(struct flash *flash, u32 offset, u32 value)
{
	log_line(&flash->platform->log, LOG_GUEST_ERRORS,
		 "flash: %#x at offset %#x is no valid cycle in mode %u", value, offset,
		 flash->mode);
	flash->status |= STATUS_SEQUENCE;
	flash_set_mode(flash, FLASH_STATUS);
}

static void flash_command(struct flash *flash, u32 offset, unsigned size, u32 value)
{
	static const struct {
		u8 code, mode;
	} commands[] = {
		{ 0x10, FLASH_PROGRAM },
		{ 0x20, FLASH_ERASE },
		{ 0x40, FLASH_PROGRAM },
		{ 0x50, FLASH_ARRAY }, /* clear status register */
		{ 0x60, FLASH_LOCK },
		{ 0x70, FLASH_STATUS },
		{ 0x90, FLASH_IDENT },
		{ 0x98, FLASH_QUERY },
		{ 0xb0, FLASH_STATUS }, /* suspend */
		{ 0xd0, FLASH_STATUS }, /* resume */
		{ 0xe8, FLASH_COUNT },
		/* the reset command of another vendor, which drivers try first when they probe */
		{ 0xf0, FLASH_ARRAY },
		{ 0xff, FLASH_ARRAY },
	};
	u8 code = (u8)value, mode = FLASH_ARRAY;
	bool known = false;

	(void)size;
	for (unsigned i = 0; i < ARRAY_SIZE(commands) && !known; i++) {
		known = commands[i].code == code;
		mode = known ? commands[i].mode : FLASH_ARRAY;
	}
	if (!known)
		log_line(&flash->platform->log, LOG_GUEST_ERRORS,
			 "flash: unknown command %#x at offset %#x", code, offset);
	if (code == 0x50)
		flash->status = STATUS_READY;
	flash_set_mode(flash, mode);
}

/* The following functions handle the second cycle of a command. */

static void flash_program(struct flash *flash, u32 offset, unsigned size, u32 value)
{
	u8 data[4];

	memcpy(data, &value, sizeof(data));
	flash_program_bytes(flash, offset, data, size);
	flash_set_mode(flash, FLASH_STATUS);
}

static void flash_erase(struct flash *flash, u32 offset, unsigned size, u32 value)
{
	(void)size;
	if ((u8)value != FLASH_CONFIRM_CODE) {
		flash_sequence_error(flash, offset, value);
		return;
	}
	flash_erase_block(flash, (u32)align_down(offset, FLASH_BLOCK_SIZE));
	flash_set_mode(flash, FLASH_STATUS);
}

/*
 * Handles the commands lock, lock down, unlock and set configuration. They are accepted without
 * effect: there are no lock bits.
 */
static void flash_lock(struct flash *flash, u32 offset, unsigned size, u32 value)
{
	static const u8 codes[] = { 0x01, 0x03, 0x2f, FLASH_CONFIRM_CODE };

	(void)size;
	if (!memchr(codes, (u8)value, sizeof(codes))) {
		flash_sequence_error(flash, offset, value);
		return;
	}
	flash_set_mode(flash, FLASH_STATUS);
}

/*
 * Handles the first cycle after the command for buffered programming: the number of words less one.
 * The words and the confirmation follow.
 */
static void flash_count(struct flash *flash, u32 offset, unsigned size, u32 value)
{
	(void)size;
	if ((value & 0xffff) >= FLASH_BUFFER_WORDS) {
		flash_sequence_error(flash, offset, value);
		return;
	}
	flash->writes_left = (value & 0xffff) + 1;
	flash->low = flash->high = 0;
	memset(flash->buffer, 0xff, sizeof(flash->buffer));
	flash_set_mode(flash, FLASH_FILL);
}

static void flash_fill(struct flash *flash, u32 offset, unsigned size, u32 value)
{
	u32 at = offset % FLASH_BUFFER_SIZE;

	if (!flash->high) {
		flash->window = offset - at;
		flash->low = at;
	}
	if (offset - at != flash->window) {
		flash_sequence_error(flash, offset, value);
		return;
	}
	memcpy(flash->buffer + at, &value, size);
	flash->low = MIN(flash->low, at);
	flash->high = MAX(flash->high, at + size);
	if (--flash->writes_left == 0)
		flash_set_mode(flash, FLASH_CONFIRM);
}

static void flash_confirm(struct flash *flash, u32 offset, unsigned size, u32 value)
{
	u32 low = flash->low;

	(void)size;
	if ((u8)value != FLASH_CONFIRM_CODE) {
		flash_sequence_error(flash, offset, value);
		return;
	}
	flash_program_bytes(flash, flash->window + low, flash->buffer + low, flash->high - low);
	flash_set_mode(flash, FLASH_STATUS);
}

static bool flash_write(void *ctx, u64 offset, unsigned size, u64 value)
{
	static void (*const cycles[])(struct flash *, u32, unsigned, u32) = {
		[FLASH_ARRAY] = flash_command,
		[FLASH_STATUS] = flash_command,
		[FLASH_IDENT] = flash_command,
		[FLASH_QUERY] = flash_command,
		[FLASH_PROGRAM] = flash_program,
		[FLASH_ERASE] = flash_erase,
		[FLASH_LOCK] = flash_lock,
		[FLASH_COUNT] = flash_count,
		[FLASH_FILL] = flash_fill,
		[FLASH_CONFIRM] = flash_confirm,
	};
	struct flash *flash = ctx;

	static_assert(ARRAY_SIZE(cycles) == FLASH_MODES, "a handler for every mode");
	cycles[flash->mode](flash, (u32)offset, size, (u32)value);
	return true;
}

/* Reads registers. Both chips give the same answer, each on its own 16 data lines. */
static bool flash_read(void *ctx, u64 offset, unsigned size, u64 *value)
{
	struct flash *flash = ctx;
	u64 word = offset / 4;
	u64 answer = flash->status;

	if (flash->mode == FLASH_ARRAY) {
		/* the array is blank: otherwise the bus would read it as ROM */
		*value = UINT32_MAX;
		return true;
	}
	if (flash->mode == FLASH_IDENT) {
		word %= FLASH_BLOCK_SIZE / 4;
		answer = word < sizeof(flash_ident) ? flash_ident[word] : 0;
	} else if (flash->mode == FLASH_QUERY) {
		answer = word < sizeof(flash_cfi) ? flash_cfi[word] : 0;
	}
	*value = bits(answer | answer << 16, (unsigned)(offset % 4) * 8, size * 8);
	return true;
}

/* Writes a debugger's bytes. As in QEMU, this needs no command, and does not change the file. */
static bool flash_patch(void *ctx, u64 offset, const void *data, u64 size)
{
	struct flash *flash = ctx;
	bool was_blank = flash->blank;

	if (flash->readonly || !data)
		return !flash->readonly;
	flash_touch(flash);
	ram_mark_range(&flash->ram, offset, size);
	memcpy(flash->ram.host + offset, data, size);
	if (was_blank)
		flash_map(flash);
	return true;
}

/* Reads the array, which is only in memory if the bank is not blank. */
static void flash_peek(void *ctx, u64 offset, void *data, u64 size)
{
	struct flash *flash = ctx;

	if (flash->blank)
		memset(data, 0xff, size);
	else
		memcpy(data, flash->ram.host + offset, size);
}

static void flash_reset(void *self)
{
	struct flash *flash = self;

	flash->status = STATUS_READY;
	flash->writes_left = flash->window = flash->low = flash->high = 0;
	memset(flash->buffer, 0, sizeof(flash->buffer));
	flash->mode = FLASH_ARRAY;
	flash_map(flash);
}

static int flash_loaded(void *self)
{
	struct flash *flash = self;
	bool filling = flash->mode == FLASH_FILL;

	if (flash->mode >= FLASH_MODES || flash->window % FLASH_BUFFER_SIZE ||
	    flash->window >= FLASH_BANK_SIZE || flash->low > flash->high ||
	    flash->high > FLASH_BUFFER_SIZE || (filling && !flash->writes_left))
		return -EINVAL;
	flash_map(flash);
	return 0;
}

static const struct state_field flash_fields[] = {
	STATE_FIELD(struct flash, mode),
	STATE_FIELD(struct flash, status),
	STATE_FIELD(struct flash, blank),
	STATE_FIELD(struct flash, writes_left),
	STATE_FIELD(struct flash, window),
	STATE_FIELD(struct flash, low),
	STATE_FIELD(struct flash, high),
	STATE_ARRAY(struct flash, buffer),
};

static const struct state_type flash_type = {
	.version = 1,
	.fields = flash_fields,
	.count = ARRAY_SIZE(flash_fields),
	.post_load = flash_loaded,
};

/* Reads the image. Pages of zeros are not written to memory, so that padding takes no memory. */
static int flash_read_file(struct flash *flash)
{
	u64 page[PAGE_SIZE / sizeof(u64)];

	for (u64 offset = 0; offset < FLASH_BANK_SIZE; offset += PAGE_SIZE) {
		u64 end = MIN(offset + PAGE_SIZE, MAX(flash->file_size, offset));
		u64 have = 0;

		memset(page, 0xff, sizeof(page));
		while (offset + have < end) {
			ssize_t done = pread(flash->fd, (u8 *)page + have, end - offset - have,
					     (off_t)(offset + have));

			if (done < 0 && errno == EINTR)
				continue;
			if (done <= 0)
				return done < 0 ? -errno : -EIO;
			have += (u64)done;
		}
		if (!ram_is_zero((const u8 *)page, sizeof(page)))
			memcpy(flash->ram.host + offset, page, sizeof(page));
	}
	flash->blank = false;
	return 0;
}

static int flash_open(struct flash *flash, const struct flash_config *config)
{
	bool kept = config->readonly || config->snapshot;
	struct stat stat;

	flash->fd = open(config->file, (kept ? O_RDONLY : O_RDWR) | O_CLOEXEC);
	if (flash->fd < 0 || fstat(flash->fd, &stat) < 0)
		return -errno;
	if (!S_ISREG(stat.st_mode))
		return -EINVAL;
	flash->format = config->raw ? NULL : disk_format(flash->fd);
	if (flash->format)
		return -EMEDIUMTYPE;
	if (stat.st_size > (off_t)FLASH_BANK_SIZE)
		return -EFBIG;
	flash->file_size = (u64)stat.st_size;
	int error = image_lock(flash->fd, kept);

	if (!error && flash->file_size)
		error = flash_read_file(flash);
	if (!error && kept) {
		close(flash->fd);
		flash->fd = -1;
	}
	return error;
}

int flash_attach(struct flash *flash, struct platform *platform, u64 base,
		 const struct flash_config *config)
{
	static const struct bus_ops ops = { .read = flash_read, .write = flash_write };
	struct region region = {
		.name = config->name, .base = base, .size = FLASH_BANK_SIZE, .min = 1, .max = 4,
		.readonly = true, .ops = &ops, .ctx = flash,
		.patch = flash_patch, .peek = flash_peek,
	};

	*flash = (struct flash){
		.platform = platform, .base = base, .fd = -1, .readonly = config->readonly,
		.blank = true, .status = STATUS_READY, .report = config->report,
		.report_ctx = config->report_ctx,
	};
	int error = ram_init(&flash->ram, FLASH_BANK_SIZE);

	if (error)
		return error;
	if (config->file)
		error = flash_open(flash, config);
	if (!error) {
		region.ram = flash->blank ? NULL : &flash->ram;
		error = bus_attach(&platform->bus, &region);
	}
	if (error) {
		flash_free(flash);
		return error;
	}
	char name[STATE_NAME_MAX];

	snprintf(name, sizeof(name), "%s.array", config->name);
	state_register_ram(&platform->state, name, &flash->ram);
	state_register(&platform->state, config->name, &flash_type, flash);
	platform_on_reset(platform, flash_reset, flash);
	return 0;
}

void flash_free(struct flash *flash)
{
	if (flash->fd >= 0)
		close(flash->fd);
	ram_free(&flash->ram);
}

void flash_node(struct fdt *fdt, const u64 *bases, unsigned count)
{
	u32 cells[4 * FLASH_BANKS];

	assert(count > 0 && count <= FLASH_BANKS);
	for (unsigned i = 0; i < count; i++) {
		cells[4 * i] = (u32)(bases[i] >> 32);
		cells[4 * i + 1] = (u32)bases[i];
		cells[4 * i + 2] = 0;
		cells[4 * i + 3] = FLASH_BANK_SIZE;
	}
	fdt_node(fdt, "flash@%llx", bases[0]);
	fdt_str(fdt, "compatible", "cfi-flash");
	fdt_cells(fdt, "reg", cells, 4 * count);
	fdt_u32(fdt, "bank-width", 4);
	fdt_end(fdt);
}

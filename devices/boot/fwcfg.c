/* SPDX-License-Identifier: MIT */
/*
 * The registers and DMA of the fw_cfg device. Registers are big-endian, so their bytes are swapped
 * here; the data register is a byte stream in memory order. Items can be written only by DMA. DMA
 * accesses only RAM, and a transfer is limited to the item's length plus FWCFG_PADDING.
 */
#include "devices/boot/fwcfg.h"

#include "devices/fdt.h"
#include "devices/memmap.h"

#include <endian.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

enum {
	REG_DATA = 0x00, /* 1, 2, 4 or 8 bytes, read */
	REG_SELECTOR = 0x08, /* 2 bytes, write */
	REG_DMA = 0x10, /* 8 bytes, or 4 and 4; writing the low half starts the transfer */
};

/* The control word of a DMA descriptor. Its bits 31:16 are the key to select. */
enum {
	DMA_ERROR = 1 << 0,
	DMA_READ = 1 << 1,
	DMA_SKIP = 1 << 2,
	DMA_SELECT = 1 << 3,
	DMA_WRITE = 1 << 4,
};

#define FWCFG_DMA_SIGNATURE 0x51454d5520434647ull /* "QEMU CFG" */
#define FWCFG_KEY_MASK 0xbfff /* without the bit that selected writing in the past */

/* Reads beyond an item's end return zeros; a DMA that would read more zeros than this fails. */
#define FWCFG_PADDING (1 * MiB)

struct fwcfg_descriptor {
	u32 control, length;
	u64 address;
};

struct fwcfg_file {
	u32 size;
	u16 key, reserved;
	char name[FWCFG_NAME_MAX];
};

static_assert(sizeof(struct fwcfg_file) == 64, "layout of a directory entry");

static struct fwcfg_item *fwcfg_item(struct fwcfg *fwcfg, u16 key)
{
	for (unsigned i = 0; i < fwcfg->count; i++)
		if (fwcfg->items[i].key == key)
			return &fwcfg->items[i];
	return NULL;
}

/*
 * Returns the rest of the selected item, and its size in *size. At the item's end, or if there is
 * no such item, returns NULL and the size 0.
 */
static const u8 *fwcfg_rest(struct fwcfg *fwcfg, u32 *size)
{
	const struct fwcfg_item *item = fwcfg_item(fwcfg, fwcfg->key);

	*size = 0;
	if (!item || fwcfg->offset >= item->size)
		return NULL;
	*size = item->size - fwcfg->offset;
	return (const u8 *)item->data + fwcfg->offset;
}

static void fwcfg_select(struct fwcfg *fwcfg, u16 key)
{
	fwcfg->key = key & FWCFG_KEY_MASK;
	fwcfg->offset = 0;
}

static u64 fwcfg_read_data(struct fwcfg *fwcfg, unsigned size)
{
	u64 value = 0;
	u32 rest;
	const u8 *data = fwcfg_rest(fwcfg, &rest);
	u32 have = MIN(rest, size);

	if (have)
		memcpy(&value, data, have);
	fwcfg->offset += have;
	return value;
}

/*
 * Copies `length` bytes to RAM. Returns false if they do not fit there, or if too many of them are
 * beyond the item's end.
 */
static bool fwcfg_dma_read(struct fwcfg *fwcfg, u64 address, u32 length)
{
	u32 rest;
	const u8 *data = fwcfg_rest(fwcfg, &rest);
	u32 have = MIN(rest, length);

	if (length - have > FWCFG_PADDING)
		return false;
	u8 *host = bus_dma_map(&fwcfg->platform->bus, address, length, true);

	if (!host)
		return false;
	if (have)
		memcpy(host, data, have);
	memset(host + have, 0, length - have);
	fwcfg->offset += have;
	return true;
}

/* Writes to the selected item, if it is writable and has enough room. */
static bool fwcfg_dma_write(struct fwcfg *fwcfg, u64 address, u32 length)
{
	const struct fwcfg_item *item = fwcfg_item(fwcfg, fwcfg->key);
	u32 rest;
	u8 *data = (u8 *)fwcfg_rest(fwcfg, &rest);

	if (!item || !item->writer.written || length > rest ||
	    !bus_dma_read(&fwcfg->platform->bus, address, data, length))
		return false;
	fwcfg->offset += length;
	item->writer.written(item->writer.ctx);
	return true;
}

static bool fwcfg_dma_run(struct fwcfg *fwcfg, const struct fwcfg_descriptor *descriptor)
{
	u32 control = descriptor->control, length = descriptor->length;
	u32 rest;

	if (control & DMA_SELECT)
		fwcfg_select(fwcfg, (u16)(control >> 16));
	if (control & DMA_READ)
		return !length || fwcfg_dma_read(fwcfg, descriptor->address, length);
	if (control & DMA_WRITE)
		return !length || fwcfg_dma_write(fwcfg, descriptor->address, length);
	if (control & DMA_SKIP) {
		fwcfg_rest(fwcfg, &rest);
		fwcfg->offset += MIN(rest, length);
	}
	return true;
}

/*
 * Carries out a DMA descriptor, which is read only once. Its control word is replaced by the
 * result: 0 or the error bit.
 */
static void fwcfg_dma(struct fwcfg *fwcfg)
{
	struct bus *bus = &fwcfg->platform->bus;
	struct fwcfg_descriptor descriptor;
	u64 at = fwcfg->dma;
	u32 answer = htobe32(DMA_ERROR);

	fwcfg->dma = 0;
	if (bus_dma_read(bus, at, &descriptor, sizeof(descriptor))) {
		descriptor.control = be32toh(descriptor.control);
		descriptor.length = be32toh(descriptor.length);
		descriptor.address = be64toh(descriptor.address);
		platform_work(fwcfg->platform, descriptor.length);
		if (fwcfg_dma_run(fwcfg, &descriptor))
			answer = 0;
	}
	if (answer)
		log_line(&fwcfg->platform->log, LOG_GUEST_ERRORS,
			 "fwcfg: bad DMA descriptor at %#llx", at);
	bus_dma_write(bus, at, &answer, sizeof(answer));
}

static bool fwcfg_read(void *ctx, u64 offset, unsigned size, u64 *value)
{
	struct fwcfg *fwcfg = ctx;

	if (offset == REG_DATA) {
		*value = fwcfg_read_data(fwcfg, size);
		return true;
	}
	if (offset < REG_DMA)
		return false;
	u64 signature = htobe64(FWCFG_DMA_SIGNATURE) >> 8 * (offset - REG_DMA);

	*value = size == 8 ? signature : bits(signature, 0, 8 * size);
	return true;
}

static bool fwcfg_write(void *ctx, u64 offset, unsigned size, u64 value)
{
	struct fwcfg *fwcfg = ctx;

	if (offset == REG_DATA)
		return true; /* wrote to the item in the past; ignored, as in QEMU since 2.4 */
	if (offset == REG_SELECTOR && size == 2) {
		fwcfg_select(fwcfg, be16toh((u16)value));
		return true;
	}
	if (offset == REG_DMA && size == 4) {
		fwcfg->dma = (u64)be32toh((u32)value) << 32;
		return true;
	}
	if (offset == REG_DMA + 4 && size == 4)
		fwcfg->dma |= be32toh((u32)value);
	else if (offset == REG_DMA && size == 8)
		fwcfg->dma = be64toh(value);
	else
		return false;
	fwcfg_dma(fwcfg);
	return true;
}

static void fwcfg_reset(void *self)
{
	struct fwcfg *fwcfg = self;

	fwcfg_select(fwcfg, FWCFG_SIGNATURE);
	fwcfg->dma = 0;
}

static const struct state_field fwcfg_fields[] = {
	STATE_FIELD(struct fwcfg, key),
	STATE_FIELD(struct fwcfg, offset),
	STATE_FIELD(struct fwcfg, dma),
};

/* Loading any values is safe: they are checked at each use. */
static const struct state_type fwcfg_type = {
	.version = 1,
	.fields = fwcfg_fields,
	.count = ARRAY_SIZE(fwcfg_fields),
};

int fwcfg_attach(struct fwcfg *fwcfg, struct platform *platform, u64 base)
{
	static const struct bus_ops ops = { .read = fwcfg_read, .write = fwcfg_write };
	static const u8 id[4] = { 0x03 }; /* bit 0: selector and data, bit 1: DMA */
	const struct region region = {
		.name = "fw-cfg", .base = base, .size = FW_CFG_SIZE, .ops = &ops, .ctx = fwcfg,
	};
	int error = bus_attach(&platform->bus, &region);

	if (error)
		return error;
	*fwcfg = (struct fwcfg){ .platform = platform };
	fwcfg_add_item(fwcfg, FWCFG_SIGNATURE, "QEMU", 4);
	fwcfg_add_item(fwcfg, FWCFG_ID, id, sizeof(id));
	fwcfg_add_item(fwcfg, FWCFG_DIRECTORY, fwcfg->directory, sizeof(u32));
	state_register(&platform->state, "fw-cfg", &fwcfg_type, fwcfg);
	platform_on_reset(platform, fwcfg_reset, fwcfg);
	return 0;
}

int fwcfg_add_item(struct fwcfg *fwcfg, u16 key, const void *data, size_t size)
{
	if (fwcfg->count == FWCFG_ITEMS_MAX)
		return -ENOSPC;
	if (size > UINT32_MAX)
		return -EFBIG;
	if (fwcfg_item(fwcfg, key))
		return -EEXIST;
	fwcfg->items[fwcfg->count++] = (struct fwcfg_item){ .key = key, .size = (u32)size,
							    .data = data };
	return 0;
}

int fwcfg_set_item(struct fwcfg *fwcfg, u16 key, const void *data, size_t size)
{
	struct fwcfg_item *item = fwcfg_item(fwcfg, key);

	if (!item)
		return fwcfg_add_item(fwcfg, key, data, size);
	if (size > UINT32_MAX)
		return -EFBIG;
	item->data = data;
	item->size = (u32)size;
	return 0;
}

/* Returns the directory's entry for a file, or NULL. An entry is not aligned to its numbers. */
static u8 *find_file(struct fwcfg *fwcfg, const char *name)
{
	u8 *entry = fwcfg->directory + sizeof(u32);

	for (unsigned i = 0; i < fwcfg->file_count; i++, entry += sizeof(struct fwcfg_file))
		if (!strcmp(name, (char *)entry + offsetof(struct fwcfg_file, name)))
			return entry;
	return NULL;
}

int fwcfg_add_file(struct fwcfg *fwcfg, const char *name, const void *data, size_t size)
{
	struct fwcfg_item *directory = fwcfg_item(fwcfg, FWCFG_DIRECTORY);
	struct fwcfg_file file = { 0 };
	u8 *entries = fwcfg->directory + sizeof(u32);

	if (strlen(name) >= FWCFG_NAME_MAX)
		return -EINVAL;
	if (fwcfg->file_count == FWCFG_FILES_MAX)
		return -ENOSPC;
	if (find_file(fwcfg, name))
		return -EEXIST;
	u16 key = (u16)(FWCFG_FIRST_FILE + fwcfg->file_count);
	int error = fwcfg_add_item(fwcfg, key, data, size);

	if (error)
		return error;
	file.size = htobe32((u32)size);
	file.key = htobe16(key);
	snprintf(file.name, sizeof(file.name), "%s", name);
	memcpy(entries + fwcfg->file_count * sizeof(file), &file, sizeof(file));
	fwcfg->file_count++;
	directory->size += (u32)sizeof(file);
	u32 count = htobe32(fwcfg->file_count);

	memcpy(fwcfg->directory, &count, sizeof(count));
	return 0;
}

int fwcfg_set_file(struct fwcfg *fwcfg, const char *name, const void *data, size_t size)
{
	struct fwcfg_file file;
	u8 *entry = find_file(fwcfg, name);
	int error;

	if (!entry)
		return fwcfg_add_file(fwcfg, name, data, size);
	memcpy(&file, entry, sizeof(file));
	error = fwcfg_set_item(fwcfg, be16toh(file.key), data, size);
	if (error)
		return error;
	file.size = htobe32((u32)size);
	memcpy(entry, &file, sizeof(file));
	return 0;
}

int fwcfg_add_writable(struct fwcfg *fwcfg, const char *name, void *data, size_t size,
		       const struct fwcfg_writer *writer)
{
	int error = fwcfg_add_file(fwcfg, name, data, size);

	if (!error)
		fwcfg->items[fwcfg->count - 1].writer = *writer;
	return error;
}

u64 fwcfg_hash(const struct fwcfg *fwcfg, u64 hash)
{
	for (unsigned i = 0; i < fwcfg->count; i++) {
		const struct fwcfg_item *item = &fwcfg->items[i];

		if (item->writer.written)
			continue;
		hash = state_hash_bytes(hash, &item->key, sizeof(item->key));
		hash = state_hash_bytes(hash, &item->size, sizeof(item->size));
		hash = state_hash_bytes(hash, item->data, item->size);
	}
	return hash;
}

void fwcfg_node(struct fdt *fdt, u64 base)
{
	fdt_node(fdt, "fw-cfg@%llx", base);
	fdt_str(fdt, "compatible", "qemu,fw-cfg-mmio");
	fdt_reg(fdt, base, FW_CFG_SIZE);
	fdt_flag(fdt, "dma-coherent");
	fdt_end(fdt);
}

/* SPDX-License-Identifier: MIT */
/*
 * Tests fw_cfg: selector, data register, directory, DMA, and descriptors with false lengths and
 * addresses.
 */
#include "tests/devices/fixture_state.h"

#include "devices/boot/fwcfg.h"
#include "devices/memmap.h"

#include <endian.h>
#include <errno.h>
#include <string.h>

enum { DATA = 0x00, SELECTOR = 0x08, DMA = 0x10 };
enum { DMA_ERROR = 1, DMA_READ = 2, DMA_SKIP = 4, DMA_SELECT = 8, DMA_WRITE = 16 };

#define DESCRIPTOR FIXTURE_RAM
#define TARGET (FIXTURE_RAM + 0x1000)

static const char weaver[] = "The baya weaver is a bird.";

struct machine {
	struct fixture f;
	struct fwcfg fwcfg;
};

static int setup(void **state)
{
	struct machine *machine = calloc(1, sizeof(*machine));

	fixture_init(&machine->f, CLOCK_VIRTUAL);
	assert_int_equal(fwcfg_attach(&machine->fwcfg, &machine->f.platform, FIXTURE_BASE), 0);
	assert_int_equal(fwcfg_add_file(&machine->fwcfg, "etc/weaver", weaver, sizeof(weaver)), 0);
	assert_int_equal(fwcfg_add_file(&machine->fwcfg, "opt/empty", NULL, 0), 0);
	platform_reset(&machine->f.platform);
	*state = machine;
	return 0;
}

static void choose(struct machine *m, u16 key)
{
	fixture_write(&m->f, SELECTOR, 2, htobe16(key));
}

static void expect(struct machine *m, const void *data, size_t size)
{
	for (size_t i = 0; i < size; i++)
		assert_int_equal(fixture_read(&m->f, DATA, 1), ((const u8 *)data)[i]);
}

/* Runs a descriptor. Returns its control word afterwards. */
static u32 dma(struct machine *m, u32 control, u32 length, u64 address)
{
	struct bus *bus = &m->f.platform.bus;
	u64 head = htobe64((u64)control << 32 | length), tail = htobe64(address);
	u32 answer;

	assert_true(bus_dma_write(bus, DESCRIPTOR, &head, 8));
	assert_true(bus_dma_write(bus, DESCRIPTOR + 8, &tail, 8));
	fixture_write(&m->f, DMA, 8, htobe64(DESCRIPTOR));
	assert_true(bus_dma_read(bus, DESCRIPTOR, &answer, 4));
	return be32toh(answer);
}

static void test_signature_and_id(void **state)
{
	struct machine *m = *state;

	expect(m, "QEMU", 4); /* selected at reset */
	choose(m, FWCFG_ID);
	assert_int_equal(fixture_read(&m->f, DATA, 4), 3);
	assert_int_equal(fixture_read(&m->f, DMA, 8), htobe64(0x51454d5520434647));
	assert_int_equal(fixture_read(&m->f, DMA + 4, 4), htobe32(0x20434647));
	assert_int_equal(fixture_read(&m->f, DMA + 7, 1), 'G');
}

static void test_data_sizes_keep_byte_order(void **state)
{
	struct machine *m = *state;
	u64 want = 0;

	choose(m, FWCFG_FIRST_FILE);
	for (unsigned at = 0, size = 1; size <= 8; at += size, size *= 2) {
		want = 0;
		memcpy(&want, weaver + at, size);
		assert_int_equal(fixture_read(&m->f, DATA, size), want);
	}
	choose(m, FWCFG_FIRST_FILE);
	expect(m, weaver, sizeof(weaver));
	assert_int_equal(fixture_read(&m->f, DATA, 8), 0);
	choose(m, FWCFG_FIRST_FILE + 1);
	assert_int_equal(fixture_read(&m->f, DATA, 8), 0);
	choose(m, 0xffff);
	assert_int_equal(fixture_read(&m->f, DATA, 8), 0);
}

static void test_directory(void **state)
{
	struct machine *m = *state;
	u8 entry[64];

	choose(m, FWCFG_DIRECTORY);
	assert_int_equal(fixture_read(&m->f, DATA, 4), htobe32(2));
	for (unsigned i = 0; i < 64; i++)
		entry[i] = (u8)fixture_read(&m->f, DATA, 1);
	assert_memory_equal(entry, "\0\0\0\x1b\0\x20\0\0etc/weaver\0", 19);
	expect(m, "\0\0\0\0\0\x21\0\0opt/empty\0", 18);
}

static void test_adding(void **state)
{
	static const u8 cpus[2] = { 4 };
	struct machine *m = *state;
	char name[80];

	assert_int_equal(fwcfg_add_item(&m->fwcfg, FWCFG_CPUS, cpus, 2), 0);
	choose(m, FWCFG_CPUS);
	assert_int_equal(fixture_read(&m->f, DATA, 2), 4);
	assert_int_equal(fwcfg_add_item(&m->fwcfg, FWCFG_CPUS, cpus, 2), -EEXIST);
	assert_int_equal(fwcfg_add_file(&m->fwcfg, "etc/weaver", cpus, 2), -EEXIST);
	assert_int_equal(fwcfg_add_file(&m->fwcfg, "x", cpus, 4 * GiB), -EFBIG);
	snprintf(name, sizeof(name), "%056d", 0);
	assert_int_equal(fwcfg_add_file(&m->fwcfg, name, cpus, 2), -EINVAL);
	snprintf(name, sizeof(name), "%055d", 0);
	assert_int_equal(fwcfg_add_file(&m->fwcfg, name, cpus, 2), 0);
	for (unsigned i = 3; i < FWCFG_FILES_MAX; i++) {
		snprintf(name, sizeof(name), "opt/%u", i);
		assert_int_equal(fwcfg_add_file(&m->fwcfg, name, cpus, 2), 0);
	}
	assert_int_equal(fwcfg_add_file(&m->fwcfg, "more", cpus, 2), -ENOSPC);
	choose(m, FWCFG_DIRECTORY);
	assert_int_equal(fixture_read(&m->f, DATA, 4), htobe32(FWCFG_FILES_MAX));
}

static void test_setting(void **state)
{
	struct machine *m = *state;

	assert_int_equal(fwcfg_set_item(&m->fwcfg, FWCFG_KERNEL_DATA, "first", 5), 0);
	choose(m, FWCFG_KERNEL_DATA);
	expect(m, "firs", 4);
	assert_int_equal(fwcfg_set_item(&m->fwcfg, FWCFG_KERNEL_DATA, "two", 3), 0);
	assert_int_equal(fixture_read(&m->f, DATA, 1), 0); /* the offset is beyond the end */
	choose(m, FWCFG_KERNEL_DATA);
	expect(m, "two\0", 4);
	assert_int_equal(fwcfg_set_item(&m->fwcfg, FWCFG_KERNEL_DATA, "", 4 * GiB), -EFBIG);
	choose(m, FWCFG_KERNEL_DATA);
	expect(m, "two\0", 4);
}

/* A file keeps its key. */
static void test_setting_a_file(void **state)
{
	struct machine *m = *state;

	assert_int_equal(fwcfg_set_file(&m->fwcfg, "opt/empty", "full", 4), 0);
	assert_int_equal(fwcfg_set_file(&m->fwcfg, "opt/more", "more", 5), 0);
	assert_int_equal(fwcfg_set_file(&m->fwcfg, "opt/empty", "", 4 * GiB), -EFBIG);
	choose(m, FWCFG_DIRECTORY);
	assert_int_equal(fixture_read(&m->f, DATA, 4), htobe32(3));
	for (unsigned i = 0; i < 64; i++)
		fixture_read(&m->f, DATA, 1);
	expect(m, "\0\0\0\4\0\x21\0\0opt/empty\0", 18);
	choose(m, FWCFG_FIRST_FILE + 1);
	expect(m, "full\0", 5);
}

static void test_dma_read(void **state)
{
	struct machine *m = *state;
	const u8 *host = m->f.ram.host + (TARGET - FIXTURE_RAM);

	memset(m->f.ram.host + (TARGET - FIXTURE_RAM), 0xee, 64);
	assert_int_equal(dma(m, FWCFG_FIRST_FILE << 16 | DMA_SELECT | DMA_READ, 4, TARGET), 0);
	assert_memory_equal(host, "The \xee", 5);
	assert_int_equal(dma(m, DMA_SKIP, 5, 0), 0);
	assert_int_equal(dma(m, DMA_READ, 40, TARGET), 0);
	assert_memory_equal(host, "weaver is a bird.\0\0\0", 20); /* then zeros */
	assert_int_equal(host[39], 0);
	assert_int_equal(host[40], 0xee);
	assert_int_equal(dma(m, FWCFG_SIGNATURE << 16 | DMA_SELECT, 0, 0), 0);
	expect(m, "QEMU", 4);
}

static void test_dma_by_halves(void **state)
{
	struct machine *m = *state;
	u64 head = htobe64(((u64)FWCFG_FIRST_FILE << 16 | DMA_SELECT | DMA_READ) << 32 | 3);
	u64 tail = htobe64(TARGET);

	memcpy(m->f.ram.host, &head, 8);
	memcpy(m->f.ram.host + 8, &tail, 8);
	fixture_write(&m->f, DMA, 4, htobe32(DESCRIPTOR >> 32));
	assert_int_equal(m->f.ram.host[0x1000], 0);
	fixture_write(&m->f, DMA + 4, 4, htobe32((u32)DESCRIPTOR));
	assert_memory_equal(m->f.ram.host + 0x1000, "The", 3);
}

static void ignore(void *ctx)
{
	(void)ctx;
}

/* The hash is one of all that the guest can only read. */
static void test_hash(void **state)
{
	const struct fwcfg_writer writer = { .written = ignore };
	struct fwcfg *fwcfg = &((struct machine *)*state)->fwcfg;
	u64 before = fwcfg_hash(fwcfg, 0), added;
	char written[] = "1";

	assert_int_not_equal(fwcfg_hash(fwcfg, 1), before);
	fwcfg_add_item(fwcfg, FWCFG_RAM_SIZE, "one", 3);
	added = fwcfg_hash(fwcfg, 0);
	assert_int_not_equal(added, before);
	fwcfg_set_item(fwcfg, FWCFG_RAM_SIZE, "two", 3);
	assert_int_not_equal(fwcfg_hash(fwcfg, 0), added);
	assert_int_equal(fwcfg_add_writable(fwcfg, "etc/written", written, 1, &writer), 0);
	added = fwcfg_hash(fwcfg, 0);
	written[0]++;
	assert_int_equal(fwcfg_hash(fwcfg, 0), added);
}

static void test_nothing_is_writable(void **state)
{
	struct machine *m = *state;

	assert_int_equal(dma(m, FWCFG_FIRST_FILE << 16 | DMA_SELECT | DMA_WRITE, 4, TARGET),
			 DMA_ERROR);
	fixture_write(&m->f, DATA, 1, 'x');
	choose(m, FWCFG_FIRST_FILE | 0x4000);
	expect(m, weaver, sizeof(weaver));
}

/* Rows 4, 9 and 11 of the list of known bugs: false lengths and addresses. */
static void test_hostile_descriptors(void **state)
{
	const u32 read = FWCFG_FIRST_FILE << 16 | DMA_SELECT | DMA_READ;
	const u64 end = FIXTURE_RAM + FIXTURE_RAM_SIZE;
	struct machine *m = *state;

	assert_int_equal(dma(m, read, UINT32_MAX, TARGET), DMA_ERROR);
	assert_int_equal(dma(m, read, 2 * MiB, TARGET), DMA_ERROR);
	assert_int_equal(dma(m, read, 8, end - 7), DMA_ERROR);
	assert_int_equal(dma(m, read, 8, end - 8), 0);
	assert_int_equal(dma(m, read, 8, UINT64_MAX - 3), DMA_ERROR);
	assert_int_equal(dma(m, read, 8, FIXTURE_BASE), DMA_ERROR); /* its own registers */
	assert_int_equal(dma(m, read, 0, UINT64_MAX), 0);
	assert_int_equal(dma(m, DMA_SKIP, UINT32_MAX, 0), 0);
	assert_int_equal(dma(m, DMA_READ, 4, TARGET), 0);
	assert_int_equal(dma(m, read, 16, DESCRIPTOR), 0); /* over the descriptor itself */

	static const u64 places[] = { 0, 8, FIXTURE_BASE, FIXTURE_RAM + FIXTURE_RAM_SIZE - 8,
				      UINT64_MAX - 7, FIXTURE_RAM - 8 };
	for (unsigned i = 0; i < ARRAY_SIZE(places); i++)
		fixture_write(&m->f, DMA, 8, htobe64(places[i]));
	assert_int_equal(dma(m, read, 4, TARGET), 0);
}

static void test_sizes(void **state)
{
	static const struct {
		u8 offset, size;
		bool reads, writes;
	} rows[] = {
		{ .offset = DATA, .size = 1, .reads = true, .writes = true }, { .offset = DATA,
		  .size = 8, .reads = true, .writes = true }, { .offset = DATA + 1, .size = 1 },
		{ .offset = DATA + 4, .size = 4 }, { .offset = SELECTOR, .size = 2,
		  .writes = true },
		{ .offset = SELECTOR, .size = 1 }, { .offset = SELECTOR, .size = 4 },
		{ .offset = SELECTOR + 2, .size = 2 }, { .offset = DMA, .size = 1, .reads = true },
		{ .offset = DMA, .size = 4, .reads = true, .writes = true }, { .offset = DMA + 2,
		  .size = 2, .reads = true }, { .offset = DMA, .size = 8, .reads = true,
		  .writes = true },
	};
	struct machine *m = *state;

	for (unsigned i = 0; i < ARRAY_SIZE(rows); i++) {
		assert_int_equal(fixture_reads(&m->f, rows[i].offset, rows[i].size), rows[i].reads);
		assert_int_equal(fixture_writes(&m->f, rows[i].offset, rows[i].size, 0),
				 rows[i].writes);
	}
	fixture_sweep(&m->f, FW_CFG_SIZE, 1, 5000);
}

static void test_a_million_bytes(void **state)
{
	struct machine *m = *state;

	choose(m, FWCFG_FIRST_FILE);
	for (unsigned i = 0; i < 1000000; i++) {
		assert_int_equal(fixture_read(&m->f, DATA, 1),
				 i < sizeof(weaver) ? (u8)weaver[i] : 0);
		fixture_write(&m->f, DATA, 1, i);
	}
}

static void test_state(void **state)
{
	struct machine *m = *state;

	choose(m, FWCFG_FIRST_FILE);
	expect(m, weaver, 4);
	fixture_write(&m->f, DMA, 4, htobe32(DESCRIPTOR >> 32));
	fixture_state_roundtrip(&m->f);
	expect(m, weaver + 4, 5);
	m->fwcfg.offset = UINT32_MAX;
	fixture_state_roundtrip(&m->f);
	assert_int_equal(fixture_read(&m->f, DATA, 8), 0);
}

#define UNIT(test) cmocka_unit_test_setup_teardown(test, setup, fixture_teardown)

const struct CMUnitTest unit_tests[] = {
	UNIT(test_signature_and_id),
	UNIT(test_data_sizes_keep_byte_order),
	UNIT(test_directory),
	UNIT(test_adding),
	UNIT(test_setting),
	UNIT(test_setting_a_file),
	UNIT(test_dma_read),
	UNIT(test_dma_by_halves),
	UNIT(test_hash),
	UNIT(test_nothing_is_writable),
	UNIT(test_hostile_descriptors),
	UNIT(test_sizes),
	UNIT(test_a_million_bytes),
	UNIT(test_state),
	{ 0 },
};

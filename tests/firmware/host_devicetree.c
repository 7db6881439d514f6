/* SPDX-License-Identifier: MIT */
/*
 * Tests firmware/devicetree.c on the host, with trees that are made, checked and read by libfdt,
 * which the firmware does not use. Guarded accesses are allowed in one buffer only.
 */
#include <stdlib.h>
#include <string.h>

#include <libfdt.h>

#include "devices/memmap.h"
#include "firmware/devicetree.h"
#include "firmware/guarded.h"
#include "tests/cmocka.h"

#define TREE_SIZE 2048
#define MUTANTS 200000

static struct {
	u8 *bytes;
	u64 size;
} memory;

u64 guarded_load_byte(u64 addr)
{
	return addr;
}

struct guarded guarded_call(u64 (*function)(u64), u64 arg)
{
	u64 start = (u64)memory.bytes;

	assert_ptr_equal(function, guarded_load_byte);
	return (struct guarded){ .ok = arg >= start && arg - start < memory.size };
}

static void allow(u8 *bytes, u64 size)
{
	memory.bytes = bytes;
	memory.size = size;
}

/* Makes a small packed tree, in a buffer with `room` bytes after it. */
static u8 *make_tree(const char *isa, bool reserved, u64 room, u64 *size)
{
	u8 *blob = malloc(TREE_SIZE);

	assert_return_code(fdt_create(blob, TREE_SIZE), 0);
	fdt_finish_reservemap(blob);
	fdt_begin_node(blob, "");
	fdt_property_u32(blob, "#address-cells", 2);
	fdt_property_u32(blob, "#size-cells", 2);
	if (reserved) {
		fdt_begin_node(blob, "reserved-memory");
		fdt_property_u32(blob, "#address-cells", 2);
		fdt_property_u32(blob, "#size-cells", 2);
		fdt_property(blob, "ranges", NULL, 0);
		fdt_begin_node(blob, "other@90000000");
		fdt_property(blob, "reg", "\0\0\0\0\x90\0\0\0\0\0\0\0\0\x10\0\0", 16);
		fdt_end_node(blob);
		fdt_end_node(blob);
	}
	fdt_begin_node(blob, "memory@100000000");
	fdt_property(blob, "reg",
		     "\0\0\0\1\0\0\0\0\0\0\0\0\x20\0\0\0\0\0\0\2\0\0\0\0\0\0\0\1\0\0\0\0", 32);
	fdt_end_node(blob);
	fdt_begin_node(blob, "memory@80000000");
	fdt_property(blob, "reg", "\0\0\0\0\x80\0\0\0\0\0\0\0\x20\0\0\0", 16);
	fdt_end_node(blob);
	fdt_begin_node(blob, "cpus");
	fdt_property_string(blob, "riscv,isa", isa);
	fdt_end_node(blob);
	fdt_begin_node(blob, "soc");
	fdt_begin_node(blob, "aplic@d000000");
	fdt_end_node(blob);
	fdt_begin_node(blob, "aplic@c000000");
	fdt_property_u32(blob, "riscv,guest-index", 7);
	fdt_property_u32(blob, "riscv,guest-index-bits", 3);
	fdt_end_node(blob);
	fdt_end_node(blob);
	fdt_end_node(blob);
	assert_return_code(fdt_finish(blob), 0);
	assert_return_code(fdt_pack(blob), 0);
	*size = fdt_totalsize(blob) + room;
	blob = realloc(blob, *size);
	memset(blob + fdt_totalsize(blob), 0xaa, room);
	allow(blob, *size);
	return blob;
}

static void check_reserved(const u8 *blob, u64 size)
{
	int parent = fdt_path_offset(blob, "/reserved-memory"), node, length;
	const fdt64_t *reg;

	assert_int_equal(fdt_check_full(blob, size), 0);
	assert_true(parent > 0);
	assert_int_equal(fdt_address_cells(blob, parent), 2);
	assert_int_equal(fdt_size_cells(blob, parent), 2);
	assert_non_null(fdt_getprop(blob, parent, "ranges", NULL));
	node = fdt_subnode_offset(blob, parent, "firmware@80000000");
	assert_true(node > 0);
	assert_non_null(fdt_getprop(blob, node, "no-map", NULL));
	reg = fdt_getprop(blob, node, "reg", &length);
	assert_int_equal(length, 16);
	assert_true(fdt64_ld(&reg[0]) == FIRMWARE_BASE); /* only 4-byte aligned */
	assert_true(fdt64_ld(&reg[1]) == FIRMWARE_SIZE);
	assert_string_equal(fdt_getprop(blob, fdt_path_offset(blob, "/cpus"), "riscv,isa", NULL),
			    "rv64imac_svadu");
}

static void test_reserve(void **state)
{
	for (int reserved = 0; reserved < 2; reserved++) {
		u64 size;
		u8 *blob = make_tree("rv64imac_svadu", reserved, DEVICETREE_GROWTH, &size);
		u8 *again = malloc(size);

		devicetree_reserve((u64)blob);
		check_reserved(blob, size);
		if (reserved)
			assert_true(fdt_path_offset(blob, "/reserved-memory/other@90000000") > 0);
		memcpy(again, blob, size);
		devicetree_reserve((u64)blob);
		assert_memory_equal(blob, again, size);
		free(again);
		free(blob);
	}
}

/* A tree at the end of memory, with no room after it, is not changed. */
static void test_no_room(void **state)
{
	u64 size;
	u8 *blob = make_tree("rv64imac_svadu", false, DEVICETREE_GROWTH - 1, &size);
	u8 *before = malloc(size);

	memcpy(before, blob, size);
	devicetree_reserve((u64)blob);
	assert_memory_equal(blob, before, size);
	free(before);
	free(blob);
}

static void test_lists(void **state)
{
	static const struct {
		const char *isa, *word;
		bool found;
	} cases[] = {
		{ "rv64imac_svadu", "svadu", true },
		{ "rv64imac_svadu_svinval", "svadu", true },
		{ "svadu", "svadu", true },
		{ "rv64imac_svade", "svadu", false },
		{ "rv64imac_xsvadu", "svadu", false },
		{ "rv64imac_svadux", "svadu", false },
		{ "rv64imac_svad", "svadu", false },
		{ "rv64imac_svsvadu", "svadu", false },
	};

	for (u64 i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		u64 size;
		u8 *blob = make_tree(cases[i].isa, false, 0, &size);

		assert_int_equal(devicetree_lists((u64)blob, cases[i].word), cases[i].found);
		free(blob);
	}
	allow(NULL, 0);
	assert_false(devicetree_lists(0, "svadu"));
	assert_false(devicetree_lists(~0UL, "svadu"));
}

static void test_disable(void **state)
{
	static const u64 units[] = { 0x90000000, 0x100000000, 0xc000000, 0xd000000 };
	u64 size;
	u8 *blob = make_tree("rv64imac_svadu", true, 3 * DEVICETREE_GROWTH, &size);

	devicetree_disable((u64)blob, 0xe000000);
	devicetree_disable((u64)blob, 0xc00000);
	for (u64 i = 0; i < ARRAY_SIZE(units); i++)
		devicetree_disable((u64)blob, units[i]);
	devicetree_reserve((u64)blob);
	check_reserved(blob, size);
	for (int node = fdt_next_node(blob, -1, NULL); node >= 0;
	     node = fdt_next_node(blob, node, NULL)) {
		const char *name = fdt_get_name(blob, node, NULL);
		const char *status = fdt_getprop(blob, node, "status", NULL);

		if (!strchr(name, '@') || strstr(name, "@80000000"))
			assert_null(status);
		else
			assert_string_equal(status, "disabled");
	}
	assert_int_equal(devicetree_cell((u64)blob, "riscv,guest-index-bits"), 3);
	free(blob);
}

static void test_cell(void **state)
{
	u64 size;
	u8 *blob = make_tree("rv64imac_svadu", true, 0, &size);

	assert_int_equal(devicetree_cell((u64)blob, "riscv,guest-index-bits"), 3);
	assert_int_equal(devicetree_cell((u64)blob, "riscv,guest-index"), 7);
	assert_int_equal(devicetree_cell((u64)blob, "guest-index-bits"), 0);
	assert_int_equal(devicetree_cell((u64)blob, "ranges"), 0);
	assert_int_equal(devicetree_cell((u64)blob, "#address-cells"), 2);
	free(blob);
	allow(NULL, 0);
	assert_int_equal(devicetree_cell(0, "reg"), 0);
}

static void test_memory(void **state)
{
	u64 size;
	u8 *blob = make_tree("rv64imac_svadu", true, 0, &size);

	assert_true(devicetree_memory_end((u64)blob) == 0x300000000);
	free(blob);
	allow(NULL, 0);
	assert_true(devicetree_memory_end(0) == 0);
}

/*
 * Trees are damaged in up to four places: no byte outside the buffer is accessed (the build with
 * sanitizers detects that), and a tree that libfdt accepts is accepted afterwards, too.
 */
static void test_mutants(void **state)
{
	u64 size;
	u8 *good = make_tree("rv64imac_svadu", true, DEVICETREE_GROWTH, &size);
	u8 *blob = malloc(size);

	srand(1);
	allow(blob, size);
	for (u64 i = 0; i < MUTANTS; i++) {
		memcpy(blob, good, size);
		for (int n = rand() % 4; n >= 0; n--) {
			u8 byte = rand() % 3 ? rand() : rand() & 4;

			blob[rand() % (size - DEVICETREE_GROWTH)] = byte;
		}
		/*
		 * A reservation map that extends into the structure ends wherever there are zeros.
		 * In versions before 16 libfdt reads the root's name, which the root does not have.
		 */
		bool sound = fdt_version(blob) >= 16 && fdt_check_full(blob, size) == 0 &&
			     fdt_num_mem_rsv(blob) == 0;

		devicetree_lists((u64)blob, "svadu");
		devicetree_cell((u64)blob, "riscv,guest-index-bits");
		devicetree_memory_end((u64)blob);
		devicetree_reserve((u64)blob);
		devicetree_disable((u64)blob, 0xc000000);
		if (sound)
			assert_int_equal(fdt_check_full(blob, size), 0);
	}
	free(blob);
	free(good);
}

const struct CMUnitTest unit_tests[] = {
	cmocka_unit_test(test_reserve),
	cmocka_unit_test(test_no_room),
	cmocka_unit_test(test_lists),
	cmocka_unit_test(test_disable),
	cmocka_unit_test(test_cell),
	cmocka_unit_test(test_memory),
	cmocka_unit_test(test_mutants),
	{ 0 },
};

/* SPDX-License-Identifier: MIT */
/*
 * Makes the machine's device tree. Each device writes its own node; the others are written here:
 * root, chosen, memory and the harts.
 */
#include "devices/board/machine.h"

#include "cpu/counters/pmu_code.h"
#include "cpu/csr/csr.h"
#include "devices/board/cpu.h"
#include "devices/fdt.h"
#include "devices/screen/ramfb.h"
#include "devices/syscon.h"

#include <string.h>

#define UART_NODE "/soc/serial@10000000"

static void root(struct fdt *fdt)
{
	fdt_u32(fdt, "#address-cells", 2);
	fdt_u32(fdt, "#size-cells", 2);
	fdt_str(fdt, "compatible", "riscv-virtio");
	fdt_str(fdt, "model", "riscv-virtio,qemu");
}

static void chosen(struct board *board, struct fdt *fdt)
{
	u8 seed[SEED_SIZE];

	journal_ask(&board->platform.journal, board->seed_sink, seed, sizeof(seed));
	fdt_node(fdt, "chosen");
	fdt_str(fdt, "stdout-path", UART_NODE);
	fdt_bytes(fdt, "rng-seed", seed, sizeof(seed));
	if (board_ramfb(board))
		ramfb_node(board_ramfb(board), fdt);
	fdt_end(fdt);
	fdt_node(fdt, "aliases");
	fdt_str(fdt, "serial0", UART_NODE);
	fdt_end(fdt);
}

/* Returns the number of NUMA nodes. A machine that is described without nodes is a single one. */
static unsigned node_count(const struct board *board)
{
	return MAX(board->config.numa.count, 1u);
}

static void numa_node_id(const struct board *board, struct fdt *fdt, unsigned node)
{
	if (board->config.numa.count)
		fdt_u32(fdt, "numa-node-id", node);
}

static void memory(const struct board *board, struct fdt *fdt)
{
	u64 base = DRAM_BASE, end = DRAM_BASE + board->config.ram_size;

	for (unsigned n = 0; n < node_count(board); n++) {
		u64 size = n + 1 < node_count(board) ? board->config.numa.memory[n] : end - base;

		if (!size)
			continue;
		fdt_node(fdt, "memory@%llx", base);
		fdt_str(fdt, "device_type", "memory");
		fdt_reg(fdt, base, size);
		numa_node_id(board, fdt, n);
		fdt_end(fdt);
		base += size;
	}
}

/* Writes the distances of nodes, by the binding "numa-distance-map-v1": from, to, distance. */
static void distances(const struct board_numa *numa, struct fdt *fdt)
{
	u32 cells[NUMA_NODES_MAX * NUMA_NODES_MAX * 3];
	unsigned count = 0;

	if (!numa->has_distances)
		return;
	for (unsigned from = 0; from < numa->count; from++)
		for (unsigned to = 0; to < numa->count; to++) {
			cells[count++] = from;
			cells[count++] = to;
			cells[count++] = numa->distance[from][to];
		}
	fdt_node(fdt, "distance-map");
	fdt_str(fdt, "compatible", "numa-distance-map-v1");
	fdt_cells(fdt, "distance-matrix", cells, count);
	fdt_end(fdt);
}

/* Returns the NUMA node of a hart, which is 0 if there are no nodes. */
static unsigned node_of(const struct board *board, unsigned hart)
{
	unsigned node = 0;

	while (node + 1 < node_count(board) && !(board->config.numa.harts[node] & BIT(hart)))
		node++;
	return node;
}

/* Extensions that promise a minimum length of the vector registers, in the order of ISA strings. */
static const struct {
	const char *name;
	unsigned vlen;
} vector_lengths[] = {
	{ "zvl1024b", 1024 }, { "zvl128b", 128 }, { "zvl256b", 256 }, { "zvl32b", 32 },
	{ "zvl512b", 512 }, { "zvl64b", 64 },
};

/* Writes riscv,isa-extensions: the names of all extensions of the harts. */
static void extensions(const struct harts *harts, struct fdt *fdt)
{
	const struct isa *isa = &harts->isa;
	const char *names[EXT_COUNT + ARRAY_SIZE(vector_lengths)];
	unsigned count = 0;

	for (unsigned ext = 0; ext < EXT_COUNT; ext++) {
		/* These are the last ones of the extensions that begin with Z. */
		for (unsigned i = 0; ext == EXT_s && i < ARRAY_SIZE(vector_lengths); i++)
			if (isa_has(isa, EXT_zve32x) &&
			    vector_lengths[i].vlen <= harts->vector.vlen)
				names[count++] = vector_lengths[i].name;
		if (isa_has(isa, ext) && ext_is_named(ext_state(ext)))
			names[count++] = ext_name(ext);
	}
	fdt_strings(fdt, "riscv,isa-extensions", names, count);
}

struct ext_text {
	enum ext ext;
	const char *text;
};

static const struct ext_text cache_blocks[] = {
	{ EXT_zicbom, "riscv,cbom-block-size" },
	{ EXT_zicbop, "riscv,cbop-block-size" },
	{ EXT_zicboz, "riscv,cboz-block-size" },
};

/* Returns the name of the largest virtual address space of the harts. */
static const char *mmu_type(const struct isa *isa)
{
	static const struct ext_text types[] = {
		{ EXT_sv57, "riscv,sv57" },
		{ EXT_sv48, "riscv,sv48" },
		{ EXT_sv39, "riscv,sv39" },
	};

	for (unsigned i = 0; i < ARRAY_SIZE(types); i++)
		if (isa_has(isa, types[i].ext))
			return types[i].text;
	return "riscv,none";
}

/*
 * The size limit of riscv,isa, the older property for extensions, including its NUL. U-Boot 2023.01
 * cannot handle a longer one. Names that do not fit are only in riscv,isa-extensions.
 */
#define ISA_ROOM 512

static void hart(const struct board *board, struct fdt *fdt, unsigned n, const u32 *phandles)
{
	const struct isa *isa = &board->harts.isa;
	char text[ISA_ROOM];

	isa_string(isa, text, sizeof(text));
	fdt_node(fdt, "cpu@%x", n);
	fdt_u32(fdt, "phandle", phandles[0]);
	fdt_str(fdt, "device_type", "cpu");
	fdt_u32(fdt, "reg", n);
	fdt_str(fdt, "status", "okay");
	fdt_str(fdt, "compatible", "riscv");
	fdt_str(fdt, "riscv,isa", text);
	fdt_str(fdt, "riscv,isa-base", "rv64i");
	extensions(&board->harts, fdt);
	for (unsigned i = 0; i < ARRAY_SIZE(cache_blocks); i++)
		if (isa_has(isa, cache_blocks[i].ext))
			fdt_u32(fdt, cache_blocks[i].text, CPU_CACHE_BLOCK);
	fdt_str(fdt, "mmu-type", mmu_type(isa));
	numa_node_id(board, fdt, node_of(board, n));
	fdt_node(fdt, "interrupt-controller");
	fdt_u32(fdt, "#interrupt-cells", 1);
	fdt_flag(fdt, "interrupt-controller");
	fdt_str(fdt, "compatible", "riscv,cpu-intc");
	fdt_u32(fdt, "phandle", phandles[1]);
	fdt_end(fdt);
	fdt_end(fdt);
}

/* Writes cpu-map. As in QEMU, the harts of a NUMA node are a cluster. */
static void cpu_map(const struct board *board, struct fdt *fdt, const u32 *cpu)
{
	fdt_node(fdt, "cpu-map");
	for (unsigned node = 0; node < node_count(board); node++) {
		unsigned core = 0;

		fdt_node(fdt, "cluster%u", node);
		for (unsigned n = 0; n < board->harts.count; n++) {
			if (node_of(board, n) != node)
				continue;
			fdt_node(fdt, "core%u", core++);
			fdt_u32(fdt, "cpu", cpu[n]);
			fdt_end(fdt);
		}
		fdt_end(fdt);
	}
	fdt_end(fdt);
}

/* Writes the harts' nodes, and the phandle of each one's interrupt controller to intc[]. */
static void harts(const struct board *board, struct fdt *fdt, u32 *intc)
{
	u32 cpu[HARTS_MAX];

	fdt_node(fdt, "cpus");
	fdt_u32(fdt, "#address-cells", 1);
	fdt_u32(fdt, "#size-cells", 0);
	fdt_u32(fdt, "timebase-frequency", TIMEBASE_HZ);
	for (unsigned n = 0; n < board->harts.count; n++) {
		const u32 phandles[2] = { fdt_new_phandle(fdt), fdt_new_phandle(fdt) };

		cpu[n] = phandles[0];
		intc[n] = phandles[1];
		hart(board, fdt, n, phandles);
	}
	cpu_map(board, fdt, cpu);
	fdt_end(fdt);
}

/*
 * The selector of an SBI hardware event is the event's number. In a hart that has the event numbers
 * of its core, PMU_OWN is set as well. Selectors from this number on are raw events.
 */
#define RAW_EVENTS 0x20000

/* The lists for the binding "riscv,pmu" while they are built. */
struct counted {
	u32 own; /* PMU_OWN if selectors need it, else 0 */
	u32 map[32 * 3], general[32 * 3], raw[64 * 5];
	unsigned maps, generals, raws;
};

/* Adds the raw events whose bits in `mask` equal `selector`. */
static void add_raw(struct counted *counted, u32 selector, u32 mask, u32 counters)
{
	const u32 raw[] = { 0, selector, UINT32_MAX, mask, counters };

	assert(counted->raws + ARRAY_SIZE(raw) <= ARRAY_SIZE(counted->raw));
	memcpy(&counted->raw[counted->raws], raw, sizeof(raw));
	counted->raws += ARRAY_SIZE(raw);
}

static void add_event(struct counted *counted, u32 selector, u32 counters)
{
	const u32 map[] = { selector, 0, selector | counted->own };
	const u32 general[] = { selector, selector, counters };

	if (selector >= RAW_EVENTS) {
		add_raw(counted, selector | counted->own, ~((u32)PMU_OWN ^ counted->own), counters);
		return;
	}
	assert(counted->maps + ARRAY_SIZE(map) <= ARRAY_SIZE(counted->map));
	memcpy(&counted->map[counted->maps], map, sizeof(map));
	memcpy(&counted->general[counted->generals], general, sizeof(general));
	counted->maps += ARRAY_SIZE(map);
	counted->generals += ARRAY_SIZE(general);
}

/* Adds the core's own event numbers, if their events are counted. */
static void add_codes(struct counted *counted, const struct board *board, u32 counters)
{
	bool timed = board->harts.hart[0]->timed;

	for (unsigned n = 0; n < pmu_code_count; n++)
		if (isa_has(&board->harts.isa, pmu_codes[n].ext) &&
		    (timed || pmu_codes[n].selected.own))
			add_raw(counted, (u32)pmu_codes[n].code, UINT32_MAX, counters);
}

/* Tells firmware which counters can count which events. Counters 0 and 2 are cycle and instret. */
static void counters(const struct board *board, struct fdt *fdt)
{
	const struct isa *isa = &board->harts.isa;
	const u32 all = pmu_counters(isa) & COUNTEREN_HPM;
	struct counted counted = { .own = pmu_has_codes(isa) ? (u32)PMU_OWN : 0 };

	if (!isa_has(isa, EXT_zihpm))
		return;
	add_event(&counted, (u32)pmu_selector(PMU_cycles), all | 1u << PMU_CYCLE);
	add_event(&counted, (u32)pmu_selector(PMU_instructions), all | 1u << PMU_INSTRET);
	for (unsigned event = PMU_SOURCES; all && event < PMU_EVENTS; event++)
		add_event(&counted, (u32)pmu_selector(event), all);
	for (unsigned n = 0; all && board->harts.hart[0]->timed && n < timing_selector_count; n++) {
		u32 selector = (u32)timing_selectors[n].selector;

		if (selector != pmu_selector(PMU_cycles) &&
		    selector != pmu_selector(PMU_instructions))
			add_event(&counted, selector, all);
	}
	if (all)
		add_codes(&counted, board, all);
	fdt_node(fdt, "pmu");
	fdt_str(fdt, "compatible", "riscv,pmu");
	fdt_cells(fdt, "riscv,event-to-mhpmevent", counted.map, counted.maps);
	fdt_cells(fdt, "riscv,event-to-mhpmcounters", counted.general, counted.generals);
	if (counted.raws)
		fdt_cells(fdt, "riscv,raw-event-to-mhpmcounters", counted.raw, counted.raws);
	fdt_end(fdt);
}

static void soc(const struct board *board, struct fdt *fdt, const u32 *intc, u32 test_phandle)
{
	struct fdt_intc controller;

	fdt_node(fdt, "soc");
	fdt_u32(fdt, "#address-cells", 2);
	fdt_u32(fdt, "#size-cells", 2);
	fdt_str(fdt, "compatible", "simple-bus");
	fdt_flag(fdt, "ranges");
	controller = board_interrupt_nodes(board, fdt, intc);
	if (board->config.aclint)
		aclint_fdt(&board->aclint, fdt, intc);
	else
		clint_fdt(&board->clint, fdt, intc);
	rtc_node(fdt, RTC_BASE, RTC_IRQ, &controller);
	uart_node(fdt, UART_BASE, UART_IRQ, &controller);
	test_node(fdt, TEST_BASE, test_phandle);
	for (unsigned n = VIRTIO_SLOTS; n-- > 0;)
		virtio_mmio_node(fdt, VIRTIO_BASE + n * VIRTIO_STRIDE, VIRTIO_IRQ + n, &controller);
	pci_host_fdt(&board->pci, fdt, PCIE_IRQ, &controller);
	fdt_end(fdt);
}

int board_make_tree(struct board *board, void **blob, size_t *size)
{
	const u64 flash[FLASH_BANKS] = { FLASH_BASE, FLASH_BASE + FLASH_BANK_SIZE };
	u32 intc[HARTS_MAX], test_phandle;
	struct fdt fdt;
	int error = fdt_start(&fdt);

	if (error < 0)
		return error;
	root(&fdt);
	chosen(board, &fdt);
	memory(board, &fdt);
	distances(&board->config.numa, &fdt);
	harts(board, &fdt, intc);
	counters(board, &fdt);
	fwcfg_node(&fdt, FW_CFG_BASE);
	flash_node(&fdt, flash, FLASH_BANKS);
	test_phandle = fdt_new_phandle(&fdt);
	syscon_nodes(&fdt, test_phandle);
	soc(board, &fdt, intc, test_phandle);
	error = fdt_done(&fdt);
	*blob = fdt.blob;
	*size = fdt.size;
	return error;
}

/* SPDX-License-Identifier: MIT */
/*
 * Gives a debugger access to the registers and the memory of a machine, and sets its breakpoints
 * and watchpoints. See board/inspect/debug.h.
 */
#include "devices/board/inspect/debug.h"

#include "cpu/csr/csr.h"
#include "cpu/debug/debug.h"
#include "cpu/mmu/peek.h"
#include "cpu/mmu/regime.h"
#include "cpu/trap/trap.h"
#include "devices/board/errors.h"
#include "devices/board/machine.h"
#include "devices/board/timing/timed.h"

#include <errno.h>
#include <string.h>

/*
 * A debugger's write as it is in the journal. If `size` is 0, it writes `value` to the register
 * `number`. Otherwise the bytes follow, which are written to a vector register, if `number` is one,
 * or else to memory.
 */
struct poke {
	u32 hart, number;
	u64 value; /* or the physical address */
	u64 size;
};

#define POKE_MAX 4096

_Static_assert(BOARD_VECTOR_MAX == VLENB_MAX, "debuggers have room for the longest registers");

int board_debug(struct board *board, bool attached)
{
	if (attached && board->compare)
		return -EBUSY;
	if (attached == !!board->debug)
		return 0;
	if (attached) {
		board->debug = debug_attach(&board->harts);
	} else {
		debug_detach(board->debug);
		board->debug = NULL;
	}
	board_choose_tier(board);
	return board->debug || !attached ? 0 : -ENOMEM;
}

/* --- registers --- */

static bool is_x(unsigned number)
{
	return number < 32;
}

static bool is_f(unsigned number)
{
	return number >= BOARD_REG_F && number < BOARD_REG_F + 32;
}

static bool is_csr(unsigned number)
{
	return number >= BOARD_REG_CSR && number < BOARD_REG_CSR + 4096;
}

static bool is_v(unsigned number)
{
	return number >= BOARD_REG_V && number < BOARD_REG_V + VECTOR_REGISTERS;
}

static const char *f_name(unsigned n)
{
	static const char *const names[32] = {
		"ft0", "ft1", "ft2", "ft3", "ft4", "ft5", "ft6", "ft7", "fs0", "fs1", "fa0",
		"fa1", "fa2", "fa3", "fa4", "fa5", "fa6", "fa7", "fs2", "fs3", "fs4", "fs5",
		"fs6", "fs7", "fs8", "fs9", "fs10", "fs11", "ft8", "ft9", "ft10", "ft11",
	};

	return names[n];
}

bool board_reg(struct board *board, unsigned number, struct board_reg *reg)
{
	struct hart *hart = board->harts.hart[0];
	u16 csr = (u16)(number - BOARD_REG_CSR);
	const char *name = number == BOARD_REG_PC   ? "pc" :
			   number == BOARD_REG_PRIV ? "priv" :
						      "virt";
	u64 value;

	reg->bits = csr <= CSR_FCSR && is_csr(number) ? 32 : 64;
	if (is_x(number))
		name = board_x_names[number];
	if (is_f(number)) {
		reg->bits = isa_has(hart->isa, EXT_d) ? 64 : 32;
		name = f_name(number - BOARD_REG_F);
	}
	if ((is_f(number) && !isa_has(hart->isa, EXT_f)) || number >= BOARD_REGS ||
	    (is_v(number) && !isa_has(hart->isa, EXT_zve32x)) ||
	    (number == BOARD_REG_VIRT && !isa_has(hart->isa, EXT_h)))
		return false;
	if (is_v(number)) {
		reg->bits = hart->vector.vlenb * 8;
		snprintf(reg->name, sizeof(reg->name), "v%u", number - BOARD_REG_V);
		return true;
	}
	if (is_csr(number))
		return csr_peek(hart, csr, &value) && csr_name(csr, reg->name, sizeof(reg->name));
	snprintf(reg->name, sizeof(reg->name), "%s", name);
	return true;
}

/* Returns whether the hart has that CSR, and gets its value: that of `time` changes in a slice. */
static bool peek_csr(struct hart *hart, u16 number, u64 *value)
{
	bool found;

	harts_view(hart->harts, hart);
	found = csr_peek(hart, number, value);
	harts_view_end(hart->harts, false);
	return found;
}

/* Sets a CSR. That of a timer is compared with the hart's time. */
static void poke_csr(struct hart *hart, u16 number, u64 value)
{
	harts_view(hart->harts, hart);
	csr_poke(hart, number, value);
	harts_view_end(hart->harts, true);
}

bool board_reg_get(struct board *board, unsigned index, unsigned number, u64 *value)
{
	struct hart *hart = board->harts.hart[index];
	struct board_reg reg;

	if (is_v(number) || !board_reg(board, number, &reg))
		return false;
	if (is_csr(number))
		return peek_csr(hart, (u16)(number - BOARD_REG_CSR), value);
	*value = is_x(number)             ? hart->x[number] :
		 is_f(number)             ? hart->f[number - BOARD_REG_F] :
		 number == BOARD_REG_PC   ? hart->pc :
		 number == BOARD_REG_PRIV ? hart->priv :
					    hart->virt;
	return true;
}

bool board_vector_get(struct board *board, unsigned index, unsigned number, void *data)
{
	struct vector_state *vector = &board->harts.hart[index]->vector;
	struct board_reg reg;

	if (!is_v(number) || !board_reg(board, number, &reg))
		return false;
	memcpy(data, vector_register(vector, number - BOARD_REG_V), vector->vlenb);
	return true;
}

/* Sets the hart's privilege mode, if the hart has it. */
static void debug_set_mode(struct hart *hart, u64 priv, u64 virt)
{
	if (priv > PRIV_M || !csr_has_mode(hart, priv) || virt > 1 ||
	    (virt && (priv == PRIV_M || !isa_has(hart->isa, EXT_h))))
		return;
	hart_set_mode(hart, (u8)priv, virt);
}

static void set_reg(struct hart *hart, unsigned number, u64 value)
{
	if (is_csr(number))
		poke_csr(hart, (u16)(number - BOARD_REG_CSR), value);
	else if (is_x(number) && number)
		hart->x[number] = value;
	else if (is_f(number))
		hart->f[number - BOARD_REG_F] = value;
	else if (number == BOARD_REG_PRIV)
		debug_set_mode(hart, value, value != PRIV_M && hart->virt);
	else if (number == BOARD_REG_VIRT)
		debug_set_mode(hart, hart->priv, value);
	if (number != BOARD_REG_PC)
		return;
	hart->pc = value & ~1ull;
	hart->waiting = false;
}

/* --- writes --- */

/* Returns the region that contains all of these bytes, or NULL. */
static const struct region *region_of(struct board *board, u64 pa, size_t size)
{
	const struct region *region = bus_find(&board->platform.bus, pa);

	return region && range_within(pa, size, region->base, region->size) ? region : NULL;
}

/*
 * Returns whether the region is one, like flash, whose contents a debugger can write although a
 * hart's stores cannot.
 */
static bool is_patched(const struct region *region)
{
	return region && region->patch;
}

static bool patch(const struct region *region, u64 addr, const u8 *data, u64 size)
{
	return region->patch(region->ctx, addr - region->base, data, size);
}

/* Writes to memory. Watchpoints do not see the debugger's own writes. */
static void poke_memory(struct board *board, u64 addr, const u8 *data, u64 size)
{
	const struct region *region = region_of(board, addr, size);
	struct bus *bus = &board->platform.bus;
	void (*watch)(void *ctx, u64 addr, u64 len) = bus->dma_watch;

	if (is_patched(region)) {
		patch(region, addr, data, size);
		return;
	}
	bus->dma_watch = NULL;
	bus_dma_write(bus, addr, data, size);
	bus->dma_watch = watch;
}

static void poke_vector(struct board *board, const struct poke *poke, const u8 *data, size_t size)
{
	struct vector_state *vector;

	if (poke->hart >= board->harts.count)
		return;
	vector = &board->harts.hart[poke->hart]->vector;
	if (poke->size == size && size == vector->vlenb)
		memcpy(vector_register(vector, poke->number - BOARD_REG_V), data, size);
}

static void poke(void *ctx, const u8 *data, size_t size)
{
	struct board *board = ctx;
	struct poke poke;

	if (size < sizeof(poke))
		return;
	memcpy(&poke, data, sizeof(poke));
	if (is_v(poke.number))
		poke_vector(board, &poke, data + sizeof(poke), size - sizeof(poke));
	else if (poke.size == size - sizeof(poke) && poke.size)
		poke_memory(board, poke.value, data + sizeof(poke), poke.size);
	else if (poke.hart < board->harts.count && !poke.size)
		set_reg(board->harts.hart[poke.hart], poke.number, poke.value);
}

void board_debug_connect(struct board *board)
{
	const struct journal_sink sink = { .name = "debugger", .put = poke, .ctx = board };

	board->debug_sink = journal_register(&board->platform.journal, &sink);
}

/* Returns whether nothing can be written, because all input comes from a recording. */
static bool is_replayed(const struct board *board)
{
	return board->platform.journal.replaying;
}

bool board_reg_set(struct board *board, unsigned index, unsigned number, u64 value)
{
	const struct poke poke = { .hart = index, .number = number, .value = value };
	struct board_reg reg;

	if (is_replayed(board) || is_v(number) || !board_reg(board, number, &reg) ||
	    (is_csr(number) && bits(number - BOARD_REG_CSR, 10, 2) == 3))
		return false;
	journal_put(&board->platform.journal, board->debug_sink, &poke, sizeof(poke));
	return true;
}

bool board_vector_set(struct board *board, unsigned index, unsigned number, const void *data)
{
	u8 message[sizeof(struct poke) + VLENB_MAX];
	struct poke poke = { .hart = index, .number = number };
	struct board_reg reg;

	if (is_replayed(board) || !is_v(number) || !board_reg(board, number, &reg))
		return false;
	poke.size = reg.bits / 8;
	memcpy(message, &poke, sizeof(poke));
	memcpy(message + sizeof(poke), data, poke.size);
	journal_put(&board->platform.journal, board->debug_sink, message, sizeof(poke) + poke.size);
	return true;
}

/* --- memory --- */

/* Translates an address. Returns whether it has a translation. */
static bool translate(struct board *board, const struct board_memory *at, u64 *pa)
{
	struct regime regime;
	struct hart *hart = board_space_regime(board, at, false, &regime);

	*pa = at->addr;
	return at->space.kind == SPACE_PHYSICAL ||
	       (hart && debug_translate(hart, &regime, at->addr, pa));
}

/*
 * Returns the size of the widest access that is naturally aligned, has at most `left` bytes, and
 * has a width that the device accepts; 0 if there is none.
 */
static unsigned access_size(const struct board *board, u64 pa, size_t left, bool store)
{
	unsigned size = 8;

	while (size &&
	       (size > left || pa % size || !bus_accepts(&board->platform.bus, pa, size, store)))
		size /= 2;
	return size;
}

static bool read_registers(struct board *board, unsigned hart, u64 pa, u8 *data, size_t size)
{
	const struct region *region = region_of(board, pa, size);

	if (!region || region->ram)
		return false;
	for (unsigned part; size; pa += part, data += part, size -= part) {
		u64 value;

		part = access_size(board, pa, size, false);
		if (!part || !board_probe(board, hart, pa, part, &value))
			return false;
		memcpy(data, &value, part);
	}
	return true;
}

/* Writes to a device. Without data it only returns whether the device accepts such accesses. */
static bool write_registers(struct board *board, unsigned hart, u64 pa, const u8 *data, size_t size)
{
	for (unsigned part; size; pa += part, size -= part) {
		u64 value = 0;

		part = access_size(board, pa, size, true);
		if (!part)
			return false;
		if (!data)
			continue;
		memcpy(&value, data, part);
		data += part;
		if (!board_probe_store(board, hart, pa, part, value))
			return false;
	}
	return true;
}

bool board_debug_read(struct board *board, const struct board_memory *at, void *data)
{
	u64 pa;

	return board_peek(board, at, data) ||
	       (translate(board, at, &pa) && read_registers(board, at->hart, pa, data, at->size));
}

bool board_debug_held(struct board *board, const struct board_memory *at, void *data)
{
	const struct region *region;
	u64 pa;

	if (board_peek(board, at, data))
		return true;
	region = translate(board, at, &pa) ? region_of(board, pa, at->size) : NULL;
	if (!region || !region->peek)
		return false;
	region->peek(region->ctx, pa - region->base, data, at->size);
	return true;
}

/* Writes bytes to a physical address. Without data it only returns whether that is possible. */
static bool write_part(struct board *board, unsigned hart, u64 pa, const u8 *data, size_t size)
{
	u8 message[sizeof(struct poke) + POKE_MAX];
	const struct poke poke = { .value = pa, .size = size };
	const struct region *region = region_of(board, pa, size);
	bool patched = is_patched(region);
	bool writable = patched ? patch(region, pa, NULL, size) : region && !region->readonly;

	if (region && !region->ram && !patched)
		return write_registers(board, hart, pa, data, size);
	/*
	 * This is checked again when there is data: a write to a device may have changed the memory
	 * map.
	 */
	if (!writable || !data)
		return writable;
	memcpy(message, &poke, sizeof(poke));
	memcpy(message + sizeof(poke), data, size);
	journal_put(&board->platform.journal, board->debug_sink, message, sizeof(poke) + size);
	return true;
}

static bool write_all(struct board *board, const struct board_memory *at, const u8 *data)
{
	struct board_memory part = *at;

	for (size_t left = at->size; left; left -= part.size, part.addr += part.size) {
		u64 pa;

		part.size = MIN(left, (size_t)(PAGE_SIZE - (part.addr & ~PAGE_MASK)));
		if (!translate(board, &part, &pa) ||
		    !write_part(board, at->hart, pa, data ? data + (at->size - left) : NULL,
				part.size))
			return false;
	}
	return true;
}

/* Writes all bytes or none, unless a device refuses some. */
bool board_debug_write(struct board *board, const struct board_memory *at, const void *data)
{
	return !is_replayed(board) && write_all(board, at, NULL) && write_all(board, at, data);
}

/* --- points, and running --- */

int board_point_set(struct board *board, enum board_point kind, const struct board_memory *at)
{
	static const enum debug_reach reach[] = {
		[SPACE_CURRENT] = DEBUG_EVERYWHERE, [SPACE_PHYSICAL] = DEBUG_NOWHERE,
		[SPACE_HS] = DEBUG_IN_GUEST, [SPACE_VS] = DEBUG_EVERYWHERE,
		[SPACE_GPA] = DEBUG_NOWHERE, [SPACE_VMID] = DEBUG_EVERYWHERE,
	};
	bool fetch = kind == POINT_SOFTWARE || kind == POINT_HARDWARE;
	struct board_memory place = *at;
	struct debug_range range = {
		.reach = reach[at->space.kind], .addr = at->addr, .size = at->size,
	};
	struct regime regime;

	if (fetch && range.reach != DEBUG_NOWHERE)
		place.space.kind = SPACE_CURRENT;
	range.hart = board_space_regime(board, &place, fetch, &regime);
	range.regime = &regime;
	return range.hart ? debug_insert(board->debug, (enum debug_kind)kind, &range) : -EFAULT;
}

int board_point_clear(struct board *board, enum board_point kind, u64 addr, u64 size)
{
	return debug_remove(board->debug, (enum debug_kind)kind, addr, size);
}

void board_go(struct board *board, unsigned index, enum board_go go, u64 first, u64 end)
{
	struct hart *hart = board->harts.hart[index];

	if (go == GO_RUN)
		debug_go(board->debug, hart);
	else if (go == GO_HOLD)
		debug_hold(board->debug, hart);
	else
		debug_step(board->debug, hart, first, end);
}

void board_step_interrupts(struct board *board, bool on)
{
	board->debug->interrupts = on;
}

bool board_steps_interrupt(const struct board *board)
{
	return board->debug->interrupts;
}

bool board_stopped(struct board *board, unsigned hart, struct board_stop *stop)
{
	struct debug_stop why = debug_take(board->debug, board->harts.hart[hart]);

	*stop = (struct board_stop){
		.stepped = why.why == DEBUG_STEPPED,
		.kind = (enum board_point)why.kind,
		.addr = why.addr,
	};
	return why.why != DEBUG_NO_STOP;
}

void board_hold(struct board *board, bool held)
{
	bool was_held = board->held;

	board->held = held;
	clock_hold(&board->platform.clock, held);
	/*
	 * The clock is held first, so that the guest does not notice how long the host's disks
	 * take.
	 */
	if (held && !was_held)
		board_settle_disks(board);
	if (was_held && !held)
		rtc_resume(&board->rtc);
	if (!held && board->disk_errors.stopped)
		board_retry_disks(board);
}

/* SPDX-License-Identifier: MIT */
/* Executes vector loads and stores in a small machine (see accesses.h). */
#include "tests/cpu/vector/accesses.h"

#include "cpu/engine/block_cache.h"
#include "cpu/engine/threaded.h"

#define VTYPE_E32_M1 (2u << 3)
#define VLENB 16
#define JUMP_TO_SELF 0x6fu

#define BY_1 { 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15 }
#define BY_4 { 0, 4, 8, 12, 16, 20, 24, 28 }
#define BY_8 { 0, 8, 16, 24 }
#define BY_12 { 0, 12, 24, 36 }
#define BY_STRIDE { 0, -8, -16, -24 }
#define BY_INDEX { 12, 0, 28, 4 } /* v16 */

#define LOAD .store = false
#define STORE .store = true

/* The encodings were made by binutils. */
const struct vector_form vector_forms[] = {
	{ "vle8.v", 0x02058407, LOAD, 1, 1, 4, 0, BY_1 },
	{ "vle32.v", 0x0205e407, LOAD, 4, 1, 4, 0, BY_4 },
	{ "vle64.v", 0x0205f407, LOAD, 8, 1, 4, 0, BY_8 },
	{ "vse8.v", 0x02058427, STORE, 1, 1, 4, 0, BY_1 },
	{ "vse32.v", 0x0205e427, STORE, 4, 1, 4, 0, BY_4 },
	{ "vse32.v,v0.t", 0x0005e427, STORE, 4, 1, 4, 5, BY_4 },
	{ "vlse32.v", 0x0ac5e407, LOAD, 4, 1, 4, 0, BY_STRIDE },
	{ "vsse32.v", 0x0ac5e427, STORE, 4, 1, 4, 0, BY_STRIDE },
	{ "vluxei8.v", 0x07058407, LOAD, 4, 1, 4, 0, BY_INDEX },
	{ "vsuxei8.v", 0x07058427, STORE, 4, 1, 4, 0, BY_INDEX },
	{ "vsoxei8.v,v0.t", 0x0d058427, STORE, 4, 1, 4, 5, BY_INDEX },
	{ "vlseg3e32.v", 0x4205e407, LOAD, 4, 3, 4, 0, BY_12 },
	{ "vsseg3e32.v", 0x4205e427, STORE, 4, 3, 4, 0, BY_12 },
	{ "vl2re32.v", 0x2285e407, LOAD, 4, 1, 8, 0, BY_4 },
	{ "vs1r.v", 0x02858427, STORE, 1, 1, 16, 0, BY_1 },
	{ "vlm.v", 0x02b58407, LOAD, 1, 1, 1, 0, BY_1 },
	{ "vsm.v", 0x02b58427, STORE, 1, 1, 1, 0, BY_1 },
	{ "vle32ff.v", 0x0305e407, LOAD, 4, 1, 4, 0, BY_4 },
	{ "vle32ff.v,v0.t", 0x0105e407, LOAD, 4, 1, 4, 5, BY_4 },
};
const unsigned vector_form_count = ARRAY_SIZE(vector_forms);

const hart_tier vector_tiers[VECTOR_TIERS] = { interp_run, threaded_run, jit_run };

struct engines *vector_machine_create(struct ext_set extensions)
{
	struct engines *vectors = engines_create(extensions);

	harts_reset(&vectors->harts, ACCESSES_CODE);
	return vectors;
}

void vector_machine_prepare(struct engines *vectors)
{
	static const u8 index[] = BY_INDEX;
	struct hart *hart = vectors->hart;
	u8 *data = (u8 *)machine_ram(&vectors->machine, ACCESSES_DATA & PAGE_MASK);

	hart_open_pmp(hart);
	csr_set_mstatus(hart, MSTATUS_FS | MSTATUS_VS);
	hart->mtvec = ACCESSES_CODE + 4;
	hart->priv = PRIV_U;
	hart->x[11] = ACCESSES_DATA;
	hart->x[12] = (u64)ACCESSES_STRIDE;
	hart->vector.vtype = VTYPE_E32_M1;
	hart->vector.key = hart_vector_key(VTYPE_E32_M1);
	hart->vector.vl = 4;
	hart->vector.vstart = 0;
	hart->vector.vlenb = VLENB;
	for (unsigned n = 0; n < VECTOR_REGISTERS * VLENB; n++)
		hart->vector.v[n] = (u8)(n * 7 + 1);
	for (unsigned n = 0; n < 2 * PAGE_SIZE; n++)
		data[n] = (u8)(n * 5 + n / 256 + 3);
	hart->vector.v[0] = ACCESSES_MASK;
	memcpy(vector_register(&hart->vector, 16), index, sizeof(index));
	hart_regime_changed(hart);
}

/*
 * The instruction is followed by a jump to itself, and the trap handler is one as well: with the
 * jump the instruction makes a block that is executed as a whole, as native code does not start
 * with less.
 */
bool vector_machine_step(struct engines *vectors, hart_tier tier, u32 raw)
{
	const u32 code[] = { raw, JUMP_TO_SELF };
	struct hart *hart = vectors->hart;
	u64 traps = hart->traps;

	assert_true(
		bus_dma_write(&vectors->machine.platform.bus, ACCESSES_CODE, code, sizeof(code)));
	hart->pc = ACCESSES_CODE;
	hart_run(hart, tier, ARRAY_SIZE(code));
	return hart->traps == traps;
}

u8 *vector_form_register(struct hart *hart, const struct vector_form *form, unsigned n,
			 unsigned field)
{
	return vector_register(&hart->vector, 8 + field) + (size_t)n * form->bytes;
}

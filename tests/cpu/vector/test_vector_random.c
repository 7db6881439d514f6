/* SPDX-License-Identifier: MIT */
/*
 * Executes random encodings of the vector opcodes in every vtype and every mode, at each VLEN: each
 * has a result or a trap that the manual defines, and leaves a state that instructions can make.
 * Other tests check the results; with sanitizers this one finds accesses out of bounds. In U-mode,
 * threaded and native code have the interpreter's result or trap.
 */
#include "cpu/hart/storage.h"
#include "tests/cpu/random.h"
#include "tests/cpu/vector/extensions.h"
#include "tests/cpu/vector/unit.h"
#include "tests/part.h"

#define CODE (RAM_BASE + 4 * PAGE_SIZE)
#define DATA (RAM_BASE + RAM_SIZE / 2)
#define VTYPES 257 /* the last one is vill */
#define CASES part_of(120) /* for each vtype and mode */
#define TIER_CASES part_of(60) /* for each vtype */

struct fuzz {
	struct machine *machine;
	struct hart *hart, before;
	u64 seed;
	u32 raw;
	unsigned results, traps;
};

static const struct {
	u8 priv;
	bool virt;
} modes[] = {
	{ PRIV_M, false }, { PRIV_S, false }, { PRIV_U, false }, { PRIV_S, true }, { PRIV_U, true },
};

static unsigned below(u64 *seed, unsigned count)
{
	return (unsigned)(random_u64(seed) >> 20) % count;
}

static unsigned fuzz_below(struct fuzz *fuzz, unsigned count)
{
	return below(&fuzz->seed, count);
}

/*
 * Returns a random encoding of OP-V, a vector load or store, or OP-VE; half of them have registers
 * that begin groups of 8.
 */
static u32 random_encoding(u64 *seed)
{
	static const u8 opcodes[] = { 0x57, 0x57, 0x57, 0x07, 0x27, 0x77 };
	static const u8 widths[] = { 0, 5, 6, 7 };
	u8 opcode = opcodes[below(seed, ARRAY_SIZE(opcodes))];
	u32 raw = (u32)random_u64(seed) << 7 | opcode;

	if (opcode == 0x07 || opcode == 0x27)
		raw = (raw & ~0x7000u) | (u32)widths[below(seed, 4)] << 12;
	if (opcode == 0x77)
		raw = (raw & ~0x7000u) | 2u << 12;
	if (below(seed, 2))
		raw &= ~(7u << 7 | 7u << 20);
	if (below(seed, 2))
		raw &= ~(7u << 15);
	return raw;
}

/* Sets registers: addresses in RAM, small numbers, and others. */
static void random_registers(struct fuzz *fuzz)
{
	struct hart *hart = fuzz->hart;

	for (unsigned n = 1; n < 32; n++) {
		u64 value = random_u64(&fuzz->seed);
		u64 choices[] = { DATA + value % PAGE_SIZE, DATA + value % PAGE_SIZE, value % 64,
				  value };

		hart->x[n] = choices[fuzz_below(fuzz, ARRAY_SIZE(choices))];
		hart->f[n] = random_u64(&fuzz->seed) | (n % 2 ? ~0ull << 32 : 0);
	}
	for (size_t n = 0; n < (size_t)VECTOR_REGISTERS * hart->vector.vlenb; n += sizeof(u64)) {
		u64 value = random_u64(&fuzz->seed);

		value &= fuzz_below(fuzz, 2) ? 0xff : ~0ull;
		memcpy(hart->vector.v + n, &value, sizeof(value));
	}
}

static void random_state(struct fuzz *fuzz, unsigned mode, unsigned vtype)
{
	struct hart *hart = fuzz->hart;
	struct vector_state *vector = &hart->vector;
	u64 most;

	random_registers(fuzz);
	vector->vtype = vtype < VTYPES - 1 ? vtype_legal(hart->isa, vtype) : VTYPE_VILL;
	most = vector->vtype & VTYPE_VILL ? 0 : vector_vlmax(vector);
	vector->vl = fuzz_below(fuzz, 3) ? most : fuzz_below(fuzz, (unsigned)most + 1);
	vector->vstart = fuzz_below(fuzz, 4) ? 0 : fuzz_below(fuzz, 8 * vector->vlenb);
	vector->vxrm = (u8)fuzz_below(fuzz, 4);
	vector->key = hart_vector_key(vector->vtype);
	hart->frm = (u8)(fuzz_below(fuzz, 8) ? fuzz_below(fuzz, 5) : fuzz_below(fuzz, 8));
	hart->priv = modes[mode].priv;
	hart->virt = modes[mode].virt;
	hart->s[BANK_VS].status = MSTATUS_FS | (fuzz_below(fuzz, 16) ? MSTATUS_VS : 0);
	csr_set_mstatus(hart, MSTATUS_FS | (fuzz_below(fuzz, 16) ? MSTATUS_VS : 0));
	hart_regime_changed(hart);
	hart->stop = hart->yield = false;
	hart->pc = CODE;
}

static void wrong(const struct fuzz *fuzz, const char *what)
{
	fail_msg("%08x in vtype 0x%llx, vl %llu, vstart %llu, VLEN %u, mode %u%s: %s", fuzz->raw,
		 fuzz->before.vector.vtype, fuzz->before.vector.vl, fuzz->before.vector.vstart,
		 fuzz->before.vector.vlenb * 8, fuzz->before.priv, fuzz->before.virt ? "V" : "",
		 what);
}

/*
 * Checks that an illegal instruction has changed nothing, and that only a memory access raises
 * other traps.
 */
static void check_trap(const struct fuzz *fuzz)
{
	const struct hart *hart = fuzz->hart, *before = &fuzz->before;
	const struct vector_state *is = &hart->vector, *was = &before->vector;
	u64 loads = BIT(CAUSE_LOAD_MISALIGNED) | BIT(CAUSE_LOAD_ACCESS) | BIT(CAUSE_LOAD_PAGE) |
		    BIT(CAUSE_LOAD_GUEST_PAGE);
	u64 stores = BIT(CAUSE_STORE_MISALIGNED) | BIT(CAUSE_STORE_ACCESS) | BIT(CAUSE_STORE_PAGE) |
		     BIT(CAUSE_STORE_GUEST_PAGE);
	u64 faults = (fuzz->raw & 0x7f) == 0x07 ? loads : (fuzz->raw & 0x7f) == 0x27 ? stores : 0;
	u64 cause = hart->trap.cause;

	if (cause != CAUSE_ILLEGAL) {
		if (cause > 63 || !(faults >> cause & 1))
			wrong(fuzz, "it raises what it cannot");
		return;
	}
	if (is->vl != was->vl || is->vtype != was->vtype || is->vstart != was->vstart ||
	    is->vxsat != was->vxsat || hart->fflags != before->fflags ||
	    hart->mstatus != before->mstatus || memcmp(is->v, was->v, sizeof(is->v)) ||
	    memcmp(hart->x, before->x, 32 * sizeof(u64)) ||
	    memcmp(hart->f, before->f, sizeof(hart->f)))
		wrong(fuzz, "it is illegal, and changes something");
}

static void check_state(const struct fuzz *fuzz, bool done)
{
	const struct vector_state *vector = &fuzz->hart->vector;
	bool ill = vector->vtype & VTYPE_VILL;

	if (vtype_legal(fuzz->hart->isa, vector->vtype) != vector->vtype)
		wrong(fuzz, "vtype is none that can be set");
	if (vector->vl > (ill ? 0 : vector_vlmax(vector)))
		wrong(fuzz, "vl is more than VLMAX");
	if (vector->vstart >= 8ull * vector->vlenb || (done && vector->vstart))
		wrong(fuzz, "vstart is wrong");
	if (vector->vxsat > 1 || fuzz->hart->fflags > 31 || fuzz->hart->x[0])
		wrong(fuzz, "a register has what it cannot hold");
	if (done && fuzz->hart->pc != CODE + 4)
		wrong(fuzz, "it goes on elsewhere");
}

static void run_one(struct fuzz *fuzz)
{
	bool done;

	fuzz->raw = random_encoding(&fuzz->seed);
	memcpy(machine_ram(fuzz->machine, CODE), &fuzz->raw, sizeof(fuzz->raw));
	fuzz->before = *fuzz->hart;
	done = interp_step(fuzz->hart) == EXIT_NEXT;
	if (!done)
		check_trap(fuzz);
	check_state(fuzz, done);
	fuzz->results += done;
	fuzz->traps += !done;
}

static void run_length(unsigned vlen)
{
	struct fuzz *fuzz = hart_storage(sizeof(*fuzz));

	assert_non_null(fuzz);
	fuzz->machine = machine_create(EXT_TOGETHER);
	fuzz->hart = &fuzz->machine->hart;
	fuzz->hart->vector.config.vlen = vlen;
	fuzz->hart->vector.vlenb = vlen / 8;
	fuzz->seed = vlen;
	machine_open_pmp(fuzz->machine);
	for (unsigned vtype = 0; vtype < VTYPES; vtype++)
		for (unsigned mode = 0; mode < ARRAY_SIZE(modes); mode++)
			for (unsigned n = 0; n < CASES; n++) {
				/*
				 * A new state is made only now and then, because that takes most of
				 * the time.
				 */
				if (n % 8 == 0)
					random_state(fuzz, mode, vtype);
				fuzz->hart->pc = CODE;
				run_one(fuzz);
			}
	assert_true(fuzz->results > (fuzz->results + fuzz->traps) / 50);
	assert_true(fuzz->traps > (fuzz->results + fuzz->traps) / 50);
	machine_free(fuzz->machine);
	free(fuzz);
}

static void test_lengths(void **unused)
{
	for (unsigned vlen = VLEN_LEAST; vlen <= VLEN_MOST; vlen *= 2)
		run_length(vlen);
}

/* Makes registers: addresses in the window, small numbers, and others. */
static void random_image(struct vector_image *image, u64 *seed, u64 vlmax)
{
	for (unsigned n = 0; n < sizeof(image->v) / sizeof(u64); n++) {
		u64 value = random_u64(seed) & (below(seed, 2) ? 0xff : ~0ull);

		memcpy(image->v + n * sizeof(value), &value, sizeof(value));
	}
	for (unsigned n = IMAGE_X_FIRST; n <= IMAGE_X_LAST; n++) {
		u64 value = random_u64(seed), at = IMAGE_WINDOW + value % IMAGE_BYTES;
		u64 choices[] = { at, at, value % 64, value };

		image->x[n] = choices[below(seed, ARRAY_SIZE(choices))];
		image->f[n] = random_u64(seed) | (n % 2 ? ~0ull << 32 : 0);
	}
	image->vl = below(seed, 3) ? vlmax : below(seed, (unsigned)vlmax + 1);
	image->vstart = below(seed, 4) ? 0 : below(seed, (unsigned)vlmax + 1);
	image->vcsr = below(seed, 8);
	image->fcsr = below(seed, 256);
	image->raw = random_encoding(seed);
}

static void check_tiers(struct unit *unit, const struct vector_image *in)
{
	static struct vector_image should, is;

	should = *in;
	unit_run(unit, UNIT_INTERP, &should);
	for (unsigned tier = UNIT_THREADED; tier < UNIT_HOSTS; tier++) {
		is = *in;
		unit_run(unit, (enum unit_tier)tier, &is);
		if (memcmp(&is, &should, sizeof(is)) != 0)
			fail_msg("%08x in vtype 0x%llx, vl %llu, vstart %llu, VLEN %u: %s differs",
				 in->raw, in->vtype, in->vl, in->vstart,
				 unit_hart(unit)->vector.vlenb * 8, unit_tier_names[tier]);
	}
}

static void test_tiers(void **unused)
{
	static struct vector_image image;

	for (unsigned vlen = VLEN_LEAST; vlen <= VLEN_MOST; vlen *= 2) {
		struct unit *unit = unit_create(&(struct vector_config){ .vlen = vlen });
		struct vector_state state = { .vlenb = vlen / 8 };
		u64 seed = vlen;

		for (unsigned n = 0; n < VTYPES * TIER_CASES; n++) {
			unsigned vtype = n / TIER_CASES;

			state.vtype = vtype < VTYPES - 1 ? vtype_legal(unit_isa(unit), vtype) :
							   VTYPE_VILL;
			image.vtype = state.vtype;
			random_image(&image, &seed,
				     state.vtype & VTYPE_VILL ? 0 : vector_vlmax(&state));
			check_tiers(unit, &image);
		}
		unit_free(unit);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_lengths),
					    cmocka_unit_test(test_tiers) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: MIT */
/*
 * Tests that the field that is named as the reason of a denial is the reason. In random states of
 * all registers that can deny something, and in each mode, the field has the value that is named,
 * and if it had the other value, the instruction would run or be denied by something else. A denial
 * by a field always names the field.
 */
#include "tests/cpu/fixture.h"

#include "tests/cpu/random.h"
#include "tests/cpu/vector/extensions.h"

#define STATES 200
#define GUESTS 3

/* Most are given by number; csr.def and the manual have the names. */
static const u16 hiders[] = {
	CSR_MENVCFG, CSR_HENVCFG, CSR_SENVCFG, CSR_MCOUNTEREN, CSR_HCOUNTEREN, CSR_SCOUNTEREN,
	CSR_MSTATEEN0, CSR_MSTATEEN0 + 1, CSR_MSTATEEN0 + 2, CSR_MSTATEEN0 + 3,
	CSR_HSTATEEN0, CSR_HSTATEEN0 + 1, CSR_HSTATEEN0 + 2, CSR_HSTATEEN0 + 3, CSR_SSTATEEN0,
	CSR_HSTATUS, CSR_VSSTATUS, CSR_MSECCFG, CSR_MVIEN, CSR_HVICTL,
	0x150, 0x250, /* siselect, vsiselect: they select what sireg and vsireg are */
};

/* The instructions other than CSR accesses that can be denied; a0 points to memory. */
static const u32 instructions[] = {
	0x12000073, /* sfence.vma */
	0x16000073, /* sinval.vma */
	0x10200073, /* sret */
	0x10500073, /* wfi */
	0x22000073, /* hfence.vvma */
	0x62000073, /* hfence.gvma */
	0x6c0545f3, /* hlv.d a1,(a0) */
	0x0005200f, /* cbo.inval (a0) */
	0x0015200f, /* cbo.clean (a0) */
	0x0045200f, /* cbo.zero (a0) */
	0x02c5f553, /* fadd.d fa0,fa1,fa2 */
	0x48b535af, /* ssamoswap.d a1,a1,(a0) */
	0x0c0575d7, /* vsetvli a1,a0,e8,m1,ta,ma */
	0x02a48457, /* vadd.vv v8,v10,v9 */
	0x02a49457, /* vfadd.vv v8,v10,v9 */
	0x02050407, /* vle8.v v8,(a0) */
	0x02850427, /* vs1r.v v8,(a0) */
};

/* These reasons always have a field. */
static const enum trap_reason of_fields[] = {
	REASON_fp_off, REASON_csr_fp_off, REASON_csr_counteren, REASON_csr_tvm, REASON_vtvm,
	REASON_csr_stce, REASON_seed_off, REASON_csr_stateen, REASON_csr_cde, REASON_csr_mvien,
	REASON_csr_vti, REASON_tsr, REASON_tw, REASON_tvm, REASON_envcfg, REASON_sse,
	REASON_vector_off, REASON_csr_vector_off,
};

static bool imsic_read(void *ctx, unsigned file, u16 select, u64 *value)
{
	*value = 0;
	return true;
}

static bool imsic_write(void *ctx, unsigned file, u16 select, u64 value)
{
	return true;
}

static u32 imsic_topei(void *ctx, unsigned file)
{
	return 0;
}

static void imsic_claim(void *ctx, unsigned file)
{
}

static void in_mode(struct hart *hart, u8 priv, bool virt)
{
	hart->priv = priv;
	hart->virt = virt;
	hart_regime_changed(hart);
}

static void denied_by_write_csr(struct hart *hart, u16 number, u64 value)
{
	const struct csr_access access = {
		.number = number, .how = CSR_WRITE, .operand = value, .writes = true,
	};
	u64 old;

	in_mode(hart, PRIV_M, false);
	assert_true(csr_access(hart, &access, &old));
}

static void random_state(struct hart *hart, u64 *seed)
{
	for (unsigned n = 0; n < ARRAY_SIZE(hiders); n++) {
		u64 value = random_u64(seed);

		/* Either most bits are set or few, so that each level denies some accesses. */
		value = random_u64(seed) & 1 ? value | random_u64(seed) : value & random_u64(seed);
		denied_by_write_csr(hart, hiders[n], value);
	}
	denied_by_write_csr(hart, CSR_MSTATUS,
			    random_u64(seed) & (MSTATUS_FS | MSTATUS_VS | MSTATUS_TVM | MSTATUS_TW |
						MSTATUS_TSR));
}

/* Executes the instruction and restores the hart; returns true with *trap if it was refused. */
static bool refused(struct hart *hart, u32 raw, u8 priv, bool virt, struct trap *trap)
{
	struct hart before = *hart;
	struct insn insn;
	bool traps;

	hart->pc = RAM_BASE;
	hart->x[10] = RAM_BASE + PAGE_SIZE;
	in_mode(hart, priv, virt);
	interp_decode(hart, raw, &insn);
	traps = interp_execute(hart, &insn) == EXIT_TRAP;
	*trap = hart->trap;
	*hart = before;
	in_mode(hart, PRIV_M, false);
	return traps && (trap->cause == CAUSE_ILLEGAL || trap->cause == CAUSE_VIRTUAL_INSTRUCTION);
}

static bool is_of_field(enum trap_reason reason)
{
	for (unsigned n = 0; n < ARRAY_SIZE(of_fields); n++)
		if (of_fields[n] == reason)
			return true;
	return false;
}

/* Gives the field that denied the instruction the other value, and changes nothing else. */
static void turn(struct hart *hart, struct denied_by denied_by)
{
	u64 mask = denied_by_mask(denied_by), value, now;

	assert_true(csr_peek(hart, denied_by.csr, &value));
	assert_int_equal((value & mask) != 0, denied_by.set);
	denied_by_write_csr(hart, denied_by.csr,
			    denied_by.set ? value & ~mask : value | BIT(denied_by.bit));
	assert_true(csr_peek(hart, denied_by.csr, &now));
	assert_int_equal((now & mask) != 0, !denied_by.set);
}

/* Returns 1 if a field denied the instruction. */
static unsigned check_denied_by(struct hart *hart, u32 raw, u8 priv, bool virt)
{
	struct hart before = *hart;
	struct trap trap, again;
	char name[DENIED_BY_NAME_MAX];

	if (!refused(hart, raw, priv, virt, &trap))
		return 0;
	denied_by_name(trap.denied_by, name, sizeof(name));
	if (is_of_field(trap.reason) && !*name)
		fail_msg("0x%08x in %s-mode: %s: by which field?", raw, priv_name(priv, virt),
			 trap_reason_text(trap.reason));
	if (!*name)
		return 0;
	turn(hart, trap.denied_by);
	if (refused(hart, raw, priv, virt, &again) &&
	    !memcmp(&trap.denied_by, &again.denied_by, sizeof(trap.denied_by)))
		fail_msg("0x%08x in %s-mode: %s: it was not %s", raw, priv_name(priv, virt),
			 trap_reason_text(trap.reason), name);
	*hart = before;
	in_mode(hart, PRIV_M, false);
	return 1;
}

static unsigned check_modes(struct hart *hart, u32 raw)
{
	static const struct {
		u8 priv;
		bool virt;
	} modes[] = { { PRIV_M, false }, { PRIV_S, false }, { PRIV_U, false }, { PRIV_S, true },
		      { PRIV_U, true } };
	unsigned blamed = 0;

	for (unsigned n = 0; n < ARRAY_SIZE(modes); n++)
		blamed += check_denied_by(hart, raw, modes[n].priv, modes[n].virt);
	return blamed;
}

static void test_denied_by(void **unused)
{
	struct ext_set vectors = vector_extensions();
	struct machine *machine =
		machine_create(ext_union(ext_with(EXT_TOGETHER, EXT_zkr), vectors));
	struct hart *hart = &machine->hart;
	unsigned blamed = 0;
	char name[CSR_NAME_MAX];
	u64 seed = 1;

	machine_open_pmp(machine);
	hart->vector.vtype = 2 << 3; /* e32, m1 */
	hart->vector.key = hart_vector_key(hart->vector.vtype);
	hart->imsic = (struct imsic_port){
		.guests = GUESTS, .priority_bits = 8, .read = imsic_read, .write = imsic_write,
		.topei = imsic_topei, .claim = imsic_claim,
	};
	for (unsigned n = 0; n < STATES; n++) {
		random_state(hart, &seed);
		for (u16 number = 0; number < 4096; number++) {
			if (!csr_name(number, name, sizeof(name)))
				continue;
			/*
			 * The register is read, and then also written (seed can only be accessed by
			 * both at once).
			 */
			blamed += check_modes(hart, (u32)number << 20 | 0x25f3);
			blamed += check_modes(hart, (u32)number << 20 | 0x15f3);
		}
		for (unsigned i = 0; i < ARRAY_SIZE(instructions); i++)
			blamed += check_modes(hart, instructions[i]);
	}
	assert_true(blamed > 100 * STATES);
	print_message("%u times a field was to blame\n", blamed);
	machine_free(machine);
}

const struct CMUnitTest unit_tests[] = {
	cmocka_unit_test(test_denied_by),
	{ 0 },
};

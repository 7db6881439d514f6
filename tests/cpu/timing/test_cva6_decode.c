/* SPDX-License-Identifier: MIT */
/*
 * Tests how CVA6 decodes instructions: units, the registers that they wait for, and what the
 * scanner for jumps finds.
 */
#include "cpu/timing/cva6/decode.h"
#include "tests/cpu/timing/unit.h"

#include "cpu/isa/isa.h"

static struct cva6_uop decode(u32 raw)
{
	struct cva6_uop uop;
	struct isa isa;

	isa_init(&isa, EXT_TOGETHER);
	cva6_decode(&isa, raw, &uop);
	return uop;
}

struct row {
	const char *what;
	u32 raw;
	u8 unit, op, rs1, rs2, rs3, rd;
};

#define F(n) (CVA6_F + (n))

static const struct row rows[] = {
	{ "add a0, a1, a2", 0x00c58533, CVA6_ALU, CVA6_PLAIN, 11, 12, 0, 10 },
	{ "c.add a0, a2", 0x9532, CVA6_ALU, CVA6_PLAIN, 10, 12, 0, 10 },
	{ "lui a0, 1", 0x00001537, CVA6_ALU, CVA6_PLAIN, 0, 0, 0, 10 },
	{ "addi x0, x0, 0", 0x00000013, CVA6_ALU, CVA6_PLAIN, 0, 0, 0, 0 },
	{ "mul a0, a1, a2", 0x02c58533, CVA6_MULT, CVA6_PLAIN, 11, 12, 0, 10 },
	{ "divw a0, a1, a2", 0x02c5c53b, CVA6_DIV, CVA6_PLAIN, 11, 12, 0, 10 },
	{ "ld a0, 8(a1)", 0x0085b503, CVA6_LOAD, CVA6_PLAIN, 11, 0, 0, 10 },
	{ "fsd fa0, 8(a1)", 0x00a5b427, CVA6_STORE, CVA6_PLAIN, 11, F(10), 0, 0 },
	{ "beq a0, a1, 8", 0x00b50463, CVA6_CTRL_FLOW, CVA6_BRANCH, 10, 11, 0, 0 },
	{ "jalr ra, 0(a0)", 0x000500e7, CVA6_CTRL_FLOW, CVA6_JALR, 10, 0, 0, 1 },
	{ "fmadd.d fa0, fa1, fa2, fa3", 0x6ac5f543,
	  CVA6_FPU, CVA6_PLAIN, F(11), F(12), F(13), F(10) },
	{ "fsqrt.d fa0, fa1", 0x5a05f553, CVA6_FPU, CVA6_SQRT, F(11), 0, 0, F(10) },
	/*
	 * The core waits for the code of the integer type, 3 for unsigned doublewords, as for a
	 * register.
	 */
	{ "fcvt.d.lu fa0, a1", 0xd235f553, CVA6_FPU, CVA6_PLAIN, 11, 3, 0, F(10) },
	/* The number of the operand counts as that of an integer register as well. */
	{ "fclass.d a0, fa1", 0xe2059553, CVA6_FPU, CVA6_PLAIN, F(11), 11, 0, 10 },
	{ "amoadd.d a0, a2, (a1)", 0x00c5b52f, CVA6_STORE, CVA6_AMO, 11, 12, 0, 10 },
	{ "lr.d a0, (a1)", 0x1005b52f, CVA6_STORE, CVA6_LR, 11, 0, 0, 10 },
	{ "sc.d a0, a2, (a1)", 0x18c5b52f, CVA6_STORE, CVA6_SC, 11, 12, 0, 10 },
	{ "csrr a0, mcycle", 0xb0002573, CVA6_CSR, CVA6_CSR_ACCESS, 0, 0, 0, 10 },
	{ "fence", 0x0ff0000f, CVA6_CSR, CVA6_FENCE, 0, 0, 0, 0 },
	{ "sfence.vma a0, a1", 0x12b50073, CVA6_CSR, CVA6_SFENCE_VMA, 10, 11, 0, 0 },
	{ "mret", 0x30200073, CVA6_CSR, CVA6_XRET, 0, 0, 0, 0 },
	{ "ecall", 0x00000073, CVA6_CSR, CVA6_FENCE, 0, 0, 0, 0 },
	/*
	 * The core has neither instruction: they count as a fence, and as a store of a word of the
	 * line.
	 */
	{ "cbo.flush (a1)", 0x0025a00f, CVA6_CSR, CVA6_FENCE, 11, 0, 0, 0 },
	{ "cbo.zero (a1)", 0x0045a00f, CVA6_STORE, CVA6_PLAIN, 11, 0, 0, 0 },
	/* The core does not have these either, which would wait as loads and stores do. */
	{ "hlv.w a0, (a1)", 0x6805c573, CVA6_LOAD, CVA6_PLAIN, 11, 0, 0, 10 },
	{ "hsv.d a1, (a0)", 0x6eb54073, CVA6_STORE, CVA6_PLAIN, 10, 11, 0, 0 },
	{ "no instruction", 0xffffffff, CVA6_CVXIF, CVA6_PLAIN, 0, 0, 0, 0 },
};

static void units_and_registers(void **state)
{
	for (unsigned n = 0; n < ARRAY_SIZE(rows); n++) {
		struct cva6_uop uop = decode(rows[n].raw);
		const u8 got[] = { uop.unit, uop.op, uop.rs1, uop.rs2, uop.rs3, uop.rd };

		if (memcmp(got, &rows[n].unit, sizeof(got)))
			fail_msg("%s: unit %u op %u registers %u %u %u, %u", rows[n].what, uop.unit,
				 uop.op, uop.rs1, uop.rs2, uop.rs3, uop.rd);
	}
}

struct scan {
	const char *what;
	u32 raw;
	u8 flow;
	bool call;
	s32 offset;
};

static const struct scan scans[] = {
	{ "jal ra, 16", 0x010000ef, CVA6_FLOW_JUMP, true, 16 },
	{ "jal x0, -4", 0xffdff06f, CVA6_FLOW_JUMP, false, -4 },
	{ "c.j -4", 0xbff5, CVA6_FLOW_JUMP, false, -4 },
	{ "c.beqz a0, 8", 0xc501, CVA6_FLOW_BRANCH, false, 8 },
	{ "ret", 0x00008067, CVA6_FLOW_RETURN, false, 0 },
	{ "c.jr ra", 0x8082, CVA6_FLOW_RETURN, false, 0 },
	{ "c.jr a0", 0x8502, CVA6_FLOW_JALR, false, 0 },
	{ "c.jalr a0", 0x9502, CVA6_FLOW_JALR, true, 0 },
	{ "jalr ra, 0(ra)", 0x000080e7, CVA6_FLOW_JALR, true, 0 },
	{ "jalr ra, 0(t0)", 0x000280e7, CVA6_FLOW_RETURN, true, 0 },
	/* The core's scanner decodes these wrongly. */
	{ "c.ebreak", 0x9002, CVA6_FLOW_JALR, true, 0 },
	{ "mret", 0x30200073, CVA6_FLOW_JUMP, false, 0 },
	{ "sret", 0x10200073, CVA6_FLOW_JUMP, false, 0 },
	{ "add", 0x00c58533, CVA6_NO_FLOW, false, 0 },
};

static void flow_as_scanned(void **state)
{
	for (unsigned n = 0; n < ARRAY_SIZE(scans); n++) {
		struct cva6_uop uop = decode(scans[n].raw);

		if (uop.flow != scans[n].flow || uop.call != scans[n].call ||
		    (scans[n].offset && uop.offset != scans[n].offset))
			fail_msg("%s: flow %u call %u offset %d", scans[n].what, uop.flow, uop.call,
				 uop.offset);
	}
}

static void csr_writes(void **state)
{
	assert_false(decode(0xb0002573).writes_csr); /* csrr a0, mcycle */
	assert_true(decode(0x18051073).writes_csr); /* csrw satp, a0 */
	assert_int_equal(decode(0x18051073).csr, 0x180);
	assert_false(decode(0x18006073).writes_csr); /* csrrsi x0, satp, 0 */
	assert_true(decode(0x18005073).writes_csr); /* csrwi satp, 0 */
}

const struct CMUnitTest unit_tests[] = {
	cmocka_unit_test(units_and_registers),
	cmocka_unit_test(flow_as_scanned),
	cmocka_unit_test(csr_writes),
	{ 0 },
};

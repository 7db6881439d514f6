/* SPDX-License-Identifier: MIT */
/*
 * Tests floating point of 16 bits and the additional instructions: Zfhmin, Zfh, Zfbfmin, Zfa. These
 * are NaN boxes, canonical NaNs, single rounding, flags, constants, and reserved encodings
 * (unprivileged manual, chapters of these names). The arithmetic itself is tested elsewhere, case
 * by case. QEMU 10.0 agrees, except for a bfloat16 that is not boxed, which it replaces by the
 * canonical NaN of half precision.
 */
#include "guest.h"

#define H ".option arch, +f, +d, +zfh\n"
#define TO_F(name, text) PROBE(name, H "fmv.d.x f0, a0\nfmv.d.x f1, a1\n" text "\nfmv.x.d a0, f2")
#define TO_X(name, text) PROBE(name, H "fmv.d.x f0, a0\nfmv.d.x f1, a1\n" text)
#define FROM_X(name, text) PROBE(name, H text "\nfmv.x.d a0, f2")

TO_F(fadd_h, "fadd.h f2, f0, f1");
TO_F(fmul_h, "fmul.h f2, f0, f1");
TO_F(fdiv_h, "fdiv.h f2, f0, f1");
TO_F(fsqrt_h, "fsqrt.h f2, f0");
TO_F(fmadd_h, "fmadd.h f2, f0, f0, f1");
TO_F(fsgnj_h, "fsgnj.h f2, f0, f1");
TO_F(fmin_h, "fmin.h f2, f0, f1");
TO_F(fcvt_h_s, "fcvt.h.s f2, f0");
TO_F(fcvt_s_h, "fcvt.s.h f2, f0");
TO_F(fcvt_h_d, "fcvt.h.d f2, f0");
TO_F(fcvt_d_h, "fcvt.d.h f2, f0");
TO_X(feq_h, "feq.h a0, f0, f1");
TO_X(flt_h, "flt.h a0, f0, f1");
TO_X(fclass_h, "fclass.h a0, f0");
TO_X(fcvt_w_h, "fcvt.w.h a0, f0, rtz");
TO_X(fcvt_wu_h, "fcvt.wu.h a0, f0, rtz");
TO_X(fcvt_lu_h, "fcvt.lu.h a0, f0, rtz");
FROM_X(fcvt_h_w, "fcvt.h.w f2, a0");
FROM_X(fcvt_h_l, "fcvt.h.l f2, a0");
FROM_X(fcvt_h_lu, "fcvt.h.lu f2, a0");
TO_X(fmv_x_h, "fmv.x.h a0, f0");
FROM_X(fmv_h_x, "fmv.h.x f2, a0");
FROM_X(flh, "flh f2, 0(a0)");
PROBE(fsh, H "fmv.d.x f2, a1\nfsh f2, 0(a0)");
/* The assembler may be too old to know Zfbfmin and Zfa. */
TO_F(fcvt_s_bf16, ".insn r 0x53, 7, 0x20, f2, f0, f6");
TO_F(fcvt_bf16_s, ".insn r 0x53, 7, 0x22, f2, f0, f8");
TO_F(fli_h_2, ".insn r 0x53, 0, 0x7a, f2, f2, f1");
TO_F(fli_h_29, ".insn r 0x53, 0, 0x7a, f2, f29, f1");
TO_F(fli_s_0, ".insn r 0x53, 0, 0x78, f2, f0, f1");
TO_F(fli_s_1, ".insn r 0x53, 0, 0x78, f2, f1, f1");
TO_F(fli_d_9, ".insn r 0x53, 0, 0x79, f2, f9, f1");
TO_F(fli_d_31, ".insn r 0x53, 0, 0x79, f2, f31, f1");
TO_F(fminm_d, ".insn r 0x53, 2, 0x15, f2, f0, f1");
TO_F(fmaxm_s, ".insn r 0x53, 3, 0x14, f2, f0, f1");
TO_F(fmaxm_h, ".insn r 0x53, 3, 0x16, f2, f0, f1");
TO_F(fround_s, ".insn r 0x53, 7, 0x20, f2, f0, f4");
TO_F(fround_d, ".insn r 0x53, 7, 0x21, f2, f0, f4");
TO_F(froundnx_d, ".insn r 0x53, 7, 0x21, f2, f0, f5");
TO_F(froundnx_h, ".insn r 0x53, 7, 0x22, f2, f0, f5");
TO_X(fltq_d, ".insn r 0x53, 5, 0x51, a0, f0, f1");
TO_X(fleq_s, ".insn r 0x53, 4, 0x50, a0, f0, f1");
TO_X(fcvtmod, ".insn r 0x53, 1, 0x61, a0, f0, f8");
PROBE(one_load, H "flh f2, 0(a0)");
PROBE(one_constant, ".insn r 0x53, 0, 0x78, f2, f16, f1");
PROBE(one_round, ".insn r 0x53, 7, 0x20, f2, f0, f4");
PROBE(fcvtmod_rdn, ".insn r 0x53, 2, 0x61, a0, f0, f8");

#define NAN_H HALF(0x7e00)
#define NAN_S SINGLE(0x7fc00000ul)
#define NAN_D 0x7ff8000000000000ul
#define SNAN_D 0x7ff0000000000001ul
#define HALF(x) (0xffffffffffff0000ul | (x))
#define SINGLE(x) (0xffffffff00000000ul | (x))
#define ONE HALF(0x3c00)
#define ONE_S SINGLE(0x3f800000)
#define ONE_D 0x3ff0000000000000ul
#define INF_D 0x7ff0000000000000ul

enum { NX = 1, UF = 2, OF = 4, DZ = 8, NV = 16 };

struct fact {
	probe *fn;
	u64 a, b, value, flags;
	const char *text;
};

static const struct fact half[] = {
	{ fadd_h, ONE, ONE, HALF(0x4000), 0, "1 + 1 in half precision" },
	{ fadd_h, ONE, HALF(1), ONE, NX, "1 + least is inexact" },
	{ fadd_h, HALF(0x7bff), HALF(0x7bff), HALF(0x7c00), OF | NX, "65504 + 65504 overflows" },
	{ fadd_h, SINGLE(0x3c00), ONE, NAN_H, 0, "one that is boxed as a single counts as NaN" },
	{ fadd_h, 0x3c00, ONE, NAN_H, 0, "one that is not boxed too" },
	{ fmul_h, HALF(0x0400), HALF(0x3800), HALF(0x0200), 0, "an exact subnormal result" },
	{ fmul_h, HALF(1), HALF(0x3800), HALF(0), UF | NX, "half of least underflows" },
	{ fdiv_h, ONE, HALF(0), HALF(0x7c00), DZ, "1 / 0" },
	{ fsqrt_h, HALF(0x4400), 0, HALF(0x4000), 0, "the root of 4" },
	{ fsqrt_h, HALF(0xbc00), 0, NAN_H, NV, "the root of -1" },
	{ fmadd_h, HALF(0x3c01), HALF(0xbc02), HALF(0x10), 0, "fmadd rounds once" },
	{ fsgnj_h, SINGLE(0x3c00), ONE, NAN_H, 0, "sign injection asks for boxes" },
	{ fmin_h, NAN_H, ONE, ONE, 0, "fmin ignores a quiet NaN" },
	{ feq_h, NAN_H, NAN_H, 0, 0, "feq is quiet" },
	{ flt_h, NAN_H, ONE, 0, NV, "flt is not" },
	{ fclass_h, HALF(1), 0, BIT(5), 0, "the least is subnormal" },
	{ fclass_h, SINGLE(1), 0, BIT(9), 0, "fclass asks for boxes" },
	{ fmv_x_h, 0x1122334455668001, 0, HALF(0x8001), 0, "fmv.x.h takes bits as they are" },
	{ fmv_h_x, 0x1122334455667c01, 0, HALF(0x7c01), 0, "fmv.h.x boxes, and keeps payloads" },
	{ fcvt_w_h, HALF(0x7c00), 0, 0x7fffffff, NV, "fcvt.w.h of inf" },
	{ fcvt_wu_h, HALF(0xb800), 0, 0, NX, "fcvt.wu.h of -0.5" },
	{ fcvt_lu_h, HALF(0xbc00), 0, 0, NV, "fcvt.lu.h of -1" },
	{ fcvt_h_w, 65519, 0, HALF(0x7bff), NX, "fcvt.h.w of 65519 is 65504" },
	{ fcvt_h_w, 65520, 0, HALF(0x7c00), OF | NX, "fcvt.h.w of 65520 overflows" },
	{ fcvt_h_l, -1ul, 0, HALF(0xbc00), 0, "fcvt.h.l of -1" },
	{ fcvt_h_lu, 2049, 0, HALF(0x6800), NX, "fcvt.h.lu of 2049 is 2048" },
};

static const struct fact between[] = {
	{ fcvt_h_s, SINGLE(0x477fef00), 0, HALF(0x7bff), NX, "65519 as a half" },
	{ fcvt_h_s, SINGLE(0x477ff000), 0, HALF(0x7c00), OF | NX, "65520 as a half" },
	{ fcvt_h_s, SINGLE(0x33000000), 0, HALF(0), UF | NX, "2^-25 as a half is 0" },
	{ fcvt_h_s, SINGLE(0x33000001), 0, HALF(1), UF | NX, "a little more is the least" },
	{ fcvt_s_h, HALF(1), 0, SINGLE(0x33800000), 0, "the least half as a single" },
	{ fcvt_s_h, HALF(0x7c01), 0, NAN_S, NV, "a signalling half as a single" },
	{ fcvt_s_h, SINGLE(0x3c00), 0, NAN_S, 0, "one that is not boxed as a single" },
	{ fcvt_d_h, HALF(0xfbff), 0, 0xc0effc0000000000, 0, "-65504 as a double" },
	{ fcvt_h_d, 0x3ff0020000000004, 0, HALF(0x3c01), NX, "a double is rounded once" },
	{ fcvt_bf16_s, SINGLE(0x3f808000), 0, HALF(0x3f80), NX, "a tie goes to the even bfloat16" },
	{ fcvt_bf16_s, SINGLE(0x3f808001), 0, HALF(0x3f81), NX, "a little more goes up" },
	{ fcvt_bf16_s, SINGLE(0x7f7fffff), 0, HALF(0x7f80), OF | NX, "overflow of bfloat16" },
	{ fcvt_bf16_s, SINGLE(0x00008001), 0, HALF(1), UF | NX, "underflow of bfloat16" },
	{ fcvt_bf16_s, SINGLE(0x7f800001), 0, HALF(0x7fc0), NV, "a signalling NaN as a bfloat16" },
	{ fcvt_s_bf16, HALF(0x3f81), 0, SINGLE(0x3f810000), 0, "a bfloat16 as a single" },
	{ fcvt_s_bf16, HALF(1), 0, SINGLE(0x00010000), 0, "a subnormal one" },
	{ fcvt_s_bf16, HALF(0x7f81), 0, NAN_S, NV, "a signalling one" },
	{ fcvt_s_bf16, SINGLE(0x3f81), 0, NAN_S, 0, "one that is not boxed" },
};

static const struct fact additional[] = {
	{ fli_h_2, 0, 0, HALF(0x0100), 0, "fli.h of 2^-16 is subnormal" },
	{ fli_h_29, 0, 0, HALF(0x7c00), 0, "fli.h of 2^16 is infinity" },
	{ fli_s_0, 0, 0, SINGLE(0xbf800000), 0, "fli.s of -1" },
	{ fli_s_1, 0, 0, SINGLE(0x00800000), 0, "fli.s of min" },
	{ fli_d_9, 0, 0, 0x3fd4000000000000, 0, "fli.d of 0.3125" },
	{ fli_d_31, 0, 0, NAN_D, 0, "fli.d of nan" },
	{ fminm_d, BIT(63), 0, BIT(63), 0, "fminm of -0 and 0" },
	{ fmaxm_s, NAN_S, ONE_S, NAN_S, 0, "fmaxm keeps a quiet NaN" },
	{ fmaxm_h, HALF(0xfc01), ONE, NAN_H, NV, "fmaxm of a signalling NaN is canonical" },
	{ fround_d, 0x4004000000000000, 0, 0x4000000000000000, 0, "fround of 2.5 is 2, no flag" },
	{ froundnx_d, 0x4004000000000000, 0, 0x4000000000000000, NX, "froundnx of 2.5 is inexact" },
	{ froundnx_d, 0xbfd3333333333333, 0, BIT(63), NX, "froundnx of -0.3 is -0" },
	{ froundnx_d, 0x4330000000000001, 0, 0x4330000000000001, 0, "2^52 + 1 stays" },
	{ froundnx_h, HALF(0xfc00), 0, HALF(0xfc00), 0, "infinity stays" },
	{ froundnx_h, HALF(0x3801), 0, ONE, NX, "a little more than 0.5 is 1" },
	{ fround_s, SINGLE(0x7f800001), 0, NAN_S, NV, "fround of a signalling NaN" },
	{ fround_s, ONE_D, 0, NAN_S, 0, "fround.s of what is not boxed" },
	{ fltq_d, NAN_D, ONE_D, 0, 0, "fltq is quiet" },
	{ fltq_d, SNAN_D, ONE_D, 0, NV, "but for signalling NaNs" },
	{ fltq_d, BIT(63), ONE_D, 1, 0, "-0 is below 1" },
	{ fleq_s, ONE_S, ONE_S, 1, 0, "1 is not above 1" },
	{ fleq_s, ONE_S, NAN_S, 0, 0, "fleq is quiet" },
	{ fcvtmod, 0xbff8000000000000, 0, -1ul, NX, "fcvtmod of -1.5" },
	{ fcvtmod, 0x41e0000000000000, 0, 0xffffffff80000000, NV, "fcvtmod of 2^31" },
	{ fcvtmod, 0xc1e0000000000000, 0, 0xffffffff80000000, 0, "fcvtmod of -2^31" },
	{ fcvtmod, 0x41f0000000500000, 0, 5, NV, "fcvtmod of 2^32 + 5" },
	{ fcvtmod, 0xc340000000000001, 0, -2ul, NV, "fcvtmod of -2^53 - 2" },
	{ fcvtmod, 0x4530000000000001, 0, 0, NV, "fcvtmod of a multiple of 2^32" },
	{ fcvtmod, INF_D, 0, 0, NV, "fcvtmod of inf" },
	{ fcvtmod, NAN_D, 0, 0, NV, "fcvtmod of NaN" },
};

static void check(const struct fact *facts, unsigned count)
{
	for (unsigned n = 0; n < count; n++) {
		csr_write(fflags, 0);
		report_value(run(MODE_U, facts[n].fn, facts[n].a, facts[n].b), facts[n].value,
			     facts[n].text);
		report_equal(csr_read(fflags), facts[n].flags, "with its flags");
	}
}

static void memory(void)
{
	static u64 cell = 0x1234567812347c01;

	report_value(run(MODE_M, flh, (u64)&cell, 0), HALF(0x7c01), "flh boxes");
	run(MODE_M, fsh, (u64)&cell + 2, 0x1122334455667788);
	report_equal(cell, 0x1234567877887c01, "fsh takes the lowest bits as they are");
}

static void rounding(void)
{
	/* 1.5 rounded to an integral value. */
	static const u64 want[] = { 2, 1, 1, 2, 2 };

	for (u64 rm = 0; rm < 5; rm++) {
		csr_write(frm, rm);
		report_value(run(MODE_M, fround_d, 0x3ff8000000000000, 0),
			     want[rm] == 1 ? ONE_D : 0x4000000000000000,
			     "fround follows frm: even, to zero, down, up, away");
	}
	csr_write(frm, 5);
	report_trap(run(MODE_M, one_round, 0, 0), MODE_M, ILLEGAL, 0x40407153,
		    "frm 5: fround is illegal");
	report_runs(run(MODE_M, one_constant, 0, 0), "fli does not round");
	csr_write(frm, 0);
	report_trap(run(MODE_M, fcvtmod_rdn, 0, 0), MODE_M, ILLEGAL, 0xc2802553,
		    "fcvtmod rounds to zero or is illegal");
}

static void off(void)
{
	csr_clear(mstatus, MSTATUS_FS);
	report_trap(run(MODE_M, one_load, 0, 0), MODE_M, ILLEGAL, 0x00051107,
		    "FS Off: flh is illegal");
	report_trap(run(MODE_M, one_constant, 0, 0), MODE_M, ILLEGAL, 0xf0180153,
		    "FS Off: fli is illegal");
	csr_set(mstatus, MSTATUS_FS_CLEAN);
	run(MODE_S, one_constant, 0, 0);
	report_equal(csr_read(mstatus) & MSTATUS_FS, MSTATUS_FS, "fli makes FS Dirty");
}

void main(void)
{
	off();
	memory();
	check(half, COUNT(half));
	check(between, COUNT(between));
	check(additional, COUNT(additional));
	rounding();
}

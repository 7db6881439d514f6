/* SPDX-License-Identifier: MIT */
/*
 * Tests the state of floating point: mstatus.FS and what makes it dirty, fflags and frm, reserved
 * rounding modes, NaN boxing, canonical NaNs, conversions out of range (unprivileged manual, "F"
 * and "D" extensions; privileged manual, "Extension Context Status"). The arithmetic itself is
 * tested elsewhere, case by case. QEMU 7.2 and 10.0 agree.
 */
#include "guest.h"

#define F ".option arch, +f, +d\n"

PROBE(fadd_s, F "fmv.w.x f0, a0\nfmv.w.x f1, a1\nfadd.s f2, f0, f1\nfmv.x.w a0, f2");
PROBE(fadd_d, F "fmv.d.x f0, a0\nfmv.d.x f1, a1\nfadd.d f2, f0, f1\nfmv.x.d a0, f2");
PROBE(fdiv_d, F "fmv.d.x f0, a0\nfmv.d.x f1, a1\nfdiv.d f2, f0, f1\nfmv.x.d a0, f2");
PROBE(fadd_boxed, F "fmv.d.x f0, a0\nfmv.d.x f1, a1\nfadd.s f2, f0, f1\nfmv.x.d a0, f2");
PROBE(fsgnj_boxed, F "fmv.d.x f0, a0\nfsgnj.s f2, f0, f0\nfmv.x.d a0, f2");
PROBE(fclass_boxed, F "fmv.d.x f0, a0\nfclass.s a0, f0");
PROBE(fmv_boxed, F "fmv.d.x f0, a0\nfmv.x.w a0, f0");
PROBE(fsw_boxed, F "fmv.d.x f0, a1\nfsw f0, 0(a0)");
PROBE(flw_boxed, F "flw f0, 0(a0)\nfmv.x.d a0, f0");
PROBE(fmv_w_x, F "fmv.w.x f0, a0\nfmv.x.d a0, f0");
PROBE(fcvt_s_d, F "fmv.d.x f0, a0\nfcvt.s.d f1, f0\nfmv.x.d a0, f1");
PROBE(fmin_s, F "fmv.w.x f0, a0\nfmv.w.x f1, a1\nfmin.s f2, f0, f1\nfmv.x.w a0, f2");
PROBE(fmax_d, F "fmv.d.x f0, a0\nfmv.d.x f1, a1\nfmax.d f2, f0, f1\nfmv.x.d a0, f2");
PROBE(feq_d, F "fmv.d.x f0, a0\nfmv.d.x f1, a1\nfeq.d a0, f0, f1");
PROBE(flt_d, F "fmv.d.x f0, a0\nfmv.d.x f1, a1\nflt.d a0, f0, f1");
PROBE(fcvt_w_d, F "fmv.d.x f0, a0\nfcvt.w.d a0, f0, rtz");
PROBE(fcvt_wu_d, F "fmv.d.x f0, a0\nfcvt.wu.d a0, f0, rtz");
PROBE(fcvt_l_d, F "fmv.d.x f0, a0\nfcvt.l.d a0, f0, rtz");
PROBE(fcvt_lu_d, F "fmv.d.x f0, a0\nfcvt.lu.d a0, f0, rtz");
PROBE(fcvt_dynamic, F "fmv.d.x f0, a0\nfcvt.w.d a0, f0, dyn");
PROBE(fmadd_s, F "fmv.w.x f0, a0\nfmv.w.x f1, a1\nfmadd.s f2, f0, f1, f0\nfmv.x.w a0, f2");
PROBE(one_add, F "fadd.d f2, f0, f1");
PROBE(one_static, F "fadd.d f2, f0, f1, rne");
PROBE(one_sgnj, F "fsgnj.d f2, f0, f1");
PROBE(one_load, F "fld f2, 0(a0)");
PROBE(one_store, F "fsd f2, 0(a0)");
PROBE(one_move, F "fmv.x.d a0, f2");
PROBE(one_flags, "csrr a0, fflags");
PROBE(set_flags, "csrw fflags, a0");
/* fadd.d f2, f0, f1 with an rm of 5 or 6 is reserved. */
PROBE(reserved_5, ".option norvc\n.word 0x02105153");
PROBE(reserved_6, ".option norvc\n.word 0x02106153");
PROBE(compressed_load, ".option arch, +d\nc.fld f8, 0(a0)");

#define NAN_S 0x7fc00000ul
#define NAN_D 0x7ff8000000000000ul
#define BOX(x) (0xffffffff00000000ul | (x))
#define ONE_S 0x3f800000ul
#define ONE_D 0x3ff0000000000000ul
#define INF_D 0x7ff0000000000000ul

enum { NX = 1, UF = 2, OF = 4, DZ = 8, NV = 16 };

static u64 cell[2];

static void off(void)
{
	static const struct {
		probe *fn;
		u32 bits;
		const char *text;
	} list[] = {
		{ one_add, 0x02107153, "FS Off: fadd is illegal" },
		{ one_load, 0x00053107, "FS Off: fld is illegal" },
		{ one_store, 0x00253027, "FS Off: fsd is illegal" },
		{ one_move, 0xe2010553, "FS Off: fmv.x.d is illegal" },
		{ one_flags, 0x00102573, "FS Off: fflags is illegal" },
		{ compressed_load, 0x2100, "FS Off: c.fld is illegal, tval is its 16 bits" },
	};

	csr_clear(mstatus, MSTATUS_FS);
	for (unsigned n = 0; n < COUNT(list); n++)
		report_trap(run(MODE_M, list[n].fn, (u64)cell, 0), MODE_M, ILLEGAL, list[n].bits,
			    list[n].text);
}

static void dirty(probe *fn, bool want, const char *text)
{
	u64 fs;

	csr_clear(mstatus, MSTATUS_FS);
	csr_set(mstatus, MSTATUS_FS_CLEAN);
	run(MODE_S, fn, (u64)cell, 0);
	fs = csr_read(mstatus) & MSTATUS_FS;
	report(fs == MSTATUS_FS || (!want && fs == MSTATUS_FS_CLEAN), text);
	if (want)
		report_equal(csr_read(mstatus) >> 63, 1, "and SD is set");
}

static void state(void)
{
	csr_set(mstatus, MSTATUS_FS_INITIAL);
	report_equal(csr_read(mstatus) & (MSTATUS_FS | MSTATUS_SD), MSTATUS_FS_INITIAL,
		     "FS Initial can be chosen, SD is 0");
	report_equal(csr_read(sstatus) & MSTATUS_FS, MSTATUS_FS_INITIAL, "sstatus shows it");
	dirty(one_load, true, "a load makes FS Dirty");
	dirty(one_sgnj, true, "a result makes FS Dirty");
	dirty(set_flags, true, "writing fflags makes FS Dirty");
	/* FS may become Dirty too early but not too late: these instructions may leave it Clean. */
	dirty(one_store, false, "a store leaves FS on");
	dirty(one_move, false, "a move to x leaves FS on");
	csr_write(mstatus, csr_read(mstatus) | MSTATUS_FS);
	csr_clear(sstatus, MSTATUS_FS);
	report_equal(csr_read(mstatus) & (MSTATUS_FS | MSTATUS_SD), 0,
		     "S-mode can turn it off, which clears SD");
	report(run(MODE_U, one_add, 0, 0).cause == ILLEGAL, "and then it is off");
}

static void registers(void)
{
	csr_set(mstatus, MSTATUS_FS_INITIAL);
	csr_write(fcsr, -1ul);
	report_equal(csr_read(fcsr), 0xff, "fcsr has 8 bits");
	report_equal(csr_read(fflags), 0x1f, "fflags 5 of them");
	report_equal(csr_read(frm), 7, "frm 3, reserved values too");
	csr_write(frm, 2);
	report_equal(csr_read(fcsr), 0x5f, "frm is fcsr's bits 7 to 5");
	csr_write(fflags, 0);
	report_equal(csr_read(fcsr), 0x40, "fflags its bits 4 to 0");
	csr_write(fcsr, 0);
}

static void rounding_modes(void)
{
	struct outcome out;

	for (u64 rm = 0; rm < 8; rm++) {
		csr_write(frm, rm);
		out = run(MODE_M, one_add, 0, 0);
		if (rm < 5)
			report_runs(out, "frm 0 to 4: fadd with a dynamic rounding mode");
		else
			report(out.trapped && out.cause == ILLEGAL && out.epc == out.start,
			       "frm 5 to 7: it is illegal");
	}
	report_runs(run(MODE_M, one_static, 0, 0), "frm 7: one with a static rounding mode is not");
	report_runs(run(MODE_M, one_sgnj, 0, 0), "nor what does not round");
	report(run(MODE_M, fcvt_dynamic, 0, 0).cause == ILLEGAL, "but a conversion is");
	csr_write(frm, 0);
	report_trap(run(MODE_M, reserved_5, 0, 0), MODE_M, ILLEGAL, 0x02105153,
		    "the static rounding mode 5 is illegal");
	report_trap(run(MODE_M, reserved_6, 0, 0), MODE_M, ILLEGAL, 0x02106153,
		    "the static rounding mode 6 is illegal");
	/* 1.5 rounded to an integer. */
	for (u64 rm = 0; rm < 5; rm++) {
		static const u64 up[] = { 2, 1, 1, 2, 2 }, down[] = { -2, -1, -2, -1, -2 };

		csr_write(frm, rm);
		report_value(run(MODE_M, fcvt_dynamic, 0x3ff8000000000000, 0), up[rm],
			     "frm rounds 1.5: even, to zero, down, up, away");
		report_value(run(MODE_M, fcvt_dynamic, 0xbff8000000000000, 0), down[rm],
			     "and -1.5");
	}
	csr_write(frm, 0);
}

static void flags(probe *fn, u64 a, u64 b, u64 value, u64 want, const char *text)
{
	csr_write(fflags, 0);
	report_value(run(MODE_U, fn, a, b), value, text);
	report_equal(csr_read(fflags), want, "with its flags");
}

static void accrued(void)
{
	flags(fadd_d, ONE_D, ONE_D, 0x4000000000000000, 0, "1 + 1 is exact");
	flags(fadd_d, ONE_D, 1, ONE_D, NX, "1 + least is inexact");
	flags(fdiv_d, ONE_D, 0, INF_D, DZ, "1 / 0");
	flags(fdiv_d, 0, 0, NAN_D, NV, "0 / 0");
	flags(fadd_d, INF_D, INF_D | BIT(63), NAN_D, NV, "inf - inf");
	flags(fadd_s, 0x7f7fffff, 0x7f7fffff, 0x7f800000, OF | NX, "overflow");
	flags(fdiv_d, 1, 0x4008000000000000, 0, UF | NX, "underflow");
	csr_write(fflags, DZ);
	run(MODE_M, fadd_d, ONE_D, 1);
	report_equal(csr_read(fflags), DZ | NX, "flags accrue");
	flags(fadd_d, 0x7ff0000000000001, ONE_D, NAN_D, NV, "a signalling NaN");
	flags(fadd_d, 0xfff8000000012345, ONE_D, NAN_D, 0, "a quiet NaN becomes canonical");
	flags(feq_d, NAN_D, NAN_D, 0, 0, "feq is quiet");
	flags(flt_d, NAN_D, ONE_D, 0, NV, "flt signals quiet NaNs");
	flags(fmin_s, 0xffffffff80000000, 0, 0xffffffff80000000, 0, "min(-0, 0) is -0");
	flags(fmax_d, NAN_D, ONE_D, ONE_D, 0, "max ignores a quiet NaN");
	flags(fmax_d, 0x7ff0000000000001, NAN_D, NAN_D, NV, "max of two NaNs is canonical");
	flags(fmadd_s, 0x7f800000, 0, NAN_S, NV, "inf * 0 + NaN signals");
}

static void conversions(void)
{
	static const struct {
		probe *fn;
		u64 from, to, flags;
		const char *text;
	} list[] = {
		{ fcvt_w_d, 0x41e0000000000000, 0x7fffffff, NV, "fcvt.w.d of 2^31" },
		{ fcvt_w_d, 0xc1e0000000000000, 0xffffffff80000000, 0, "fcvt.w.d of -2^31" },
		{ fcvt_w_d, NAN_D, 0x7fffffff, NV, "fcvt.w.d of NaN" },
		{ fcvt_wu_d, 0x41f0000000000000, -1ul, NV, "fcvt.wu.d of 2^32 is sign-extended" },
		{ fcvt_wu_d, 0x41e0000000000000, 0xffffffff80000000, 0, "fcvt.wu.d of 2^31 too" },
		{ fcvt_wu_d, 0xbff0000000000000, 0, NV, "fcvt.wu.d of -1" },
		{ fcvt_wu_d, 0xbfe0000000000000, 0, NX, "fcvt.wu.d of -0.5 is 0, inexact" },
		{ fcvt_l_d, INF_D, 0x7fffffffffffffff, NV, "fcvt.l.d of inf" },
		{ fcvt_l_d, INF_D | BIT(63), BIT(63), NV, "fcvt.l.d of -inf" },
		{ fcvt_lu_d, NAN_D, -1ul, NV, "fcvt.lu.d of NaN" },
		{ fcvt_lu_d, 0xc000000000000000, 0, NV, "fcvt.lu.d of -2" },
	};

	for (unsigned n = 0; n < COUNT(list); n++)
		flags(list[n].fn, list[n].from, 0, list[n].to, list[n].flags, list[n].text);
}

static void boxes(void)
{
	report_value(run(MODE_M, fmv_w_x, ONE_S, 0), BOX(ONE_S), "fmv.w.x boxes");
	cell[0] = 0x1234567800000000 | ONE_S;
	report_value(run(MODE_M, flw_boxed, (u64)cell, 0), BOX(ONE_S), "flw boxes");
	report_value(run(MODE_M, fcvt_s_d, ONE_D, 0), BOX(ONE_S), "fcvt.s.d boxes");
	report_value(run(MODE_M, fadd_boxed, BOX(ONE_S), BOX(ONE_S)), BOX(0x40000000),
		     "boxed numbers are added");
	report_value(run(MODE_M, fadd_boxed, ONE_S, BOX(ONE_S)), BOX(NAN_S),
		     "one that is not boxed counts as NaN");
	report_value(run(MODE_M, fsgnj_boxed, 0xfffffffe00000000 | ONE_S, 0), BOX(NAN_S),
		     "for sign injection too");
	report_value(run(MODE_M, fclass_boxed, ONE_S, 0), BIT(9), "and for fclass");
	report_value(run(MODE_M, fmv_boxed, 0x1122334480000001, 0), 0xffffffff80000001,
		     "fmv.x.w takes the bits as they are");
	run(MODE_M, fsw_boxed, (u64)cell, 0x1122334455667788);
	report_equal(cell[0], 0x1234567855667788, "and so does fsw");
}

void main(void)
{
	off();
	state();
	registers();
	rounding_modes();
	accrued();
	conversions();
	boxes();
}

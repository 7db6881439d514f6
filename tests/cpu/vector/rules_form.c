/* SPDX-License-Identifier: MIT */
/* The manual's lists of instructions (see rules.h); sections are those of the vector chapter. */
#include "tests/cpu/vector/rules.h"

#include <string.h>

#define ALL_SEWS (8 | 16 | 32 | 64)

struct listed {
	unsigned funct6;
	const char *types; /* those of v, x, i and f that exist */
	const char *operands; /* d, a, b, letters of rules.h or sews_of; no b for x, i and f */
	bool reads_d, apart;
};

/* OPIVV, OPIVX and OPIVI; form_opi handles the others. */
static const struct listed opi[] = {
	{ 0x00, "vxi", "sss", 0, 0 }, { 0x02, "vx", "sss", 0, 0 },  { 0x03, "xi", "sss", 0, 0 },
	{ 0x04, "vx", "sss", 0, 0 },  { 0x05, "vx", "sss", 0, 0 },  { 0x06, "vx", "sss", 0, 0 },
	{ 0x07, "vx", "sss", 0, 0 },  { 0x09, "vxi", "sss", 0, 0 }, { 0x0a, "vxi", "sss", 0, 0 },
	{ 0x0b, "vxi", "sss", 0, 0 }, { 0x0c, "vxi", "sss", 0, 1 }, { 0x0e, "v", "ss6", 0, 1 },
	{ 0x0e, "xi", "ss-", 0, 1 },  { 0x0f, "xi", "ss-", 0, 0 },  { 0x10, "vxi", "sss", 0, 0 },
	{ 0x11, "vxi", "mss", 0, 0 }, { 0x12, "vx", "sss", 0, 0 },  { 0x13, "vx", "mss", 0, 0 },
	{ 0x17, "vxi", "sss", 0, 0 }, { 0x18, "vxi", "mss", 0, 0 }, { 0x19, "vxi", "mss", 0, 0 },
	{ 0x1a, "vx", "mss", 0, 0 },  { 0x1b, "vx", "mss", 0, 0 },  { 0x1c, "vxi", "mss", 0, 0 },
	{ 0x1d, "vxi", "mss", 0, 0 }, { 0x1e, "xi", "mss", 0, 0 },  { 0x1f, "xi", "mss", 0, 0 },
	{ 0x20, "vxi", "sss", 0, 0 }, { 0x21, "vxi", "sss", 0, 0 }, { 0x22, "vx", "sss", 0, 0 },
	{ 0x23, "vx", "sss", 0, 0 },  { 0x25, "vxi", "sss", 0, 0 }, { 0x27, "vx", "yyy", 0, 0 },
	{ 0x27, "i", "rr-", 0, 0 },   { 0x28, "vxi", "sss", 0, 0 }, { 0x29, "vxi", "sss", 0, 0 },
	{ 0x2a, "vxi", "sss", 0, 0 }, { 0x2b, "vxi", "sss", 0, 0 }, { 0x2c, "vxi", "sws", 0, 0 },
	{ 0x2d, "vxi", "sws", 0, 0 }, { 0x2e, "vxi", "sws", 0, 0 }, { 0x2f, "vxi", "sws", 0, 0 },
	{ 0x30, "v", "2s2", 0, 0 },   { 0x31, "v", "2s2", 0, 0 },
};

/* OPMVV and OPMVX, except those that vs1 or vs2 selects. */
static const struct listed opm[] = {
	{ 0x00, "v", "1s1", 0, 0 },  { 0x01, "v", "1s1", 0, 0 },  { 0x02, "v", "1s1", 0, 0 },
	{ 0x03, "v", "1s1", 0, 0 },  { 0x04, "v", "1s1", 0, 0 },  { 0x05, "v", "1s1", 0, 0 },
	{ 0x06, "v", "1s1", 0, 0 },  { 0x07, "v", "1s1", 0, 0 },  { 0x08, "vx", "sss", 0, 0 },
	{ 0x09, "vx", "sss", 0, 0 }, { 0x0a, "vx", "sss", 0, 0 }, { 0x0b, "vx", "sss", 0, 0 },
	{ 0x0e, "x", "ss-", 0, 1 },  { 0x0f, "x", "ss-", 0, 0 },  { 0x17, "v", "ssm", 0, 1 },
	{ 0x18, "v", "mmm", 0, 0 },  { 0x19, "v", "mmm", 0, 0 },  { 0x1a, "v", "mmm", 0, 0 },
	{ 0x1b, "v", "mmm", 0, 0 },  { 0x1c, "v", "mmm", 0, 0 },  { 0x1d, "v", "mmm", 0, 0 },
	{ 0x1e, "v", "mmm", 0, 0 },  { 0x1f, "v", "mmm", 0, 0 },  { 0x20, "vx", "sss", 0, 0 },
	{ 0x21, "vx", "sss", 0, 0 }, { 0x22, "vx", "sss", 0, 0 }, { 0x23, "vx", "sss", 0, 0 },
	{ 0x24, "vx", "yyy", 0, 0 }, { 0x25, "vx", "sss", 0, 0 }, { 0x26, "vx", "yyy", 0, 0 },
	{ 0x27, "vx", "yyy", 0, 0 }, { 0x29, "vx", "sss", 1, 0 }, { 0x2b, "vx", "sss", 1, 0 },
	{ 0x2d, "vx", "sss", 1, 0 }, { 0x2f, "vx", "sss", 1, 0 }, { 0x30, "vx", "wss", 0, 0 },
	{ 0x31, "vx", "wss", 0, 0 }, { 0x32, "vx", "wss", 0, 0 }, { 0x33, "vx", "wss", 0, 0 },
	{ 0x34, "vx", "wws", 0, 0 }, { 0x35, "vx", "wws", 0, 0 }, { 0x36, "vx", "wws", 0, 0 },
	{ 0x37, "vx", "wws", 0, 0 }, { 0x38, "vx", "wss", 0, 0 }, { 0x3a, "vx", "wss", 0, 0 },
	{ 0x3b, "vx", "wss", 0, 0 }, { 0x3c, "vx", "wss", 1, 0 }, { 0x3d, "vx", "wss", 1, 0 },
	{ 0x3e, "x", "wss", 1, 0 },  { 0x3f, "vx", "wss", 1, 0 },
};

/* Zvbb and Zvkb; the sixth bit of vror.vi's immediate is the lowest of funct6. */
static const struct listed opi_bits[] = {
	{ 0x01, "vx", "sss", 0, 0 },
	{ 0x14, "vxi", "sss", 0, 0 },
	{ 0x15, "vxi", "sss", 0, 0 },
	{ 0x35, "vxi", "wss", 0, 0 },
};

/* Zvbc */
static const struct listed opm_bits[] = {
	{ 0x0c, "vx", "ddd", 0, 0 },
	{ 0x0d, "vx", "ddd", 0, 0 },
};

/* OPFVV and OPFVF, except those that vs1 or vs2 selects. */
static const struct listed opf[] = {
	{ 0x00, "vf", "fff", 0, 0 }, { 0x01, "v", "gfg", 0, 0 },  { 0x02, "vf", "fff", 0, 0 },
	{ 0x03, "v", "gfg", 0, 0 },  { 0x04, "vf", "fff", 0, 0 }, { 0x05, "v", "gfg", 0, 0 },
	{ 0x06, "vf", "fff", 0, 0 }, { 0x07, "v", "gfg", 0, 0 },  { 0x08, "vf", "fff", 0, 0 },
	{ 0x09, "vf", "fff", 0, 0 }, { 0x0a, "vf", "fff", 0, 0 }, { 0x0e, "f", "fff", 0, 1 },
	{ 0x0f, "f", "fff", 0, 0 },  { 0x17, "f", "fff", 0, 0 },  { 0x18, "vf", "mff", 0, 0 },
	{ 0x19, "vf", "mff", 0, 0 }, { 0x1b, "vf", "mff", 0, 0 }, { 0x1c, "vf", "mff", 0, 0 },
	{ 0x1d, "f", "mff", 0, 0 },  { 0x1f, "f", "mff", 0, 0 },  { 0x20, "vf", "fff", 0, 0 },
	{ 0x21, "f", "fff", 0, 0 },  { 0x24, "vf", "fff", 0, 0 }, { 0x27, "f", "fff", 0, 0 },
	{ 0x28, "vf", "fff", 1, 0 }, { 0x29, "vf", "fff", 1, 0 }, { 0x2a, "vf", "fff", 1, 0 },
	{ 0x2b, "vf", "fff", 1, 0 }, { 0x2c, "vf", "fff", 1, 0 }, { 0x2d, "vf", "fff", 1, 0 },
	{ 0x2e, "vf", "fff", 1, 0 }, { 0x2f, "vf", "fff", 1, 0 }, { 0x30, "vf", "Fff", 0, 0 },
	{ 0x31, "v", "GfG", 0, 0 },  { 0x32, "vf", "Fff", 0, 0 }, { 0x33, "v", "GfG", 0, 0 },
	{ 0x34, "vf", "FFf", 0, 0 }, { 0x36, "vf", "FFf", 0, 0 }, { 0x38, "vf", "Fff", 0, 0 },
	{ 0x3b, "vf", "wbb", 1, 0 }, { 0x3c, "vf", "Fff", 1, 0 }, { 0x3d, "vf", "Fff", 1, 0 },
	{ 0x3e, "vf", "Fff", 1, 0 }, { 0x3f, "vf", "Fff", 1, 0 },
};

/* VFUNARY0, by vs1: vd and vs2. */
static const char *const conversions[32] = {
	[0x00] = "sf", [0x01] = "sf", [0x02] = "fs", [0x03] = "fs", [0x06] = "sf", [0x07] = "sf",
	[0x08] = "wf", [0x09] = "wf", [0x0a] = "Fs", [0x0b] = "Fs", [0x0c] = "Pp", [0x0d] = "wb",
	[0x0e] = "wf", [0x0f] = "wf", [0x10] = "sF", [0x11] = "sF", [0x12] = "fw", [0x13] = "fw",
	[0x14] = "pP", [0x15] = "fF", [0x16] = "sF", [0x17] = "sF", [0x1d] = "bw",
};

/* OP-VE: Zvkned, Zvkg, Zvknhb, Zvksed and Zvksh, by the tables of "Instruction Constraints". */
static const struct cipher {
	unsigned funct6;
	u32 vs1; /* the set of values that select an instruction; 0: an operand or an immediate */
	const char *operands;
	bool reads_d, apart, apart_a; /* as in struct form */
	unsigned group;
} ciphers[] = {
	{ 0x20, 0, "kkk", 0, 0, 1, 8 }, /* vsm3me.vv */
	{ 0x21, 0, "kk-", 0, 0, 0, 4 }, /* vsm4k.vi */
	{ 0x22, 0, "kk-", 0, 0, 0, 4 }, /* vaeskf1.vi */
	{ 0x28, 0x3000f, "kk-", 1, 0, 0, 4 }, /* vaesdm, vaesdf, vaesem, vaesef, vsm4r, vgmul */
	{ 0x29, 0x1008f, "kK-", 1, 0, 1, 4 }, /* these four with .vs, vaesz.vs, vsm4r.vs */
	{ 0x2a, 0, "kk-", 1, 0, 0, 4 }, /* vaeskf2.vi */
	{ 0x2b, 0, "kk-", 1, 0, 1, 8 }, /* vsm3c.vi */
	{ 0x2c, 0, "kkk", 1, 0, 0, 4 }, /* vghsh.vv */
	{ 0x2d, 0, "hhh", 1, 1, 0, 4 }, /* vsha2ms.vv */
	{ 0x2e, 0, "hhh", 1, 1, 0, 4 }, /* vsha2ch.vv */
	{ 0x2f, 0, "hhh", 1, 1, 0, 4 }, /* vsha2cl.vv */
};

static unsigned field(u32 raw, unsigned from, unsigned count)
{
	return raw >> from & ((1u << count) - 1);
}

static bool is_unmasked(u32 raw)
{
	return field(raw, 25, 1);
}

/* Returns the sum of the SEWs for which an operand exists; most exist for all. */
static unsigned sews_of(const struct rules_hart *hart, char letter)
{
	switch (letter) {
	case 'f': /* floating-point numbers of SEW; G and F also of 2 * SEW */
	case 'g':
		return hart->floats;
	case 'F':
	case 'G':
		return hart->floats / 2;
	case 'p': /* numbers that Zvfhmin converts, too */
		return hart->floats | hart->zvfhmin * 16;
	case 'P':
		return (hart->floats | hart->zvfhmin * 16) / 2;
	case 'b': /* bfloat16, which is converted from and to single precision */
		return hart->floats & 32 ? 16 : 0;
	case 'y': /* factors of a product whose upper half is the result */
		return hart->v ? ALL_SEWS : 8 | 16 | 32;
	case 'd': /* factors of a carry-less product */
		return 64;
	case 'k': /* cryptography, and its scalar element group */
	case 'K':
		return 32;
	case 'h': /* SHA-2 */
		return hart->zvknhb ? 32 | 64 : 32;
	default:
		return ALL_SEWS;
	}
}

/* Returns the operand that a letter of the lists stands for. */
static char narrow(struct form *form, char letter)
{
	static const char letters[] = "fgFGpPbydkKh", operands[] = "s1w2swssss1s";
	const char *found = letter ? strchr(letters, letter) : NULL;

	form->sews &= sews_of(form->hart, letter);
	return found ? operands[found - letters] : letter;
}

static void set_operands(struct form *form, const char *operands, bool apart)
{
	char b = narrow(form, operands[2]);

	form->d = narrow(form, operands[0]);
	form->a = narrow(form, operands[1]);
	/*
	 * A scalar from an x or f register is no vector operand, but narrow() checks its SEW as
	 * well.
	 */
	form->b = form->type == 'v' ? b : '-';
	form->apart = apart;
}

static enum rules look_up(const struct listed *list, size_t count, unsigned funct6,
			  struct form *form)
{
	for (size_t n = 0; n < count; n++)
		if (list[n].funct6 == funct6 && strchr(list[n].types, form->type)) {
			set_operands(form, list[n].operands, list[n].apart);
			form->reads_d = list[n].reads_d;
			return RULES_LEGAL;
		}
	return RULES_UNKNOWN;
}

static enum rules form_opi(u32 raw, struct form *form)
{
	unsigned funct6 = field(raw, 26, 6), simm = field(raw, 15, 5);
	enum rules found = look_up(opi, ARRAY_SIZE(opi), funct6, form);

	if (found == RULES_UNKNOWN)
		return look_up(opi_bits, ARRAY_SIZE(opi_bits), funct6, form);
	/* "Vector Integer Add-with-Carry": vadc and vsbc are encoded as masked only. */
	if ((funct6 == 0x10 || funct6 == 0x12) && is_unmasked(raw))
		return RULES_RESERVED;
	/* "Vector Integer Move": vmv.v, whose vs2 is v0, is vmerge unmasked. */
	if (funct6 == 0x17 && is_unmasked(raw)) {
		form->a = '-';
		return field(raw, 20, 5) ? RULES_RESERVED : found;
	}
	/* "Whole Vector Register Move" */
	if (funct6 == 0x27 && form->type == 'i') {
		form->fields = simm + 1;
		if (!is_unmasked(raw) || (simm != 0 && simm != 1 && simm != 3 && simm != 7))
			return RULES_RESERVED;
	}
	return found;
}

/* VWXUNARY0, VRXUNARY0, VXUNARY0 and VMUNARY0 */
static enum rules form_unary(u32 raw, struct form *form)
{
	static const char extensions[] = "--eeqqhh";
	unsigned funct6 = field(raw, 26, 6), vs1 = field(raw, 15, 5), vs2 = field(raw, 20, 5);

	if (funct6 == 0x10 && form->type == 'x') {
		set_operands(form, "1--", false);
		return vs2 == 0 && is_unmasked(raw) ? RULES_LEGAL : RULES_RESERVED;
	}
	if (form->type == 'x')
		return RULES_UNKNOWN;
	form->type = '1';
	if (funct6 == 0x10) {
		set_operands(form, vs1 ? "-m-" : "-1-", false);
		if (vs1 == 0)
			return is_unmasked(raw) ? RULES_LEGAL : RULES_RESERVED;
		return vs1 == 16 || vs1 == 17 ? RULES_LEGAL : RULES_UNKNOWN;
	}
	if (funct6 == 0x12) {
		/* From 8 on: vbrev8, vrev8, vbrev, vclz, vctz, vcpop */
		if (vs1 < 2 || vs1 == 11 || vs1 > 14)
			return RULES_UNKNOWN;
		set_operands(form, "ss-", false);
		if (vs1 < 8)
			form->a = extensions[vs1];
		return RULES_LEGAL;
	}
	if (vs1 == 17) {
		set_operands(form, "s--", false);
		return vs2 ? RULES_RESERVED : RULES_LEGAL;
	}
	set_operands(form, vs1 == 16 ? "sm-" : "mm-", true);
	return vs1 == 16 || (vs1 >= 1 && vs1 <= 3) ? RULES_LEGAL : RULES_UNKNOWN;
}

static enum rules form_opm(u32 raw, struct form *form)
{
	unsigned funct6 = field(raw, 26, 6);
	enum rules found;

	if (funct6 == 0x10 || funct6 == 0x12 || funct6 == 0x14)
		return form_unary(raw, form);
	found = look_up(opm, ARRAY_SIZE(opm), funct6, form);
	if (found == RULES_UNKNOWN)
		return look_up(opm_bits, ARRAY_SIZE(opm_bits), funct6, form);
	/* "vcompress", "Vector Mask-Register Logical Instructions": there is no masked form. */
	if (found == RULES_LEGAL && funct6 >= 0x17 && funct6 <= 0x1f && !is_unmasked(raw))
		return RULES_RESERVED;
	return found;
}

/* VWFUNARY0 and VRFUNARY0: vfmv.f.s and vfmv.s.f */
static enum rules form_move(u32 raw, struct form *form)
{
	unsigned other = form->type == 'v' ? field(raw, 15, 5) : field(raw, 20, 5);

	form->type = form->type == 'v' ? '1' : 'f';
	set_operands(form, form->type == '1' ? "-g-" : "g--", false);
	return other == 0 && is_unmasked(raw) ? RULES_LEGAL : RULES_RESERVED;
}

/* VFUNARY0 and VFUNARY1 */
static enum rules form_float_unary(u32 raw, struct form *form)
{
	unsigned vs1 = field(raw, 15, 5);
	bool converts = field(raw, 26, 6) == 0x12;
	const char *operands = conversions[vs1];

	if (!converts) /* vfsqrt, vfrsqrt7, vfrec7, vfclass */
		operands = vs1 == 0 || vs1 == 4 || vs1 == 5 ? "ff" : vs1 == 16 ? "sf" : NULL;
	if (form->type == 'f' || !operands)
		return RULES_UNKNOWN;
	form->type = '1';
	set_operands(form, operands, false);
	return RULES_LEGAL;
}

static enum rules form_opf(u32 raw, struct form *form)
{
	unsigned funct6 = field(raw, 26, 6);
	enum rules found;

	form->integer = false;
	if (funct6 == 0x10)
		return form_move(raw, form);
	if (funct6 == 0x12 || funct6 == 0x13)
		return form_float_unary(raw, form);
	found = look_up(opf, ARRAY_SIZE(opf), funct6, form);
	/* "Vector Floating-Point Move Instruction": vfmv.v.f, as vmv.v. */
	if (funct6 == 0x17 && form->type == 'f' && is_unmasked(raw)) {
		form->a = '-';
		return field(raw, 20, 5) ? RULES_RESERVED : found;
	}
	return found;
}

static enum rules form_unit(u32 raw, struct form *form)
{
	unsigned mode = field(raw, 20, 5), fields = form->fields;

	form->d = 'i';
	if (mode == 0 || (mode == 16 && form->type == 'l'))
		return RULES_LEGAL;
	if (mode == 11) {
		form->d = 'm';
		return form->eew == 8 && fields == 1 && is_unmasked(raw) ? RULES_LEGAL :
									   RULES_RESERVED;
	}
	form->d = 'r';
	form->whole = true;
	return mode == 8 && is_unmasked(raw) && (fields & (fields - 1)) == 0 &&
			       (form->type == 'l' || form->eew == 8) ?
		       RULES_LEGAL :
		       RULES_RESERVED;
}

/* "Vector Load/Store Instruction Encoding" */
static enum rules form_memory(u32 raw, struct form *form)
{
	static const unsigned widths[8] = { 8, 0, 0, 0, 0, 16, 32, 64 };

	form->eew = widths[field(raw, 12, 3)];
	form->fields = field(raw, 29, 3) + 1;
	form->type = field(raw, 0, 7) == 0x07 ? 'l' : 't';
	form->reads_d = form->type == 't';
	form->a = form->b = '-';
	if (!form->eew) /* scalar accesses of floating point */
		return RULES_UNKNOWN;
	if (field(raw, 28, 1)) /* mew */
		return RULES_RESERVED;
	switch (field(raw, 26, 2)) {
	case 0:
		return form_unit(raw, form);
	case 2:
		form->d = 'i';
		return RULES_LEGAL;
	default:
		form->d = 's';
		form->a = 'i';
		/* "Vector Indexed Segment Loads and Stores" */
		form->apart = form->type == 'l' && form->fields > 1;
		return RULES_LEGAL;
	}
}

static enum rules form_cipher(u32 raw, struct form *form)
{
	u32 vs1 = 1u << field(raw, 15, 5);

	form->integer = false;
	for (unsigned n = 0; n < ARRAY_SIZE(ciphers); n++) {
		const struct cipher *cipher = &ciphers[n];

		if (cipher->funct6 != field(raw, 26, 6) || (cipher->vs1 && !(cipher->vs1 & vs1)))
			continue;
		set_operands(form, cipher->operands, cipher->apart);
		form->reads_d = cipher->reads_d;
		form->apart_a = cipher->apart_a;
		form->group = cipher->group;
		/* There is no masked form. */
		return is_unmasked(raw) ? RULES_LEGAL : RULES_RESERVED;
	}
	return RULES_UNKNOWN;
}

/* "Vector Configuration-Setting Instructions": they have no vector operands. */
static enum rules form_set(u32 raw, struct form *form)
{
	form->d = form->a = form->b = '-';
	form->whole = true;
	if (!field(raw, 31, 1) || field(raw, 30, 1))
		return RULES_LEGAL;
	return field(raw, 25, 6) ? RULES_RESERVED : RULES_LEGAL;
}

enum rules rules_form_on(const struct rules_hart *hart, u32 raw, struct form *form)
{
	static const char types[] = "vvvixfxc";
	unsigned funct3 = field(raw, 12, 3);

	memset(form, 0, sizeof(*form));
	form->fields = form->group = 1;
	form->integer = true;
	form->sews = ALL_SEWS;
	form->hart = hart;
	if (field(raw, 0, 7) == 0x07 || field(raw, 0, 7) == 0x27)
		return form_memory(raw, form);
	form->type = types[funct3];
	if (field(raw, 0, 7) == 0x77 && funct3 == 2)
		return form_cipher(raw, form);
	if (field(raw, 0, 7) != 0x57)
		return RULES_UNKNOWN;
	switch (funct3) {
	case 1:
	case 5:
		return form_opf(raw, form);
	case 2:
	case 6:
		return form_opm(raw, form);
	case 7:
		return form_set(raw, form);
	default:
		return form_opi(raw, form);
	}
}

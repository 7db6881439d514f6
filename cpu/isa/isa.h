/* SPDX-License-Identifier: MIT */
/*
 * The table of isa.def as data: the operations, their properties, and decoding. `struct isa` is the
 * table prepared for one machine, whose extensions it knows; it is constant once built.
 */
#ifndef CPU_ISA_ISA_H
#define CPU_ISA_ISA_H

#include "bus/base.h"
#include "cpu/isa/ext.h"
#include "cpu/isa/format.h"
#include "cpu/isa/insn_bits.h"
#include "cpu/isa/insn_class.h"

enum op {
#define INSN(name, pattern, format, ext, class) OP_##name,
#include "cpu/isa/isa.def"
#undef INSN
	OP_COUNT,
	OP_illegal = OP_COUNT, /* encodings of no row: raises illegal instruction */
	OP_checked_jump, /* jumps and branches that can go where no instruction starts (jump.h) */
	OP_page_crossing, /* in a decoded block: one whose other half is in the next page */
	/*
	 * These end a decoded block (block_cache.h): fall into the next one, or leave to the run
	 * loop.
	 */
	OP_end_next,
	OP_end_leave,
	OP_TABLE_SIZE
};

/* A row is there if its extension is, if either of two is, or if both are. */
enum insn_need { NEED_ONE, NEED_ANY, NEED_BOTH };

/* A row of the table: mask and match come from the bit pattern, the rest from its columns. */
struct opinfo {
	const char *name;
	const char *pattern;
	u8 format, class;
	u8 ext, other, need; /* `other` is an extension unless need is NEED_ONE */
};

/*
 * The rows, and behind them operations that are no row but have a format and a class all the same.
 */
extern const struct opinfo isa_ops[OP_page_crossing + 1];

/* Register 32 takes what is written to x0, so that no body needs to check whether rd is 0. */
#define X_SINK 32

/* A decoded instruction: 16 bytes. */
struct insn {
	s32 imm;
	u32 raw; /* as fetched: 16 significant bits when compressed */
	u16 op;
	u8 rd, rs1, rs2;
	u8 rs3_rm; /* rs3 << 3 | rounding mode */
	u8 at; /* halfwords from the start of its block */
	u8 index; /* instructions before it in its block */
};

/* Full instructions are bucketed by bits 6:2 and 14:12, compressed ones by bits 1:0 and 15:13. */
#define ISA_BUCKETS_FULL 256
#define ISA_BUCKETS (ISA_BUCKETS_FULL + 3 * 8)

struct isa {
	struct ext_set extensions;
	bool has[EXT_COUNT]; /* the same set: a byte is read sooner than a bit */
	u32 mask[OP_COUNT], match[OP_COUNT];
	/* The rows that can match the bits of a bucket, the most specific first. */
	u16 bucket[ISA_BUCKETS + 1];
	u16 rows[OP_COUNT * 8];
};

void isa_init(struct isa *isa, struct ext_set extensions);

static inline bool isa_has(const struct isa *isa, enum ext ext)
{
	return isa->has[ext];
}

/* Returns the format of a row, or of one of the operations behind the rows. */
static inline const struct format *isa_format(unsigned op)
{
	return &formats[isa_ops[op].format];
}

/* Returns whether the hart has the extensions that the row needs. */
bool isa_has_row(const struct isa *isa, unsigned op);

/*
 * Decodes the bits at a pc. `raw` has 32 bits, of which only the low 16 are used when they hold a
 * compressed instruction. Bits that no row matches give OP_illegal.
 */
void isa_decode(const struct isa *isa, u32 raw, struct insn *insn);

/* Gets mask and match of a pattern; false if it is not 32 or 16 characters of the known letters. */
bool isa_pattern(const char *pattern, u32 *mask, u32 *match);

/*
 * Returns the 32-bit instruction that a compressed one stands for; 0 when it is illegal, reserved,
 * or of an extension that the hart does not have.
 */
u32 rvc_expand(const struct isa *isa, u16 raw);

/* Sets the operands of a row of 16 bits; returns false when they are reserved. */
bool rvc_operands(enum insn_format format, u16 c, struct insn *insn);

/*
 * Writes "rv64imafdc_zicbom_...", the device tree's riscv,isa: the extensions whose state in
 * ext.def is MAX or OPT_IN, and those that are LISTED as far as these leave room for them. The text
 * ends before the first of the others that does not fit.
 */
void isa_string(const struct isa *isa, char *text, size_t size);

/* Return the string of an extension ("zba"), and its last column. */
const char *isa_ext_name(enum ext ext);
enum ext_state isa_ext_state(enum ext ext);

#endif

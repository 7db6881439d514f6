/* SPDX-License-Identifier: MIT */
/*
 * The table of isa.def as data: the operations, their properties, and decoding. `struct isa` is the
 * table prepared for the extensions of one machine; it does not change after isa_init.
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
	OP_checked_jump, /* jumps and branches whose target may be misaligned (jump.h) */
	/* In a decoded block: an instruction whose second half is in the next page. */
	OP_page_crossing,
	/*
	 * They end a decoded block (block_cache.h): continue in the next block, or leave to the run
	 * loop.
	 */
	OP_end_next,
	OP_end_leave,
	OP_TABLE_SIZE
};

/* A machine has a row if it has the row's extension, either of two extensions, or both. */
enum insn_need { NEED_ONE, NEED_ANY, NEED_BOTH };

/* A row of the table: mask and match come from the bit pattern, the rest from its columns. */
struct opinfo {
	const char *name;
	const char *pattern;
	u8 format, class;
	u8 ext, other, need; /* `other` is an extension unless need is NEED_ONE */
};

/* The rows, followed by the operations that are not rows, but have a format and a class. */
extern const struct opinfo isa_ops[OP_page_crossing + 1];

/* Register 32 receives the values written to x0, so that no body needs to check whether rd is 0. */
#define X_SINK 32

/* A decoded instruction: 16 bytes. */
struct insn {
	s32 imm;
	u32 raw; /* as fetched; a compressed instruction has 16 significant bits */
	u16 op;
	u8 rd, rs1, rs2;
	u8 rs3_rm; /* rs3 << 3 | rounding mode */
	u8 at; /* halfwords from the start of its block */
	u8 index; /* the number of instructions before it in its block */
};

/*
 * Decoding uses buckets of rows: 32-bit instructions are bucketed by bits 6:2 and 14:12, compressed
 * ones by bits 1:0 and 15:13.
 */
#define ISA_BUCKETS_FULL 256
#define ISA_BUCKETS (ISA_BUCKETS_FULL + 3 * 8)

struct isa {
	struct ext_set extensions;
	bool has[EXT_COUNT]; /* an equal set; testing a byte is faster than testing a bit */
	u32 mask[OP_COUNT], match[OP_COUNT];
	/* The rows that can match instructions of a bucket, the most specific ones first. */
	u16 bucket[ISA_BUCKETS + 1];
	u16 rows[OP_COUNT * 8];
};

void isa_init(struct isa *isa, struct ext_set extensions);

static inline bool isa_has(const struct isa *isa, enum ext ext)
{
	return isa->has[ext];
}

/* Returns the format of a row, or of one of the operations after the rows. */
static inline const struct format *isa_format(unsigned op)
{
	return &formats[isa_ops[op].format];
}

/* Returns whether the hart has the extensions that the row needs. */
bool isa_has_row(const struct isa *isa, unsigned op);

/*
 * Decodes an instruction. `raw` has 32 bits, of which only the low 16 are used if they are a
 * compressed instruction. Bits that match no row become OP_illegal.
 */
void isa_decode(const struct isa *isa, u32 raw, struct insn *insn);

/*
 * Stores mask and match of a pattern. Returns false if it does not consist of 32 or 16 known
 * characters.
 */
bool isa_pattern(const char *pattern, u32 *mask, u32 *match);

/*
 * Returns the 32-bit instruction to which a compressed one expands; 0 if that is illegal, reserved,
 * or of an extension that the hart does not have.
 */
u32 rvc_expand(const struct isa *isa, u16 raw);

/* Sets the operands of a 16-bit row. Returns false if they are reserved. */
bool rvc_operands(enum insn_format format, u16 c, struct insn *insn);

/*
 * Writes "rv64imafdc_zicbom_...", the value of riscv,isa in the device tree: the extensions whose
 * state in ext.def is MAX or OPT_IN, and those that are LISTED if there is room for them. The text
 * ends before the first MAX or OPT_IN one that does not fit.
 */
void isa_string(const struct isa *isa, char *text, size_t size);

#endif

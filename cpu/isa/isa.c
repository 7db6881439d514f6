/* SPDX-License-Identifier: MIT */
/*
 * Decodes from isa.def alone: patterns become masks, rows are bucketed by major opcode and funct3,
 * and the format determines how the immediate is put together (format.h). No instruction is named
 * here.
 */
#include "cpu/isa/isa.h"

#include <stdio.h>
#include <string.h>

/* The extension column has one name, or ANY(one, other), or BOTH(one, other). */
#define EXT_ANY(one, two) EXT_##one, .other = EXT_##two, .need = NEED_ANY
#define EXT_BOTH(one, two) EXT_##one, .other = EXT_##two, .need = NEED_BOTH

const struct opinfo isa_ops[OP_page_crossing + 1] = {
#define INSN(id, bits, layout, needs, kind)                                                        \
	[OP_##id] = { .name = #id, .pattern = (bits), .format = FORMAT_##layout,                   \
		      .class = CLASS_##kind, .ext = EXT_##needs },
#include "cpu/isa/isa.def"
#undef INSN
	[OP_checked_jump] = { .name = "jump", .format = FORMAT_JALR, .class = CLASS_JUMP },
	/* This may be any instruction. */
	[OP_page_crossing] = { .name = "crossing", .format = FORMAT_NONE, .class = CLASS_SYSTEM },
};

bool isa_pattern(const char *pattern, u32 *mask, u32 *match)
{
	unsigned count = 0;

	*mask = *match = 0;
	for (const char *c = pattern; *c; c++) {
		bool fixed = *c == '0' || *c == '1';

		if (*c == ' ')
			continue;
		if (!fixed && !strchr("dabcimrfv.", *c))
			return false;
		*mask = *mask << 1 | fixed;
		*match = *match << 1 | (*c == '1');
		count++;
	}
	return count == 32 || (count == 16 && (*match & 3) != 3);
}

bool isa_has_row(const struct isa *isa, unsigned op)
{
	const struct opinfo *row = &isa_ops[op];
	bool one = isa_has(isa, row->ext), other = isa_has(isa, row->other);

	switch (row->need) {
	case NEED_ANY:
		return one || other;
	case NEED_BOTH:
		return one && other;
	default:
		return one;
	}
}

static unsigned bucket_of(u32 raw)
{
	if (insn_length(raw) == 2)
		return ISA_BUCKETS_FULL + (unsigned)(bits(raw, 0, 2) << 3 | bits(raw, 13, 3));
	return (unsigned)(bits(raw, 2, 5) << 3 | bits(raw, 12, 3));
}

/* Returns the bits of an instruction by which it belongs to a bucket; *mask selects these bits. */
static u32 bucket_bits(unsigned bucket, u32 *mask)
{
	unsigned compressed = bucket - ISA_BUCKETS_FULL;

	if (bucket >= ISA_BUCKETS_FULL) {
		*mask = 0xe003;
		return compressed >> 3 | (compressed & 7) << 13;
	}
	*mask = 0x707f;
	return (bucket >> 3) << 2 | (bucket & 7) << 12 | 3;
}

/*
 * Returns a bit for each of the eight buckets from *first on to which a row belongs. They are the
 * buckets of its opcode, whose bits are fixed in each row.
 */
static unsigned buckets_of(const struct isa *isa, unsigned op, unsigned *first)
{
	unsigned buckets = 0;

	*first = bucket_of(isa->match[op]) & ~7u;
	for (unsigned n = 0; n < 8; n++) {
		u32 mask, wanted = bucket_bits(*first + n, &mask);

		if (!((wanted ^ isa->match[op]) & isa->mask[op] & mask))
			buckets |= 1u << n;
	}
	return buckets;
}

/* Finds where the rows of each bucket begin. */
static void size_buckets(struct isa *isa)
{
	for (unsigned op = 0; op < OP_COUNT; op++) {
		unsigned first, left;

		if (!isa_has_row(isa, op))
			continue;
		for (left = buckets_of(isa, op, &first); left; left &= left - 1)
			isa->bucket[first + (unsigned)__builtin_ctz(left) + 1]++;
	}
	for (unsigned bucket = 0; bucket < ISA_BUCKETS; bucket++)
		isa->bucket[bucket + 1] = (u16)(isa->bucket[bucket + 1] + isa->bucket[bucket]);
}

/* Adds the rows that have `count` fixed bits to the ends of their buckets, which are in `end`. */
static void fill_buckets(struct isa *isa, const u8 *fixed, u8 count, u16 *end)
{
	for (unsigned op = 0; op < OP_COUNT; op++) {
		unsigned first, left;

		if (fixed[op] != count || !isa_has_row(isa, op))
			continue;
		for (left = buckets_of(isa, op, &first); left; left &= left - 1)
			isa->rows[end[first + (unsigned)__builtin_ctz(left)]++] = (u16)op;
	}
}

void isa_init(struct isa *isa, struct ext_set extensions)
{
	u16 end[ISA_BUCKETS];
	u8 fixed[OP_COUNT];

	memset(isa, 0, sizeof(*isa));
	isa->extensions = extensions;
	for (unsigned ext = 0; ext < EXT_COUNT; ext++)
		isa->has[ext] = ext_has(extensions, ext);
	for (unsigned op = 0; op < OP_COUNT; op++) {
		bool valid = isa_pattern(isa_ops[op].pattern, &isa->mask[op], &isa->match[op]);

		assert(valid && !(~isa->mask[op] & (isa->match[op] % 4 == 3 ? 0x7f : 3)));
		(void)valid;
		fixed[op] = (u8)__builtin_popcount(isa->mask[op]);
	}
	size_buckets(isa);
	memcpy(end, isa->bucket, sizeof(end));
	/* Rows with more fixed bits come first, so that special cases win. */
	for (u8 count = 32; count > 0; count--)
		fill_buckets(isa, fixed, count, end);
}

static unsigned find_row(const struct isa *isa, u32 raw)
{
	unsigned bucket = bucket_of(raw);

	for (unsigned i = isa->bucket[bucket]; i < isa->bucket[bucket + 1]; i++) {
		unsigned op = isa->rows[i];

		if ((raw & isa->mask[op]) == isa->match[op])
			return op;
	}
	return OP_illegal;
}

/*
 * Decodes a compressed instruction if it has its own row, and returns 0. Otherwise returns the
 * 32-bit instruction to which it is expanded, or 0 if it is illegal.
 */
static u32 decode_compressed(const struct isa *isa, struct insn *insn)
{
	if (!isa_has(isa, EXT_zca))
		return 0;
	insn->op = (u16)find_row(isa, insn->raw);
	if (insn->op == OP_illegal)
		return rvc_expand(isa, (u16)insn->raw);
	if (!rvc_operands(isa_ops[insn->op].format, (u16)insn->raw, insn))
		insn->op = OP_illegal;
	return 0;
}

void isa_decode(const struct isa *isa, u32 raw, struct insn *insn)
{
	enum insn_format format;

	*insn = (struct insn){ .raw = raw, .op = OP_illegal, .rd = X_SINK };
	if (insn_length(raw) == 2) {
		insn->raw &= 0xffff;
		raw = decode_compressed(isa, insn);
		if (!raw)
			return;
	}
	insn->op = (u16)find_row(isa, raw);
	if (insn->op == OP_illegal)
		return;
	format = isa_ops[insn->op].format;
	insn->imm = format_immediate(format, raw);
	insn->rd = (u8)bits(raw, 7, 5);
	if (insn->rd == 0 && formats[format].rd.kind != OPERAND_F &&
	    formats[format].rd.kind != OPERAND_V)
		insn->rd = X_SINK;
	insn->rs1 = (u8)bits(raw, 15, 5);
	insn->rs2 = (u8)bits(raw, 20, 5);
	insn->rs3_rm = (u8)(bits(raw, 27, 5) << 3 | bits(raw, 12, 3));
}

/* Returns the separator before a name in an ISA string. */
static const char *before_name(const char *name)
{
	return name[1] == '\0' ? "" : "_";
}

static size_t name_size(const char *name)
{
	return strlen(before_name(name)) + strlen(name);
}

/* Returns how many bytes of an ISA string are left for LISTED names, after all others. */
static size_t room_for_listed(const struct isa *isa, size_t size)
{
	size_t needed = sizeof("rv64");

	for (unsigned ext = 0; ext < EXT_COUNT; ext++)
		if (isa_has(isa, ext) && ext_is_in_isa(ext_state(ext)))
			needed += name_size(ext_name(ext));
	return size > needed ? size - needed : 0;
}

void isa_string(const struct isa *isa, char *text, size_t size)
{
	size_t used = (size_t)snprintf(text, size, "rv64"), room = room_for_listed(isa, size);

	for (unsigned ext = 0; ext < EXT_COUNT && used < size; ext++) {
		const char *name = ext_name(ext);
		bool listed = ext_state(ext) == EXT_LISTED && name_size(name) <= room;

		if (!isa_has(isa, ext) || (!listed && !ext_is_in_isa(ext_state(ext))))
			continue;
		if (name_size(name) >= size - used)
			return;
		if (listed)
			room -= name_size(name);
		used += (size_t)snprintf(text + used, size - used, "%s%s", before_name(name), name);
	}
}

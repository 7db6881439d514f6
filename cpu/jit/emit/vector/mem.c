/* SPDX-License-Identifier: MIT */
/*
 * Emitters of unit-stride and whole-register loads and stores. The TLB view is asked once for the
 * whole group, as for a scalar. If it misses, cold code looks in the site's span (probe.c), and
 * then finds the pages of the first and of the last byte in the view, or in the second level, or by
 * a walk. If that fails, or if the two pages are not consecutive in the host's memory, the body is
 * called. Accesses to the active elements are in cold code: with AVX-512 if there are at most 64
 * elements; otherwise those to the elements below vl, and for elements of at least 32 bits also
 * masked ones.
 */
#include "cpu/jit/emit/vector/select.h"
#include "cpu/jit/emit/vector/segment.h"

/*
 * Moves all bytes of a group between memory at RCX + `at` and the vector registers from `reg` on.
 */
static void move_all(struct gen *gen, const struct lanes *lanes, unsigned at, unsigned reg,
		     bool write)
{
	s64 group = ENV_OF(vector.v) + (s64)(reg * gen->hart->vector.vlenb);
	ZydisMnemonic move = lanes->avx512 ? ZYDIS_MNEMONIC_VMOVDQU64 : ZYDIS_MNEMONIC_VMOVDQU;

	for (unsigned n = 0; n < lanes->bytes; n += lanes->width) {
		struct x86_arg memory = x86_indexed(lanes->width, RCX, at, 1, n);
		struct x86_arg part = x86_at(lanes->width, ENV, group + n);
		unsigned first = lanes->first_scratch + (n / lanes->width) % 2;
		struct x86_arg reg_n;

		if (write) {
			part = load_part(gen, lanes, n / lanes->width % 2, reg, n);
			x86_write(&gen->x, move, 2, (const struct x86_arg[]){ memory, part });
			continue;
		}
		reg_n = x86_reg(lanes->width,
				gen_holder(gen, lanes->width, place_of(gen, reg, n), first));
		x86_write(&gen->x, move, 2, (const struct x86_arg[]){ reg_n, memory });
		x86_write(&gen->x, move, 2, (const struct x86_arg[]){ part, reg_n });
		gen_hold_part(gen, lanes, reg, n, reg_n);
	}
	gen->held.reports_writes = true;
}

/*
 * Sets K1 to the active elements of the next part. Returns the jump that is taken if there are
 * none.
 */
static u8 *next_active(struct gen *gen, const struct lanes *lanes)
{
	const struct x86_arg active = x86_reg(8, K1);

	X86(&gen->x, KSHIFTRQ, active, active, x86_imm(lanes->width >> lanes->size));
	X86(&gen->x, KORTESTQ, active, active);
	return x86_jump(&gen->x, ZYDIS_MNEMONIC_JZ);
}

/*
 * Moves `bytes` bytes between memory, at the address in RDX, and the group, from offset RAX on in
 * both.
 */
static void move_bytes(struct gen *gen, unsigned bytes, s64 group, bool write)
{
	for (unsigned at = 0; at < bytes; at += 32) {
		const unsigned size = MIN(bytes - at, 32u);
		const struct x86_arg memory = x86_indexed(size, RDX, RAX, 1, at);
		const struct x86_arg in_hart = x86_indexed(size, ENV, RAX, 1, group + at);
		const struct x86_arg to = write ? memory : in_hart;
		const struct x86_arg from = write ? in_hart : memory;
		struct x86 *x = &gen->x;

		if (size >= 16) {
			X86(x, VMOVDQU, x86_reg(size, XMM0), from);
			X86(x, VMOVDQU, to, x86_reg(size, XMM0));
		} else {
			X86(x, MOV, x86_reg(size, RCX), from);
			X86(x, MOV, to, x86_reg(size, RCX));
		}
	}
}

/*
 * Moves the elements below vl, in pieces whose sizes are decreasing powers of two. XMM1 keeps the
 * number of bytes.
 */
static void move_below_vl(struct gen *gen, const struct insn *insn, const struct lanes *lanes,
			  bool write)
{
	const s64 group = ENV_OF(vector.v) + (s64)(insn->rd * gen->hart->vector.vlenb);
	const unsigned all = (unsigned)lanes->count << lanes->size;
	struct x86 *x = &gen->x;

	X86(x, MOV, x86_reg(4, RCX), x86_at(4, ENV, ENV_OF(vector.vl)));
	if (lanes->size)
		X86(x, SHL, x86_reg(4, RCX), x86_imm(lanes->size));
	X86(x, VMOVD, x86_xmm(XMM1), x86_reg(4, RCX));
	X86(x, XOR, x86_reg(4, RAX), x86_reg(4, RAX));
	for (unsigned bytes = 256; bytes >= 1u << lanes->size; bytes /= 2) {
		u8 *over;

		if (bytes > all)
			continue;
		X86(x, VMOVD, x86_reg(4, RCX), x86_xmm(XMM1));
		X86(x, TEST, x86_reg(4, RCX), x86_imm(bytes));
		over = x86_jump(x, ZYDIS_MNEMONIC_JZ);
		move_bytes(gen, bytes, group, write);
		X86(x, ADD, x86_reg(4, RAX), x86_imm(bytes));
		x86_patch(over, x->at);
	}
}

/* Moves the elements of 32 or 64 bits whose bits are set in RAX, by the host's masked moves. */
static void move_masked(struct gen *gen, const struct insn *insn, const struct lanes *lanes,
			bool write)
{
	const ZydisMnemonic masked = lanes->size == 3 ? ZYDIS_MNEMONIC_VPMASKMOVQ :
							ZYDIS_MNEMONIC_VPMASKMOVD;
	const struct x86_arg active = x86_reg(lanes->width, ACTIVE_VECTOR),
			     value = scratch(lanes, 0);
	struct x86 *x = &gen->x;
	u8 *ends[LANES_MOST];
	unsigned count = 0;

	for (unsigned at = 0; at < lanes->bytes; at += lanes->width) {
		const struct x86_arg memory = x86_at(lanes->width, RDX, at);
		const struct x86_arg group = part_in_hart(gen, lanes, insn->rd, at);

		if (at) {
			X86(x, SHR, x86_reg(8, RAX), x86_imm(lanes->width >> lanes->size));
			ends[count++] = x86_jump(x, ZYDIS_MNEMONIC_JZ);
		}
		gen_expand_bits(gen, lanes, ACTIVE_VECTOR);
		if (write)
			gen_move(gen, lanes, value, group);
		else
			x86_write(x, masked, 3, (const struct x86_arg[]){ value, active, memory });
		x86_write(x, masked, 3,
			  (const struct x86_arg[]){ write ? memory : group, active, value });
	}
	while (count)
		x86_patch(ends[--count], x->at);
}

/* Moves the active elements without AVX-512. */
static void move_active_avx2(struct gen *gen, const struct insn *insn, const struct lanes *lanes,
			     bool write)
{
	if (!vector_is_masked(insn->raw)) {
		move_below_vl(gen, insn, lanes, write);
		return;
	}
	gen_active_bits(gen, true);
	move_masked(gen, insn, lanes, write);
}

/*
 * Moves the active elements: those below vl, and of these only those of the mask v0 if the
 * instruction is masked.
 */
static void move_active(struct gen *gen, const struct insn *insn, const struct lanes *lanes,
			unsigned base, bool write)
{
	const struct x86_arg value = scratch(lanes, 0);
	struct x86 *x = &gen->x;
	u8 *ends[LANES_MOST];
	unsigned count = 0;

	gen->held.reports_writes = true;
	if (!write)
		gen_drop_bytes(gen, lanes->bytes, insn->rd, 0);
	X86(x, LEA, x86_reg(8, RDX), x86_indexed(8, RCX, base, 1, 0));
	if (!lanes->avx512) {
		move_active_avx2(gen, insn, lanes, write);
		return;
	}
	gen_active_bits(gen, vector_is_masked(insn->raw));
	X86(x, KMOVQ, x86_reg(8, K1), x86_reg(8, RAX));
	for (unsigned at = 0; at < lanes->bytes; at += lanes->width) {
		const struct x86_arg memory = x86_at(lanes->width, RDX, at);
		const struct x86_arg group = part_in_hart(gen, lanes, insn->rd, at);

		if (at)
			ends[count++] = next_active(gen, lanes);
		gen_move(gen, lanes, value, group);
		if (write) {
			OP(gen, lanes, JIT_V_MERGE, x86_masked(memory, K1), value);
		} else {
			OP(gen, lanes, JIT_V_MERGE, x86_masked(value, K1), memory);
			gen_move(gen, lanes, group, value);
		}
	}
	while (count)
		x86_patch(ends[--count], x->at);
}

/*
 * Leaves in RCX the addend for the address in RAX, by the view or else by the second level. The
 * page may in the end not be accessed, because vl is smaller. The guest cannot observe that: the A
 * and D bits are set already, or the page is not found; and a page that is marked as written
 * without a write only causes more comparisons.
 */
static void probe_byte(struct gen *gen, bool write)
{
	struct x86 *x = &gen->x;
	u8 *hit, *done;

	gen_write_page_check(x, gen->jit, RAX, write, 1);
	hit = x86_jump(x, ZYDIS_MNEMONIC_JZ);
	x86_patch(x86_jump(x, ZYDIS_MNEMONIC_CALL), gen->jit->stubs.refill[write][0]);
	gen_slow_path(gen, ZYDIS_MNEMONIC_JZ);
	done = x86_jump(x, ZYDIS_MNEMONIC_JMP);
	x86_patch(hit, x->at);
	gen_write_addend(x);
	x86_patch(done, x->at);
}

/*
 * Does what probe_byte does, for bytes in one page, or in two pages that are consecutive in the
 * host's memory.
 */
static void probe_two(struct gen *gen, u64 bytes, bool write)
{
	struct x86 *x = &gen->x;

	probe_byte(gen, write);
	X86(x, VMOVQ, x86_xmm(XMM0), x86_reg(8, RCX));
	X86(x, ADD, x86_reg(8, RAX), x86_imm((s64)bytes - 1));
	probe_byte(gen, write);
	X86(x, SUB, x86_reg(8, RAX), x86_imm((s64)bytes - 1));
	X86(x, VMOVQ, x86_reg(8, RDX), x86_xmm(XMM0));
	X86(x, CMP, x86_reg(8, RCX), x86_reg(8, RDX));
	gen_slow_path(gen, ZYDIS_MNEMONIC_JNZ);
}

/*
 * Writes cold code that finds the bytes at rs1 when the view lacks their page, or when they are in
 * two pages. If two streams of accesses use the same entries of the view, as those to arrays whose
 * distance is a multiple of 128 MiB, each evicts the other's page. So the page is also kept in the
 * site's span, which is looked at first.
 */
static void find_far(struct gen *gen, const struct insn *insn, u64 bytes, bool write)
{
	const s64 addend = gen_span_at(gen, insn, write) + (s64)offsetof(struct tlb_span, addend);
	struct x86 *x = &gen->x;
	u8 *missed[3], *found;

	gen_span_begin(gen, insn, write, missed);
	X86(x, CMP, x86_reg(8, RDX), x86_imm((s64)bytes - TLB_SPAN_REST));
	missed[2] = x86_jump(x, ZYDIS_MNEMONIC_JL);
	X86(x, MOV, x86_reg(8, RCX), x86_at(8, VIEW, addend));
	found = x86_jump(x, ZYDIS_MNEMONIC_JMP);
	for (unsigned n = 0; n < ARRAY_SIZE(missed); n++)
		x86_patch(missed[n], x->at);
	probe_two(gen, bytes, write);
	X86(x, VMOVQ, x86_xmm(XMM0), x86_reg(8, RCX));
	gen_span_find(gen, insn, write, false);
	X86(x, VMOVQ, x86_reg(8, RCX), x86_xmm(XMM0));
	x86_patch(found, x->at);
}

/* If the access belongs to a stream of a strip, its page has been checked already. */
unsigned gen_probe_bytes(struct gen *gen, const struct insn *insn, u64 bytes, bool write)
{
	unsigned stream = gen_stream(gen, insn);
	unsigned base = gen_source(gen, RAX, insn->rs1);
	struct x86 *x = &gen->x, hot;
	u8 *jump;

	if (stream) {
		X86(x, MOV, x86_reg(8, RCX), x86_at(8, ENV, gen_stream_slot(stream - 1)));
		return base;
	}
	gen_write_page_check(x, gen->jit, base, write, (s32)bytes);
	jump = x86_jump(x, ZYDIS_MNEMONIC_JNZ);
	gen_write_addend(x);
	hot = gen_begin_cold(gen, jump);
	find_far(gen, insn, bytes, write);
	gen_end_cold(gen, hot);
	return base;
}

/*
 * Writes the access to all elements, for vl equal to VLMAX, and in cold code the access to the
 * active ones.
 */
static void move_all_or_active(struct gen *gen, const struct insn *insn, const struct lanes *lanes,
			       unsigned base, bool write)
{
	struct x86 hot;
	u8 *jump, after;

	if ((lanes->avx512 && lanes->count > 64) || gen_known_vl(gen) == lanes->count) {
		gen_require_all(gen, lanes->count);
		move_all(gen, lanes, base, insn->rd, write);
		return;
	}
	jump = gen_jump_unless_all(gen, lanes->count);
	gen->held.written = 0;
	move_all(gen, lanes, base, insn->rd, write);
	after = gen->held.now;
	hot = gen_begin_cold(gen, jump);
	move_active(gen, insn, lanes, base, write);
	gen->held.now = after;
	gen_load_held(gen, &gen->x, after & gen->held.written);
	gen_end_cold(gen, hot);
}

/* Emits vle and (`flag`) vse, and also vle with fault-only-first, because no fault happens here. */
bool jit_v_unit(struct gen *gen, const struct insn *insn, const struct emitter *how)
{
	unsigned size = vector_encoded_eew(insn->raw) - 3;
	struct lanes lanes;
	unsigned base;
	bool needs_active_only;
	u64 bytes;

	if (!gen_is_misaligned_fast(gen))
		return false;
	if (!gen_row_lanes(gen, insn, size, &lanes))
		return false;
	if (vector_nf(insn) > 1)
		return gen_segments(gen, insn, &lanes, how->flag);
	bytes = lanes.count << size;
	needs_active_only = vector_is_masked(insn->raw) || bytes < lanes.bytes;
	if (needs_active_only && lanes.count > 64)
		return false;
	if (!lanes.avx512 && vector_is_masked(insn->raw) && lanes.size < 2)
		return false;
	gen_require_start_0(gen);
	base = gen_probe_bytes(gen, insn, bytes, how->flag);
	if (needs_active_only)
		move_active(gen, insn, &lanes, base, how->flag);
	else
		move_all_or_active(gen, insn, &lanes, base, how->flag);
	return true;
}

/* Emits vl1re8 to vl8re64 and (`flag`) vs1r to vs8r, which do not depend on vtype and vl. */
bool jit_v_whole(struct gen *gen, const struct insn *insn, const struct emitter *how)
{
	u64 bytes = vector_whole_count(insn) * (u64)gen->hart->vector.vlenb;
	struct lanes lanes = { .size = 3 };

	if (!gen_is_misaligned_fast(gen) || !gen_lanes_of(gen, insn, bytes, &lanes))
		return false;
	gen_require_start_0(gen);
	move_all(gen, &lanes, gen_probe_bytes(gen, insn, bytes, how->flag), insn->rd, how->flag);
	return true;
}

unsigned emitter_unit_bytes(const struct gen *gen, const struct insn *insn)
{
	const struct emitter *emitter = &emitters[insn->op];
	struct lanes lanes = { .avx512 = true };

	if (emitter->emit == jit_v_whole)
		return vector_whole_count(insn) * (unsigned)gen->hart->vector.vlenb;
	if (emitter->emit != jit_v_unit)
		return 0;
	lanes.size = vector_encoded_eew(insn->raw) - 3;
	lanes.count = gen_vlmax(gen, gen_vtype(gen));
	lanes.bytes = (unsigned)(lanes.count << lanes.size);
	return vector_nf(insn) > 1 ? gen_segments_bytes(gen, insn, &lanes, emitter->flag) :
				     lanes.bytes;
}

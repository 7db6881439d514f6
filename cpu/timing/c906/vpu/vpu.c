/* SPDX-License-Identifier: MIT */
/* C906's floating-point pipeline. See vpu.h. */
#include "cpu/timing/c906/vpu/vpu.h"

#include "cpu/timing/c906/vpu/float.h"

#define FIRST_WRITE 3 /* the first stage from which results go into the file */
#define ROUND_CYCLES 2

static struct c906_float c906_vpu_operand(const struct c906_uop *uop, u64 value)
{
	return c906_unpack(value, uop->is_double);
}

static bool is_finite(const struct c906_float *number)
{
	return number->class != C906_INFINITE && number->class != C906_NAN;
}

/*
 * Returns the stages of a multiplication, or of a fused multiply-add. VFMAU ends early if no
 * product has to be normalized (aq_vfmau_special_judge_double.v): with special operands, a product
 * of zero, or one that overflows whatever is added. A multiplication takes as long as a fused
 * multiply-add if a factor is subnormal, or if the product is near either end of the exponents
 * (aq_vfmau_dp.v, ex1_mac_update).
 */
static u8 fmau_stages(const struct c906_uop *uop, const u64 *operands)
{
	const struct c906_float a = c906_vpu_operand(uop, operands[0]),
				b = c906_vpu_operand(uop, operands[1]);
	const struct c906_float c = c906_vpu_operand(uop, uop->is_fma ? operands[2] : 0);
	s32 bias = c906_format(uop->is_double).bias, exponent = a.exponent + b.exponent;

	if (!is_finite(&a) || !is_finite(&b) || !is_finite(&c))
		return FIRST_WRITE;
	if (a.class == C906_ZERO || b.class == C906_ZERO || exponent > bias + uop->is_fma)
		return FIRST_WRITE;
	if (a.class == C906_NORMAL && b.class == C906_NORMAL && exponent > -bias &&
	    exponent != bias)
		return uop->stages;
	return uop->is_double ? C906_VEX : C906_VEX - 1;
}

static u8 fmau_extra(const struct c906_uop *uop, const u64 *operands)
{
	const struct c906_float a = c906_vpu_operand(uop, operands[0]),
				b = c906_vpu_operand(uop, operands[1]);

	return a.class == C906_SUBNORMAL || b.class == C906_SUBNORMAL;
}

#define STAGES 4 /* number of bits of the stages; above them are additional cycles */

/*
 * Returns whether a product is like most: of two numbers of medium size, to which a finite number
 * may be added.
 */
static bool is_usual(const struct c906_uop *uop, const u64 *operands)
{
	const struct c906_format format = c906_format(uop->is_double);
	s64 a = (s64)bits(operands[0], format.fraction, format.exponent);
	s64 b = (s64)bits(operands[1], format.fraction, format.exponent);
	s64 c = uop->is_fma ? (s64)bits(operands[2], format.fraction, format.exponent) : 1;
	s64 limit = 2 * format.bias + 1; /* exponent of infinity and NaN */

	return a > 0 && b > 0 && a < limit && b < limit && c < limit && a + b < 3 * format.bias &&
	       a + b > format.bias;
}

u8 c906_fp_operand_timing(const struct c906_uop *uop, const struct c906_params *params,
			  const u64 *operands)
{
	if (uop->divides)
		return c906_fdsu_operand_timing(uop, params, operands);
	if (is_usual(uop, operands))
		return uop->stages;
	return (u8)(fmau_extra(uop, operands) << STAGES | fmau_stages(uop, operands));
}

void c906_fp_op(struct c906_fp_op *op, const struct c906_uop *uop, u8 timing)
{
	*op = (struct c906_fp_op){
		.valid = true, .load = uop->unit == C906_FLOAD,
		.store = uop->unit == C906_FSTORE, .divides = uop->divides,
		.reg = uop->rd, .stages = uop->stages,
	};
	for (unsigned n = 0; n < C906_SOURCES; n++)
		op->f[n] = uop->f[n];
	if (uop->multiplies) {
		op->stages = (u8)bits(timing, 0, STAGES);
		op->extra = (u8)(timing >> STAGES);
	} else if (uop->divides) {
		op->steps = (u8)bits(timing, 0, C906_FDSU_STEPS);
		op->prepares = (u8)(timing >> C906_FDSU_STEPS);
	}
}

bool c906_vpu_idle(const struct c906_vpu *vpu)
{
	bool busy = vpu->buffer.valid || vpu->fdsu != C906_FDSU_IDLE;

	for (unsigned n = 0; n < C906_VEX; n++)
		busy |= vpu->stage[n].valid;
	return !busy;
}

static bool is_integer(const struct c906_fp_op *op)
{
	return op->reg < C906_F;
}

static const struct c906_fp_op *c906_vpu_stage(const struct c906_vpu *vpu, unsigned n)
{
	return &vpu->stage[n - 1];
}

/* Returns whether the instruction in this stage, 3 to 5, ends there. */
static bool c906_vpu_ends(const struct c906_vpu *vpu, unsigned n)
{
	return c906_vpu_stage(vpu, n)->valid &&
	       (n == C906_VEX || c906_vpu_stage(vpu, n)->stages == n);
}

/*
 * Chooses the result that is written. The file has one port: loads come first, then divisions, then
 * the longest pipeline.
 */
void c906_vpu_request(const struct c906_vpu *vpu, struct c906_vpu_cycle *cycle)
{
	cycle->integer = c906_vpu_ends(vpu, FIRST_WRITE) &&
			 is_integer(c906_vpu_stage(vpu, FIRST_WRITE));
	if (cycle->integer && !cycle->rbus_busy)
		cycle->to_integer = c906_vpu_stage(vpu, FIRST_WRITE)->reg;
	if (cycle->loaded) {
		cycle->writing = cycle->loaded;
		return;
	}
	if (vpu->fdsu == C906_FDSU_RESULT) {
		cycle->writing = vpu->fdsu_reg;
		return;
	}
	for (unsigned n = C906_VEX; n >= FIRST_WRITE; n--) {
		if (!c906_vpu_ends(vpu, n) || (n == FIRST_WRITE && cycle->integer))
			continue;
		cycle->writing = c906_vpu_stage(vpu, n)->reg;
		return;
	}
}

/* Finds out which stages have to wait, from the last one on. */
static void find_stalls(const struct c906_vpu *vpu, struct c906_vpu_cycle *cycle)
{
	bool taken = cycle->loaded || vpu->fdsu == C906_FDSU_RESULT, stalls = false;

	for (unsigned n = C906_VEX; n >= FIRST_WRITE; n--) {
		bool writes = c906_vpu_ends(vpu, n), refused = taken;

		if (n == FIRST_WRITE && cycle->integer)
			refused = cycle->rbus_busy;
		else
			taken |= writes;
		stalls = c906_vpu_stage(vpu, n)->valid && (writes ? refused : stalls);
		cycle->stalls[n - 1] = stalls;
	}
	cycle->stalls[1] = c906_vpu_stage(vpu, 2)->valid && stalls;
	cycle->stalls[0] = c906_vpu_stage(vpu, 1)->valid &&
			   (c906_vpu_stage(vpu, 1)->extra ||
			    (c906_vpu_stage(vpu, 1)->divides ? vpu->fdsu != C906_FDSU_IDLE :
							       cycle->stalls[1]));
}

/* Returns whether the register's value is in the file, or on its way there. */
static bool is_valid(const struct c906_vpu *vpu, const struct c906_vpu_cycle *cycle, u8 reg)
{
	if (!c906_vpu_waits(vpu, reg))
		return true;
	return !(vpu->twice >> reg & 1) && (vpu->written == reg || cycle->loaded == reg);
}

static bool is_second_load(const struct c906_vpu *vpu, u8 reg)
{
	return vpu->by_load & vpu->twice & BIT(reg);
}

static bool has_operands(const struct c906_vpu *vpu, const struct c906_vpu_cycle *cycle,
			 const struct c906_fp_op *op)
{
	for (unsigned n = 0; n < C906_SOURCES; n++) {
		u8 reg = op->f[n];
		bool forwards = cycle->writing == reg || (n == C906_DATA && op->store);

		if (reg && !is_valid(vpu, cycle, reg) && (!forwards || is_second_load(vpu, reg)))
			return false;
	}
	return true;
}

/*
 * Returns whether the register that an operation writes allows it to begin. If a result for it is
 * still to come, only a load may begin, after one load.
 */
static bool may_write(const struct c906_vpu *vpu, const struct c906_vpu_cycle *cycle,
		      const struct c906_fp_op *op)
{
	u8 reg = op->reg;

	if (reg < C906_F || is_valid(vpu, cycle, reg))
		return true;
	return op->load && vpu->by_load & ~vpu->twice & BIT(reg);
}

/* Returns a register as a set; the set is empty for no register, and for an integer one. */
static u64 set_of(u8 reg)
{
	return reg >= C906_F && reg < C906_REGS ? BIT(reg) : 0;
}

static void note_writes(struct c906_vpu *vpu, const struct c906_vpu_cycle *cycle)
{
	u64 comes = vpu->waits & (set_of(vpu->written) | set_of(cycle->loaded));

	vpu->waits &= ~comes | vpu->twice;
	vpu->twice &= ~comes;
	vpu->written = cycle->loaded ? 0 : cycle->writing;
	vpu->forwarded = cycle->writing;
}

static void step_fdsu(struct c906_vpu *vpu, bool port_taken)
{
	switch (vpu->fdsu) {
	case C906_FDSU_ITERATE:
		if (--vpu->fdsu_count)
			break;
		vpu->fdsu = C906_FDSU_ROUND;
		vpu->fdsu_count = ROUND_CYCLES;
		break;
	case C906_FDSU_ROUND:
		if (!--vpu->fdsu_count)
			vpu->fdsu = C906_FDSU_RESULT;
		break;
	case C906_FDSU_RESULT:
		if (!port_taken)
			vpu->fdsu = C906_FDSU_IDLE;
		break;
	default:
		break;
	}
}

static void start_fdsu(struct c906_vpu *vpu, struct c906_fp_op *op)
{
	vpu->fdsu = C906_FDSU_ITERATE;
	vpu->fdsu_count = op->steps + op->prepares;
	vpu->fdsu_reg = op->reg;
	op->valid = false;
}

static void move_stages(struct c906_vpu *vpu, const struct c906_vpu_cycle *cycle)
{
	bool ended[C906_VEX];

	for (unsigned n = 0; n < C906_VEX; n++)
		ended[n] = n + 1 >= FIRST_WRITE && c906_vpu_ends(vpu, n + 1);
	for (int n = C906_VEX - 1; n > 0; n--) {
		struct c906_fp_op *from = &vpu->stage[n - 1], *to = &vpu->stage[n];

		if (to->valid && ended[n] && !cycle->stalls[n])
			to->valid = false;
		if (to->valid || !from->valid || cycle->stalls[n - 1] || ended[n - 1])
			continue;
		if (n == 1 && from->divides) {
			start_fdsu(vpu, from);
			continue;
		}
		*to = *from;
		from->valid = false;
	}
	if (vpu->stage[0].extra)
		vpu->stage[0].extra--;
}

static void c906_vpu_reserve(struct c906_vpu *vpu, const struct c906_vpu_cycle *cycle,
			     const struct c906_fp_op *op)
{
	u64 set = set_of(op->reg);

	if (!(vpu->waits & set))
		vpu->twice &= ~set;
	else if (op->load)
		vpu->twice = cycle->loaded == op->reg ? vpu->twice & ~set : vpu->twice | set;
	vpu->waits |= set;
	vpu->by_load = op->load ? vpu->by_load | set : vpu->by_load & ~set;
}

/* Returns whether the units are empty, and nothing enters them. */
static bool c906_vpu_rests(const struct c906_vpu *vpu, const struct c906_vpu_cycle *cycle)
{
	return c906_vpu_idle(vpu) && !cycle->entering.valid && !cycle->writing && !cycle->flush &&
	       !vpu->written && !vpu->forwarded;
}

void c906_vpu_step(struct c906_vpu *vpu, struct c906_vpu_cycle *cycle)
{
	struct c906_fp_op op;
	bool goes;

	if (c906_vpu_rests(vpu, cycle))
		return;
	op = vpu->buffer.valid ? vpu->buffer : cycle->entering;
	find_stalls(vpu, cycle);
	goes = op.valid && !cycle->stalls[0] && has_operands(vpu, cycle, &op) &&
	       may_write(vpu, cycle, &op);
	if (cycle->flush)
		vpu->waits = vpu->twice = 0;
	note_writes(vpu, cycle);
	/* The divider releases the port before the instruction in VEX1 needs it. */
	step_fdsu(vpu, cycle->loaded);
	move_stages(vpu, cycle);
	if (goes) {
		if (!op.load && !op.store)
			vpu->stage[0] = op;
		c906_vpu_reserve(vpu, cycle, &op);
		vpu->buffer.valid = false;
	} else if (op.valid && !vpu->buffer.valid) {
		vpu->buffer = op;
	}
}

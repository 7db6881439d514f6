/* SPDX-License-Identifier: MIT */
/*
 * Computes the work of a vector instruction for the unit: its operands, groups, costs and requests.
 * See vector.h.
 */
#include "cpu/timing/inorder/vector/vector.h"

/*
 * The most registers of an operand. Numbers in records may have any value, so the groups are
 * limited by this.
 */
#define REGISTERS_MOST 8

static u64 round_up(u64 value, u64 unit)
{
	return (value + unit - 1) / unit;
}

/* Returns log2 of the number of bits of an operand's elements, which is at most 6. */
static unsigned width_of(const struct insn *insn, enum vector_eew kind, u64 vtype)
{
	return MIN(vector_eew(insn, kind, vtype), 6);
}

/* Returns how many groups an operand of the instruction has. */
static unsigned groups_of(const struct inorder_params *params, const struct insn *insn,
			  enum vector_eew kind, u64 elements, u64 vtype)
{
	u64 most = REGISTERS_MOST * inorder_vector_in_register(params);

	switch (kind) {
	case EEW_NONE:
		return 0;
	case EEW_ELEMENT:
	case EEW_WIDE_ELEMENT:
		return 1;
	case EEW_WHOLE:
		return (unsigned)MIN(vector_whole_count(insn) * inorder_vector_in_register(params),
				     most);
	default:
		elements <<= width_of(insn, kind, vtype);
		return (unsigned)MIN(round_up(elements, params->vector_dlen), most);
	}
}

/* Returns the number of groups of all fields of a segment. Each field has registers of its own. */
static unsigned groups_of_fields(const struct inorder_params *params, unsigned fields,
				 unsigned groups)
{
	unsigned in_register = inorder_vector_in_register(params);
	u64 all = fields * round_up(groups, in_register) * in_register;

	return (unsigned)MIN(all, REGISTERS_MOST * in_register);
}

static void set_operands(const struct inorder_params *params, u64 vtype,
			 struct inorder_vector_work *work)
{
	const struct insn *insn = &work->insn;
	const struct vector_shape *shape = vector_shape(insn->op);
	struct inorder_vector_operand *operand = work->operand;
	const u8 kinds[] = { shape->d, shape->a, shape->b };
	const u8 first[] = { (u8)bits(insn->raw, 7, 5), (u8)bits(insn->raw, 20, 5),
			     (u8)bits(insn->raw, 15, 5) };
	unsigned fields = vector_nf(insn);

	for (unsigned n = 0; n < ARRAY_SIZE(kinds); n++) {
		operand[n].first = first[n];
		operand[n].groups = groups_of(params, insn, kinds[n], work->elements, vtype);
		work->groups = MAX(work->groups, operand[n].groups);
	}
	if (fields > 1 && operand[INORDER_VECTOR_D].groups) {
		operand[INORDER_VECTOR_D].groups =
			groups_of_fields(params, fields, operand[INORDER_VECTOR_D].groups);
		work->groups = operand[INORDER_VECTOR_D].groups;
	}
	if (vector_is_masked(insn->raw))
		operand[INORDER_VECTOR_MASK].groups =
			groups_of(params, insn, EEW_MASK, work->elements, vtype);
	work->reads_d = shape->flags & SHAPE_READS_D;
	work->writes_d = shape->d != EEW_NONE && isa_ops[insn->op].class != CLASS_VSTORE;
	operand[INORDER_VECTOR_D].whole = shape->d == EEW_MASK || shape->d == EEW_ELEMENT ||
					  shape->d == EEW_WIDE_ELEMENT;
}

static void set_cost(struct inorder_vector_work *work, enum inorder_vector_sequencer sequencer,
		     u64 cost, u64 latency)
{
	work->sequencer = sequencer;
	work->cost = cost;
	work->latency = latency;
}

/* Makes `cost` that of an element, not that of a group. */
static void by_elements(const struct inorder_params *params, u64 vtype,
			struct inorder_vector_work *work)
{
	work->group_elements = MAX(params->vector_dlen >> width_of(&work->insn, EEW_SEW, vtype), 1);
}

/*
 * Counts the steps in which a reduction combines elements within a group, after it has combined the
 * groups into one.
 */
static void reduce(const struct inorder_params *params, u64 vtype, struct inorder_vector_work *work)
{
	u64 left = params->vector_dlen >> width_of(&work->insn, EEW_SEW, vtype);

	for (left = MIN(left, work->elements); left > 1; left = round_up(left, 2))
		work->folds++;
}

static bool is_ordered(unsigned op)
{
	return op == OP_vfredosum_vs || op == OP_vfwredosum_vs;
}

static void set_permutation(const struct inorder_params *params, u64 vtype,
			    struct inorder_vector_work *work)
{
	set_cost(work, INORDER_VECTOR_INTEGER, params->vector_permute,
		 params->vector_permute_latency);
	switch (work->insn.op) {
	case OP_vmv_x_s:
	case OP_vmv_s_x:
	case OP_vfmv_f_s:
	case OP_vfmv_s_f:
		set_cost(work, INORDER_VECTOR_INTEGER, params->vector_mask,
			 params->vector_mask_latency);
		break;
	case OP_vrgather_vv:
	case OP_vrgatherei16_vv:
	case OP_vrgather_vx:
	case OP_vrgather_vi:
		/* Any element of the source may be needed first. */
		work->operand[INORDER_VECTOR_A].whole = true;
		work->cost = params->vector_gather;
		by_elements(params, vtype, work);
		break;
	case OP_vcompress_vm:
		work->cost = params->vector_gather;
		by_elements(params, vtype, work);
		break;
	default:
		break;
	}
}

/*
 * Sets the cost of floating-point moves, sign injections and classifications. Some of them only
 * move or merge elements.
 */
static void set_fp_move(const struct inorder_params *params, u64 vtype,
			struct inorder_vector_work *work)
{
	switch (work->insn.op) {
	case OP_vfmv_f_s:
	case OP_vfmv_s_f:
	case OP_vfslide1up_vf:
	case OP_vfslide1down_vf:
		set_permutation(params, vtype, work);
		break;
	case OP_vfmerge_vfm:
	case OP_vfmv_v_f:
		set_cost(work, INORDER_VECTOR_INTEGER, params->vector_alu,
			 params->vector_alu_latency);
		break;
	default:
		set_cost(work, INORDER_VECTOR_FP, params->vector_convert,
			 params->vector_convert_latency);
	}
}

static void set_reduction(const struct inorder_params *params, u64 vtype,
			  struct inorder_vector_work *work)
{
	if (isa_ops[work->insn.op].class == CLASS_VREDUCE)
		set_cost(work, INORDER_VECTOR_INTEGER, params->vector_reduce,
			 params->vector_alu_latency);
	else
		set_cost(work, INORDER_VECTOR_FP, params->vector_freduce,
			 params->vector_fp_latency);
	if (is_ordered(work->insn.op))
		by_elements(params, vtype, work);
	else
		reduce(params, vtype, work);
}

static void set_arithmetic(const struct inorder_params *params, u64 vtype,
			   struct inorder_vector_work *work)
{
	switch (isa_ops[work->insn.op].class) {
	case CLASS_VMUL:
		set_cost(work, INORDER_VECTOR_FP, params->vector_mul, params->vector_mul_latency);
		break;
	case CLASS_VDIV:
		set_cost(work, INORDER_VECTOR_INTEGER, params->vector_div,
			 params->vector_alu_latency);
		by_elements(params, vtype, work);
		break;
	case CLASS_VFADD:
	case CLASS_VFMUL:
		set_cost(work, INORDER_VECTOR_FP, params->vector_fp, params->vector_fp_latency);
		break;
	case CLASS_VFDIV:
		set_cost(work, INORDER_VECTOR_FP, params->vector_fdiv, params->vector_alu_latency);
		by_elements(params, vtype, work);
		break;
	case CLASS_VFCVT:
		set_cost(work, INORDER_VECTOR_FP, params->vector_convert,
			 params->vector_convert_latency);
		break;
	case CLASS_VMASK:
		set_cost(work, INORDER_VECTOR_INTEGER, params->vector_mask,
			 params->vector_mask_latency);
		break;
	case CLASS_VCRYPTO:
		set_cost(work, INORDER_VECTOR_INTEGER, params->vector_crypto,
			 params->vector_alu_latency);
		break;
	default:
		set_cost(work, INORDER_VECTOR_INTEGER, params->vector_alu,
			 params->vector_alu_latency);
	}
}

static void set_costs(const struct inorder_params *params, u64 vtype,
		      struct inorder_vector_work *work)
{
	switch (isa_ops[work->insn.op].class) {
	case CLASS_VLOAD:
		set_cost(work, INORDER_VECTOR_LOADS, 1, params->vector_load_latency);
		break;
	case CLASS_VSTORE:
		set_cost(work, INORDER_VECTOR_STORES, 1, 1);
		break;
	case CLASS_VFMOVE:
		set_fp_move(params, vtype, work);
		break;
	case CLASS_VREDUCE:
	case CLASS_VFREDUCE:
		set_reduction(params, vtype, work);
		break;
	case CLASS_VPERM:
		set_permutation(params, vtype, work);
		break;
	default:
		set_arithmetic(params, vtype, work);
	}
	if (work->sequencer == INORDER_VECTOR_FP && params->vector_sequencers == INORDER_SEQUENCER)
		work->sequencer = INORDER_VECTOR_INTEGER;
}

void inorder_vector_work(const struct inorder_params *params, const struct insn *insn, u64 vl,
			 u64 vtype, struct inorder_vector_work *work)
{
	*work = (struct inorder_vector_work){
		.insn = *insn,
		.elements = MIN(vl, params->vector_vlen),
	};
	set_operands(params, vtype, work);
	set_costs(params, vtype, work);
}

static u64 bytes_of(const struct inorder_params *params, const struct insn *insn, u64 elements,
		    u64 vtype)
{
	switch (vector_shape(insn->op)->d) {
	case EEW_WHOLE:
		return vector_whole_count(insn) * params->vector_vlen / 8;
	case EEW_MASK:
		return round_up(elements, 8);
	default:
		return elements * vector_nf(insn)
		       << (width_of(insn, vector_shape(insn->op)->d, vtype) - 3);
	}
}

struct inorder_vector_reach inorder_vector_reach_of(const struct inorder_params *params,
						    const struct insn *insn, const u64 operand[3])
{
	u64 elements = MIN(operand[0], params->vector_vlen), fields = vector_nf(insn);
	struct inorder_vector_reach reach = {
		.pieces = 1,
		.size = bytes_of(params, insn, elements, operand[2]),
		.cost = fields > 1 ? elements * params->vector_segment : 0,
		.store = isa_ops[insn->op].class == CLASS_VSTORE,
	};
	u8 format = isa_ops[insn->op].format;

	if (format != FORMAT_VSTRIDED && format != FORMAT_VINDEXED)
		return reach;
	reach.pieces = elements;
	reach.size = bytes_of(params, insn, 1, operand[2]);
	reach.stride = operand[1];
	reach.indexed = format == FORMAT_VINDEXED;
	reach.cost = format == FORMAT_VSTRIDED ? params->vector_strided : params->vector_indexed;
	return reach;
}

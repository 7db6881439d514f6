/* SPDX-License-Identifier: MIT */
/* The vector unit's registers, and when they can be accessed. */
#include "cpu/csr/csr_impl.h"
#include "cpu/csr/fast.h"

struct denied_by csr_vector_denied_by(const struct hart *hart)
{
	return denied_by_clear(hart->mstatus & MSTATUS_VS ? CSR_VSSTATUS : CSR_MSTATUS, MSTATUS_VS);
}

struct csr_refusal gate_vector(const struct hart *hart, struct csr_request request)
{
	bool on = hart->block_key & BLOCK_KEY_V;

	(void)request;
	return csr_denied_by(csr_illegal(on ? REASON_none : REASON_csr_vector_off),
			     csr_vector_denied_by(hart));
}

/* Any write of a vector CSR makes the state dirty, even if it changes nothing. */
void effect_vector(struct hart *hart)
{
	csr_vector_dirty(hart);
}

/* vstart can hold every index of an element. A register group has at most VLEN elements. */
u64 legal_vstart(const struct hart *hart, u16 number, u64 old, u64 value)
{
	(void)number;
	(void)old;
	return value & (hart->vector.vlenb * 8ull - 1);
}

u64 legal_vxsat(const struct hart *hart, u16 number, u64 old, u64 value)
{
	(void)hart;
	(void)number;
	(void)old;
	return value & 1;
}

u64 legal_vxrm(const struct hart *hart, u16 number, u64 old, u64 value)
{
	(void)hart;
	(void)number;
	(void)old;
	return value & 3;
}

u64 read_vcsr(struct hart *hart, u16 number)
{
	(void)number;
	return (u64)hart->vector.vxrm << 1 | hart->vector.vxsat;
}

void write_vcsr(struct hart *hart, u16 number, u64 value)
{
	(void)number;
	hart->vector.vxsat = value & 1;
	hart->vector.vxrm = value >> 1 & 3;
	csr_vector_dirty(hart);
}

u64 read_vl(struct hart *hart, u16 number)
{
	(void)number;
	return hart->vector.vl;
}

u64 read_vtype(struct hart *hart, u16 number)
{
	(void)number;
	return hart->vector.vtype;
}

u64 read_vlenb(struct hart *hart, u16 number)
{
	(void)number;
	return hart->vector.vlenb;
}

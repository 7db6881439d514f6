/* SPDX-License-Identifier: MIT */
/* The names of the fields that can deny an instruction. */
#include "cpu/hart/denied_by.h"

#include "cpu/csr/csr.h"
#include "cpu/hart/aia.h"
#include "cpu/hart/exception.h"

#include <stdio.h>

struct field {
	u16 csr;
	u64 mask;
	const char *name;
};

/* The table has M-mode's registers only, if a register exists for several levels. */
static const struct field fields[] = {
	{ CSR_MSTATUS, MSTATUS_FS, "FS" },
	{ CSR_MSTATUS, MSTATUS_VS, "VS" },
	{ CSR_MSTATUS, MSTATUS_TVM, "TVM" },
	{ CSR_MSTATUS, MSTATUS_TW, "TW" },
	{ CSR_MSTATUS, MSTATUS_TSR, "TSR" },
	{ CSR_HSTATUS, HSTATUS_HU, "HU" },
	{ CSR_HSTATUS, HSTATUS_VGEIN, "VGEIN" },
	{ CSR_HSTATUS, HSTATUS_VTVM, "VTVM" },
	{ CSR_HSTATUS, HSTATUS_VTW, "VTW" },
	{ CSR_HSTATUS, HSTATUS_VTSR, "VTSR" },
	{ CSR_MENVCFG, MENVCFG_SSE, "SSE" },
	{ CSR_MENVCFG, MENVCFG_CBIE, "CBIE" },
	{ CSR_MENVCFG, MENVCFG_CBCFE, "CBCFE" },
	{ CSR_MENVCFG, MENVCFG_CBZE, "CBZE" },
	{ CSR_MENVCFG, MENVCFG_CDE, "CDE" },
	{ CSR_MENVCFG, MENVCFG_STCE, "STCE" },
	{ CSR_MSECCFG, MSECCFG_USEED, "USEED" },
	{ CSR_MSECCFG, MSECCFG_SSEED, "SSEED" },
	{ CSR_MSTATEEN0, STATEEN_JVT, "JVT" },
	{ CSR_MSTATEEN0, STATEEN_CONTEXT, "CONTEXT" },
	{ CSR_MSTATEEN0, STATEEN_IMSIC, "IMSIC" },
	{ CSR_MSTATEEN0, STATEEN_AIA, "AIA" },
	{ CSR_MSTATEEN0, STATEEN_CSRIND, "CSRIND" },
	{ CSR_MSTATEEN0, STATEEN_ENVCFG, "ENVCFG" },
	{ CSR_MSTATEEN0, STATEEN_SE, "SE" },
	{ CSR_MCOUNTEREN, COUNTEREN_CY, "CY" },
	{ CSR_MCOUNTEREN, COUNTEREN_TM, "TM" },
	{ CSR_MCOUNTEREN, COUNTEREN_IR, "IR" },
	{ CSR_HVICTL, HVICTL_VTI, "VTI" },
};

/* Returns the register under which the table has the fields of this one. */
static u16 denied_by_speaker(u16 csr)
{
	static const u16 same[][2] = {
		{ CSR_VSSTATUS, CSR_MSTATUS },	    { CSR_HENVCFG, CSR_MENVCFG },
		{ CSR_SENVCFG, CSR_MENVCFG },	    { CSR_HCOUNTEREN, CSR_MCOUNTEREN },
		{ CSR_SCOUNTEREN, CSR_MCOUNTEREN },
	};
	u16 stateens = csr & ~3;

	if (stateens == CSR_MSTATEEN0 || stateens == CSR_HSTATEEN0 || stateens == CSR_SSTATEEN0)
		return CSR_MSTATEEN0;
	for (unsigned n = 0; n < ARRAY_SIZE(same); n++)
		if (same[n][0] == csr)
			return same[n][1];
	return csr;
}

static const struct field *denied_by_find(struct denied_by denied_by)
{
	for (unsigned n = 0; n < ARRAY_SIZE(fields); n++)
		if (fields[n].csr == denied_by_speaker(denied_by.csr) &&
		    (unsigned)__builtin_ctzll(fields[n].mask) == denied_by.bit)
			return &fields[n];
	return NULL;
}

u64 denied_by_mask(struct denied_by denied_by)
{
	const struct field *field = denied_by_find(denied_by);

	return field ? field->mask : BIT(denied_by.bit);
}

void denied_by_name(struct denied_by denied_by, char *text, size_t size)
{
	const struct field *field = denied_by_find(denied_by);
	char csr[CSR_NAME_MAX];

	if (size)
		text[0] = 0;
	if (!denied_by.csr || !csr_name(denied_by.csr, csr, sizeof(csr)))
		return;
	if (field)
		snprintf(text, size, "%s.%s=%u", csr, field->name, denied_by.set);
	else if (denied_by_speaker(denied_by.csr) == CSR_MCOUNTEREN)
		snprintf(text, size, "%s.HPM%u=%u", csr, denied_by.bit, denied_by.set);
	else
		snprintf(text, size, "%s[%u]=%u", csr, denied_by.bit, denied_by.set);
}

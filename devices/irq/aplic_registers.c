/* SPDX-License-Identifier: MIT */
/*
 * The memory-mapped control region of an APLIC domain. Registers have 32 bits, and can be accessed
 * only as a whole. Writes that set or clear bits of sources are decoded by a table of offsets,
 * accesses to a hart's interrupt delivery control by a switch, and all others by comparisons.
 */
#include "devices/irq/aplic_domain.h"

#define DOMAINCFG 0x0000
#define SOURCECFG 0x0004 /* of source 1 */
#define MMSIADDRCFG 0x1bc0
#define SMSIADDRCFGH 0x1bcc
#define SETIP 0x1c00
#define SETIPNUM 0x1cdc
#define IN_CLRIP 0x1d00
#define CLRIPNUM 0x1ddc
#define SETIE 0x1e00
#define SETIENUM 0x1edc
#define CLRIE 0x1f00
#define CLRIENUM 0x1fdc
#define SETIPNUM_LE 0x2000
#define SETIPNUM_BE 0x2004
#define GENMSI 0x3000
#define TARGET 0x3004 /* of source 1 */
#define IDC 0x4000
#define IDC_SIZE 0x20
#define IDC_IDELIVERY 0x00
#define IDC_IFORCE 0x04
#define IDC_ITHRESHOLD 0x08
#define IDC_TOPI 0x18
#define IDC_CLAIMI 0x1c

#define DOMAINCFG_FIXED 0x80000000u
#define DOMAINCFG_IE 0x100u
#define DOMAINCFG_DM 0x4u

static bool in_array(u64 offset, u64 first, unsigned count)
{
	return offset >= first && offset < first + 4ull * count;
}

static u32 rectified_word(const struct aplic_domain *domain, unsigned word)
{
	u32 value = 0;

	for (unsigned n = 0; n < 32; n++)
		value |= (u32)aplic_rectified(domain, word * 32 + n) << n;
	return value;
}

/*
 * Returns the field for mmsiaddrcfg, mmsiaddrcfgh, smsiaddrcfg or smsiaddrcfgh, which exist only
 * with MSIs in a machine-level domain; else NULL.
 */
static u32 *msiaddrcfg(struct aplic_domain *domain, u64 offset)
{
	struct aplic *aplic = domain->aplic;
	unsigned n = (unsigned)(offset - MMSIADDRCFG) / 4;

	if (!aplic->msi || aplic_level_of(domain) != APLIC_M)
		return NULL;
	return n % 2 ? &aplic->msiaddrcfgh[n / 2] : &aplic->msiaddrcfg[n / 2];
}

/*
 * Finds the hart whose interrupt delivery control (IDC) structure contains this offset. Returns
 * false if there is none.
 */
static bool idc_hart(const struct aplic_domain *domain, u64 offset, unsigned *hart)
{
	*hart = (unsigned)((offset - IDC) / IDC_SIZE);
	return offset >= IDC && !domain->aplic->msi && *hart < domain->aplic->harts;
}

static u32 read_idc(struct aplic_domain *domain, unsigned hart, u64 reg)
{
	u32 top;

	switch (reg) {
	case IDC_IDELIVERY:
		return domain->idelivery[hart];
	case IDC_IFORCE:
		return domain->iforce[hart];
	case IDC_ITHRESHOLD:
		return domain->ithreshold[hart];
	case IDC_TOPI:
		return aplic_topi(domain->aplic, aplic_level_of(domain), hart);
	case IDC_CLAIMI:
		top = aplic_claim(domain, hart);
		aplic_update(domain);
		return top;
	default:
		return 0;
	}
}

static u32 read_register(struct aplic_domain *domain, u64 offset)
{
	unsigned hart;

	if (in_array(offset, SOURCECFG, APLIC_SOURCES_MAX))
		return domain->sourcecfg[offset / 4];
	if (in_array(offset, TARGET, APLIC_SOURCES_MAX))
		return domain->target[(offset - GENMSI) / 4];
	if (in_array(offset, SETIP, APLIC_WORDS))
		return domain->pending[(offset - SETIP) / 4];
	if (in_array(offset, IN_CLRIP, APLIC_WORDS))
		return rectified_word(domain, (unsigned)(offset - IN_CLRIP) / 4);
	if (in_array(offset, SETIE, APLIC_WORDS))
		return domain->enabled[(offset - SETIE) / 4];
	if (in_array(offset, MMSIADDRCFG, 4))
		return msiaddrcfg(domain, offset) ? *msiaddrcfg(domain, offset) : 0;
	if (offset == DOMAINCFG)
		return DOMAINCFG_FIXED | (domain->ie ? DOMAINCFG_IE : 0) |
		       (domain->aplic->msi ? DOMAINCFG_DM : 0);
	if (offset == GENMSI)
		return domain->genmsi;
	return idc_hart(domain, offset, &hart) ? read_idc(domain, hart, offset % IDC_SIZE) : 0;
}

u32 aplic_legal_target(const struct aplic_domain *domain, u32 value)
{
	u32 mask = TARGET_HART | TARGET_EIID;

	if (!domain->aplic->msi)
		return (value & TARGET_HART) | MAX(value & IPRIO_MASK, 1u);
	if (aplic_level_of(domain) == APLIC_S)
		mask |= TARGET_GUEST;
	return value & mask;
}

static void write_msiaddrcfg(struct aplic_domain *domain, u64 offset, u32 value)
{
	static const u32 masks[] = { UINT32_MAX, MSIADDR_M_MASK, UINT32_MAX, MSIADDR_S_MASK };
	u32 *reg = msiaddrcfg(domain, offset);

	if (reg && !(domain->aplic->msiaddrcfgh[APLIC_M] & MSIADDR_L))
		*reg = value & masks[(offset - MMSIADDRCFG) / 4];
}

static void write_genmsi(struct aplic_domain *domain, u32 value)
{
	if (!domain->aplic->msi)
		return;
	domain->genmsi = value & (TARGET_HART | TARGET_EIID);
	aplic_send(domain, domain->genmsi);
}

static void write_idc(struct aplic_domain *domain, u64 offset, u32 value)
{
	unsigned hart;

	if (!idc_hart(domain, offset, &hart))
		return;
	switch (offset % IDC_SIZE) {
	case IDC_IDELIVERY:
		domain->idelivery[hart] = value & 1;
		break;
	case IDC_IFORCE:
		domain->iforce[hart] = value & 1;
		break;
	case IDC_ITHRESHOLD:
		domain->ithreshold[hart] = value & IPRIO_MASK;
		break;
	}
}

typedef void (*set_bit)(struct aplic_domain *domain, u64 source, bool value);

/*
 * Registers that set or clear bits of sources: those of 32 sources by a mask, or that of one source
 * by its number.
 */
static const struct bit_register {
	u64 words, number;
	set_bit set;
	bool value;
} bit_registers[] = {
	{ SETIP, SETIPNUM, aplic_set_pending, true },
	{ IN_CLRIP, CLRIPNUM, aplic_set_pending, false },
	{ SETIE, SETIENUM, aplic_set_enabled, true },
	{ CLRIE, CLRIENUM, aplic_set_enabled, false },
};

static bool write_bits(struct aplic_domain *domain, u64 offset, u32 value)
{
	for (unsigned n = 0; n < ARRAY_SIZE(bit_registers); n++) {
		const struct bit_register *reg = &bit_registers[n];

		if (offset == reg->number) {
			reg->set(domain, value, reg->value);
			return true;
		}
		if (!in_array(offset, reg->words, APLIC_WORDS))
			continue;
		for (; value; value &= value - 1)
			reg->set(domain, (offset - reg->words) * 8 + (unsigned)__builtin_ctz(value),
				 reg->value);
		return true;
	}
	return false;
}

static void write_register(struct aplic_domain *domain, u64 offset, u32 value)
{
	u64 source = (offset - GENMSI) / 4;

	if (write_bits(domain, offset, value))
		return;
	if (in_array(offset, SOURCECFG, APLIC_SOURCES_MAX))
		aplic_set_sourcecfg(domain, (unsigned)offset / 4, value);
	else if (in_array(offset, TARGET, APLIC_SOURCES_MAX) && aplic_active(domain, source))
		domain->target[source] = aplic_legal_target(domain, value);
	else if (in_array(offset, MMSIADDRCFG, 4))
		write_msiaddrcfg(domain, offset, value);
	else if (offset == DOMAINCFG)
		domain->ie = value & DOMAINCFG_IE;
	else if (offset == SETIPNUM_LE)
		aplic_set_pending(domain, value, true);
	else if (offset == SETIPNUM_BE)
		aplic_set_pending(domain, __builtin_bswap32(value), true);
	else if (offset == GENMSI)
		write_genmsi(domain, value);
	else
		write_idc(domain, offset, value);
}

static bool read(void *ctx, u64 offset, unsigned size, u64 *value)
{
	(void)size;
	*value = read_register(ctx, offset);
	return true;
}

static bool write(void *ctx, u64 offset, unsigned size, u64 value)
{
	(void)size;
	write_register(ctx, offset, (u32)value);
	aplic_update(ctx);
	return true;
}

const struct bus_ops aplic_ops = {
	.read = read,
	.write = write,
};

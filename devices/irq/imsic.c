/* SPDX-License-Identifier: MIT */
/*
 * The IMSIC (RISC-V Advanced Interrupt Architecture, chapter "Incoming MSI Controller"). Writing an
 * identity's number to the page of an interrupt file makes that identity pending. The number of
 * pages for each hart, and the number of harts, are rounded up to powers of two; pages without an
 * interrupt file read as zeros.
 *
 * The choices for WARL fields are those of QEMU's virt machine: eidelivery is 0 or 1, because an
 * APLIC next to an IMSIC never delivers interrupts directly, and eithreshold has 8 bits.
 */
#include "devices/irq/imsic.h"
#include "devices/fdt.h"

#include <errno.h>
#include <string.h>

#define SETEIPNUM_LE 0x0
#define SETEIPNUM_BE 0x4

#define EIDELIVERY 0x70
#define EITHRESHOLD 0x72
#define EIP 0x80
#define EIE 0xc0

/* Interrupt codes of mcause (privileged manual) */
#define IRQ_S_EXTERNAL 9
#define IRQ_M_EXTERNAL 11

/* Returns the number of bits that the numbers 0 to n - 1 need. */
static unsigned index_bits(unsigned n)
{
	return n > 1 ? 32 - (unsigned)__builtin_clz(n - 1) : 0;
}

static unsigned guest_bits(const struct imsic *imsic)
{
	return index_bits(imsic->guests + 1);
}

static u64 file_of(const struct imsic *imsic, u64 hart, unsigned file)
{
	assert(hart < imsic->harts && file <= IMSIC_FILE_S + imsic->guests);
	return hart * IMSIC_FILES + file;
}

static u64 word_mask(unsigned word)
{
	return word ? UINT64_MAX : ~1ull; /* there is no identity 0 */
}

/*
 * Returns the lowest identity that is pending and enabled, or 0 if there is none, or if it is not
 * below a threshold other than 0.
 */
static u32 top_of(const struct imsic *imsic, u64 file)
{
	const u64 *pending = &imsic->pending[file * IMSIC_WORDS];
	const u64 *enabled = &imsic->enabled[file * IMSIC_WORDS];
	u32 threshold = imsic->threshold[file];

	for (unsigned word = 0; word < IMSIC_WORDS; word++) {
		u64 both = pending[word] & enabled[word];
		u32 identity = word * 64 + (both ? (u32)__builtin_ctzll(both) : 0);

		if (both)
			return threshold && identity >= threshold ? 0 : identity;
	}
	return 0;
}

bool imsic_may_signal(const struct imsic *imsic, unsigned hart, unsigned file)
{
	u64 at = file_of(imsic, hart, file);
	const u64 *enabled = &imsic->enabled[at * IMSIC_WORDS];
	u64 any = 0;

	for (unsigned word = 0; word < IMSIC_WORDS; word++)
		any |= enabled[word];
	return any && imsic->delivery[at];
}

static void drive(struct imsic *imsic, u64 file)
{
	irq_set(imsic->outputs[file], imsic->delivery[file] && top_of(imsic, file));
}

static void set_pending(struct imsic *imsic, u64 file, u32 identity, bool value)
{
	u64 *word = &imsic->pending[file * IMSIC_WORDS + identity / 64];

	*word = (*word & ~BIT(identity % 64)) | (u64)value << identity % 64;
	drive(imsic, file);
}

/* Handles a write to the page of an interrupt file. */
static void arrive(struct imsic *imsic, u64 file, u64 offset, u32 data)
{
	if (offset == SETEIPNUM_BE)
		data = __builtin_bswap32(data);
	else if (offset != SETEIPNUM_LE)
		return;
	if (data && data <= IMSIC_IDENTITIES)
		set_pending(imsic, file, data, true);
}

/*
 * Finds the interrupt file whose page is at this offset in the region of the M-mode or the S-mode
 * files. Returns false if there is no file.
 */
static bool page_file(const struct imsic *imsic, bool supervisor, u64 offset, u64 *file)
{
	unsigned shift = PAGE_SHIFT + (supervisor ? guest_bits(imsic) : 0);
	u64 hart = offset >> shift, guest = offset >> PAGE_SHIFT & (BIT(shift - PAGE_SHIFT) - 1);

	if (hart >= imsic->harts || guest > imsic->guests)
		return false;
	*file = file_of(imsic, hart, (supervisor ? IMSIC_FILE_S : IMSIC_FILE_M) + (unsigned)guest);
	return true;
}

static u64 region_size(const struct imsic *imsic, bool supervisor)
{
	return PAGE_SIZE << (index_bits(imsic->harts) + (supervisor ? guest_bits(imsic) : 0));
}

void imsic_msi(void *ctx, u64 addr, u32 data)
{
	struct imsic *imsic = ctx;
	bool supervisor = addr >= imsic->s_base;
	u64 offset = addr - (supervisor ? imsic->s_base : imsic->m_base), file;

	if (offset < region_size(imsic, supervisor) && !(addr & 3) &&
	    page_file(imsic, supervisor, offset, &file))
		arrive(imsic, file, offset % PAGE_SIZE, data);
	else
		log_line(&imsic->platform->log, LOG_GUEST_ERRORS,
			 "imsic: an MSI to 0x%llx, which is no interrupt file", addr);
}

static bool page_read(void *ctx, u64 offset, unsigned size, u64 *value)
{
	(void)ctx;
	(void)offset;
	(void)size;
	*value = 0;
	return true;
}

static bool write_page(struct imsic *imsic, bool supervisor, u64 offset, u32 value)
{
	u64 file;

	if (page_file(imsic, supervisor, offset, &file))
		arrive(imsic, file, offset % PAGE_SIZE, value);
	return true;
}

static bool m_write(void *ctx, u64 offset, unsigned size, u64 value)
{
	(void)size;
	return write_page(ctx, false, offset, (u32)value);
}

static bool s_write(void *ctx, u64 offset, unsigned size, u64 value)
{
	(void)size;
	return write_page(ctx, true, offset, (u32)value);
}

static const struct bus_ops m_ops = {
	.read = page_read,
	.write = m_write,
};

static const struct bus_ops s_ops = {
	.read = page_read,
	.write = s_write,
};

/*
 * Returns the word of eip or eie that `select` selects, or NULL for eidelivery, eithreshold and
 * registers that read as zero.
 */
static u64 *array_word(struct imsic *imsic, u64 file, u16 select)
{
	u64 *array = select >= EIE ? imsic->enabled : imsic->pending;
	unsigned word = (select & 0x3f) / 2; /* with XLEN 64 only even numbers exist */

	return select >= EIP && word < IMSIC_WORDS ? &array[file * IMSIC_WORDS + word] : NULL;
}

bool imsic_read(void *ctx, unsigned file, u16 select, u64 *value)
{
	const struct imsic_side *side = ctx;
	struct imsic *imsic = side->imsic;
	u64 at = file_of(imsic, side->hart, file);
	const u64 *word = array_word(imsic, at, select);

	if (select >= EIP && (select & 1))
		return false;
	*value = word ? *word : 0;
	if (select == EIDELIVERY)
		*value = imsic->delivery[at];
	if (select == EITHRESHOLD)
		*value = imsic->threshold[at];
	return true;
}

bool imsic_write(void *ctx, unsigned file, u16 select, u64 value)
{
	const struct imsic_side *side = ctx;
	struct imsic *imsic = side->imsic;
	u64 at = file_of(imsic, side->hart, file);
	u64 *word = array_word(imsic, at, select);

	if (select >= EIP && (select & 1))
		return false;
	if (word)
		*word = value & word_mask((select & 0x3f) / 2);
	if (select == EIDELIVERY)
		imsic->delivery[at] = value & 1;
	if (select == EITHRESHOLD)
		imsic->threshold[at] = (u8)value;
	drive(imsic, at);
	return true;
}

u32 imsic_topei(void *ctx, unsigned file)
{
	const struct imsic_side *side = ctx;
	u32 top = top_of(side->imsic, file_of(side->imsic, side->hart, file));

	return top << 16 | top;
}

void imsic_claim(void *ctx, unsigned file)
{
	const struct imsic_side *side = ctx;
	u64 at = file_of(side->imsic, side->hart, file);
	u32 top = top_of(side->imsic, at);

	if (top)
		set_pending(side->imsic, at, top, false);
}

static void imsic_update(struct imsic *imsic)
{
	for (u64 file = 0; file < ARRAY_SIZE(imsic->outputs); file++)
		drive(imsic, file);
}

static void imsic_reset(void *self)
{
	struct imsic *imsic = self;

	memset(imsic->pending, 0, sizeof(imsic->pending));
	memset(imsic->enabled, 0, sizeof(imsic->enabled));
	memset(imsic->threshold, 0, sizeof(imsic->threshold));
	memset(imsic->delivery, 0, sizeof(imsic->delivery));
	imsic_update(imsic);
}

static const struct state_field fields[] = {
	STATE_ARRAY(struct imsic, pending),
	STATE_ARRAY(struct imsic, enabled),
	STATE_ARRAY(struct imsic, threshold),
	STATE_ARRAY(struct imsic, delivery),
};

static int imsic_loaded(void *self)
{
	struct imsic *imsic = self;

	for (u64 file = 0; file < ARRAY_SIZE(imsic->outputs); file++) {
		bool exists = file / IMSIC_FILES < imsic->harts &&
			      file % IMSIC_FILES <= IMSIC_FILE_S + imsic->guests;
		u64 any = imsic->threshold[file] | imsic->delivery[file];

		for (unsigned word = 0; word < IMSIC_WORDS; word++) {
			u64 bits = imsic->pending[file * IMSIC_WORDS + word] |
				   imsic->enabled[file * IMSIC_WORDS + word];

			if (bits & ~word_mask(word))
				return -EINVAL;
			any |= bits;
		}
		if (any && !exists)
			return -EINVAL;
	}
	imsic_update(imsic);
	return 0;
}

static const struct state_type type = {
	.version = 1,
	.fields = fields,
	.count = ARRAY_SIZE(fields),
	.post_load = imsic_loaded,
};

int imsic_attach(struct imsic *imsic, struct platform *platform, const struct imsic_config *config)
{
	struct region region = { .min = 4, .max = 4, .exact = true, .ctx = imsic };
	int error;

	assert(config->harts && config->harts <= MAX_HARTS && config->guests <= IMSIC_GUESTS_MAX);
	assert(config->s_base > config->m_base);
	*imsic = (struct imsic){
		.platform = platform,
		.m_base = config->m_base,
		.s_base = config->s_base,
		.harts = config->harts,
		.guests = config->guests,
	};
	for (unsigned hart = 0; hart < MAX_HARTS; hart++)
		imsic->sides[hart] = (struct imsic_side){ imsic, hart };
	region.name = "imsic-m";
	region.base = config->m_base;
	region.size = region_size(imsic, false);
	region.ops = &m_ops;
	error = bus_attach(&platform->bus, &region);
	if (error)
		return error;
	region.name = "imsic-s";
	region.base = config->s_base;
	region.size = region_size(imsic, true);
	region.ops = &s_ops;
	error = bus_attach(&platform->bus, &region);
	if (error)
		return error;
	state_register(&platform->state, "imsic", &type, imsic);
	platform_on_reset(platform, imsic_reset, imsic);
	return 0;
}

void imsic_connect(struct imsic *imsic, unsigned hart, unsigned file, struct irq output)
{
	imsic->outputs[file_of(imsic, hart, file)] = output;
}

static u32 node(const struct imsic *imsic, struct fdt *fdt, const u32 *cpu_intc_phandles,
		bool supervisor)
{
	static const char *const compatible[] = { "qemu,imsics", "riscv,imsics" };
	unsigned bits = supervisor ? guest_bits(imsic) : 0;
	u64 base = supervisor ? imsic->s_base : imsic->m_base;
	u32 cells[2 * MAX_HARTS], phandle = fdt_new_phandle(fdt);

	for (unsigned hart = 0; hart < imsic->harts; hart++) {
		cells[2 * hart] = cpu_intc_phandles[hart];
		cells[2 * hart + 1] = supervisor ? IRQ_S_EXTERNAL : IRQ_M_EXTERNAL;
	}
	fdt_node(fdt, "interrupt-controller@%llx", base);
	fdt_u32(fdt, "phandle", phandle);
	if (bits)
		fdt_u32(fdt, "riscv,guest-index-bits", bits);
	fdt_u32(fdt, "riscv,num-ids", IMSIC_IDENTITIES);
	fdt_reg(fdt, base, imsic->harts * (PAGE_SIZE << bits));
	fdt_cells(fdt, "interrupts-extended", cells, 2 * imsic->harts);
	fdt_flag(fdt, "msi-controller");
	fdt_u32(fdt, "#msi-cells", 0);
	fdt_flag(fdt, "interrupt-controller");
	fdt_u32(fdt, "#interrupt-cells", 0);
	fdt_strings(fdt, "compatible", compatible, ARRAY_SIZE(compatible));
	fdt_end(fdt);
	return phandle;
}

void imsic_fdt(const struct imsic *imsic, struct fdt *fdt, const u32 *cpu_intc_phandles,
	       u32 *msi_phandles)
{
	msi_phandles[0] = node(imsic, fdt, cpu_intc_phandles, false);
	msi_phandles[1] = node(imsic, fdt, cpu_intc_phandles, true);
}

static void info_file(const struct imsic *imsic, u64 file, FILE *out)
{
	u32 top = top_of(imsic, file);

	fprintf(out, ": delivery %s, threshold %u, top %u;", imsic->delivery[file] ? "on" : "off",
		imsic->threshold[file], top);
	for (u32 identity = 1; identity <= IMSIC_IDENTITIES; identity++) {
		u64 word = file * IMSIC_WORDS + identity / 64;
		bool pending = imsic->pending[word] >> identity % 64 & 1;
		bool enabled = imsic->enabled[word] >> identity % 64 & 1;

		if (pending || enabled)
			fprintf(out, " %u%s%s", identity, enabled ? "+" : "", pending ? "!" : "");
	}
	fputc('\n', out);
}

void imsic_info(const struct imsic *imsic, FILE *out)
{
	fprintf(out, "imsic: %u identities, %u guest files per hart (+ enabled, ! pending)\n",
		IMSIC_IDENTITIES, imsic->guests);
	for (unsigned hart = 0; hart < imsic->harts; hart++) {
		fprintf(out, "  hart %u M", hart);
		info_file(imsic, file_of(imsic, hart, IMSIC_FILE_M), out);
		fprintf(out, "  hart %u S", hart);
		info_file(imsic, file_of(imsic, hart, IMSIC_FILE_S), out);
		for (unsigned guest = 1; guest <= imsic->guests; guest++) {
			fprintf(out, "  hart %u guest %u", hart, guest);
			info_file(imsic, file_of(imsic, hart, IMSIC_FILE_S + guest), out);
		}
	}
}

enum imsic_block imsic_blocks(const struct imsic *imsic, unsigned hart, unsigned file, u32 identity)
{
	u64 at = file_of(imsic, hart, file), word = at * IMSIC_WORDS + identity / 64;
	u64 bit = BIT(identity % 64);

	if (!(imsic->pending[word] & bit))
		return IMSIC_IDLE;
	if (!(imsic->enabled[word] & bit))
		return IMSIC_EIE;
	if (imsic->threshold[at] && identity >= imsic->threshold[at])
		return IMSIC_EITHRESHOLD;
	return imsic->delivery[at] ? IMSIC_DELIVERED : IMSIC_EIDELIVERY;
}

static void explain_identity(const struct imsic *imsic, unsigned hart, unsigned file, u32 identity,
			     FILE *out)
{
	static const char *const pins[] = { "MEIP", "SEIP", "its bit of hgeip" };
	enum imsic_block block = imsic_blocks(imsic, hart, file, identity);

	if (block == IMSIC_IDLE)
		return;
	if (file <= IMSIC_FILE_S)
		fprintf(out, "  IMSIC %c file", file == IMSIC_FILE_M ? 'M' : 'S');
	else
		fprintf(out, "  IMSIC guest file %u", file - IMSIC_FILE_S);
	fprintf(out, ": identity %u is pending: ", identity);
	switch (block) {
	case IMSIC_EIE:
		fprintf(out, "masked by eie[%u]=0\n", identity);
		break;
	case IMSIC_EITHRESHOLD:
		fprintf(out, "masked by eithreshold=%u\n",
			imsic->threshold[file_of(imsic, hart, file)]);
		break;
	case IMSIC_EIDELIVERY:
		fprintf(out, "masked by eidelivery=0\n");
		break;
	default:
		fprintf(out, "it drives %s\n", pins[MIN(file, 2u)]);
	}
}

void imsic_explain(const struct imsic *imsic, unsigned hart, FILE *out)
{
	for (unsigned file = 0; file <= IMSIC_FILE_S + imsic->guests; file++)
		for (u32 identity = 1; identity <= IMSIC_IDENTITIES; identity++)
			explain_identity(imsic, hart, file, identity, out);
}

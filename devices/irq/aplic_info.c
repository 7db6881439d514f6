/* SPDX-License-Identifier: MIT */
/* Writes the APLIC's device tree nodes, and prints its state for the monitor. */
#include "devices/irq/aplic_domain.h"

/* Interrupt codes of mcause (privileged manual). */
static const u32 external[APLIC_DOMAINS] = { [APLIC_M] = 11, [APLIC_S] = 9 };

/* Writes the delegation property under both of its names, QEMU's and that of the binding. */
static void delegation(const struct aplic *aplic, struct fdt *fdt, u32 child)
{
	const u32 cells[] = { child, 1, aplic->sources };

	fdt_u32(fdt, "riscv,children", child);
	fdt_cells(fdt, "riscv,delegate", cells, ARRAY_SIZE(cells));
	fdt_cells(fdt, "riscv,delegation", cells, ARRAY_SIZE(cells));
}

static void node(const struct aplic_domain *domain, struct fdt *fdt, const u32 *parents,
		 const u32 *phandles)
{
	static const char *const compatible[] = { "qemu,aplic", "riscv,aplic" };
	const struct aplic *aplic = domain->aplic;
	enum aplic_level level = aplic_level_of(domain);
	u32 cells[2 * MAX_HARTS];

	for (unsigned hart = 0; hart < aplic->harts && !aplic->msi; hart++) {
		cells[2 * hart] = parents[hart];
		cells[2 * hart + 1] = external[level];
	}
	fdt_node(fdt, "interrupt-controller@%llx", domain->base);
	fdt_u32(fdt, "phandle", phandles[level]);
	if (level == APLIC_M)
		delegation(aplic, fdt, phandles[APLIC_S]);
	fdt_u32(fdt, "riscv,num-sources", aplic->sources);
	fdt_reg(fdt, domain->base, APLIC_SIZE);
	if (aplic->msi)
		fdt_u32(fdt, "msi-parent", parents[level]);
	else
		fdt_cells(fdt, "interrupts-extended", cells, 2 * aplic->harts);
	fdt_flag(fdt, "interrupt-controller");
	fdt_u32(fdt, "#interrupt-cells", 2);
	fdt_u32(fdt, "#address-cells", 0);
	fdt_strings(fdt, "compatible", compatible, ARRAY_SIZE(compatible));
	fdt_end(fdt);
}

u32 aplic_fdt(const struct aplic *aplic, struct fdt *fdt, const u32 *parents)
{
	const u32 phandles[APLIC_DOMAINS] = { fdt_new_phandle(fdt), fdt_new_phandle(fdt) };

	node(&aplic->domains[APLIC_S], fdt, parents, phandles);
	node(&aplic->domains[APLIC_M], fdt, parents, phandles);
	return phandles[APLIC_S];
}

static void info_source(const struct aplic_domain *domain, unsigned source, FILE *out)
{
	static const char *const modes[8] = {
		"inactive", "detached", "?", "?", "rising edge", "falling edge", "high", "low",
	};
	u32 target = domain->target[source];

	if (!aplic_active(domain, source))
		return;
	fprintf(out, "  source %4u: %s, hart %u, ", source, modes[domain->sourcecfg[source]],
		target >> TARGET_HART_SHIFT);
	if (domain->aplic->msi)
		fprintf(out, "guest %u, identity %u", (unsigned)field_get(target, TARGET_GUEST),
			target & TARGET_EIID);
	else
		fprintf(out, "priority %u", target & IPRIO_MASK);
	fprintf(out, "%s%s%s\n", aplic_rectified(domain, source) ? ", asserted" : "",
		aplic_bit(domain->pending, source) ? ", pending" : "",
		aplic_bit(domain->enabled, source) ? ", enabled" : "");
}

static void info_hart(const struct aplic_domain *domain, unsigned hart, FILE *out)
{
	u32 top = aplic_topi(domain->aplic, aplic_level_of(domain), hart);

	fprintf(out, "  hart %u: delivery %s, threshold %u, top source %u%s\n", hart,
		domain->idelivery[hart] ? "on" : "off", domain->ithreshold[hart], top >> 16,
		domain->iforce[hart] ? ", forced" : "");
}

void aplic_info(const struct aplic *aplic, FILE *out)
{
	for (unsigned level = 0; level < APLIC_DOMAINS; level++) {
		const struct aplic_domain *domain = &aplic->domains[level];

		fprintf(out, "aplic %c: %u sources, %s, %s\n", level == APLIC_M ? 'M' : 'S',
			aplic->sources, aplic->msi ? "MSIs" : "direct", domain->ie ? "on" : "off");
		for (unsigned source = 1; source <= aplic->sources; source++)
			info_source(domain, source, out);
		for (unsigned hart = 0; hart < aplic->harts && !aplic->msi; hart++)
			info_hart(domain, hart, out);
	}
}

/* SPDX-License-Identifier: MIT */
/*
 * The devices of the RISC-V ACLINT specification. Their nodes are those that QEMU's virt machine
 * writes.
 */
#include "devices/irq/aclint.h"

#include "devices/fdt.h"

/* Offsets in the CLINT, and sizes of the devices there. */
#define MSWI_SIZE 0x4000
#define MTIMECMP 0x4000
#define MTIMECMP_SIZE 0x7ff8
#define MTIME 0xbff8
#define MTIME_SIZE 8

/* Interrupt codes of mcause (privileged manual) */
#define IRQ_S_SOFTWARE 1
#define IRQ_M_SOFTWARE 3
#define IRQ_M_TIMER 7

/* Reads SETSSIP, which is always 0. */
static bool sswi_read(void *ctx, u64 offset, unsigned size, u64 *value)
{
	(void)ctx;
	(void)offset;
	(void)size;
	*value = 0;
	return true;
}

/*
 * Writes SETSSIP. Writing 1 raises the hart's interrupt as an edge; writing 0 has no effect. Writes
 * for a hart that does not exist are ignored.
 */
static bool sswi_write(void *ctx, u64 offset, unsigned size, u64 value)
{
	struct aclint *aclint = ctx;
	u64 hart = offset / 4;

	(void)size;
	if (hart >= aclint->clint->harts)
		log_line(&aclint->platform->log, LOG_GUEST_ERRORS,
			 "sswi: write of nothing at offset 0x%llx", offset);
	else if (value & 1)
		irq_set(aclint->pins[hart], true);
	return true;
}

static const struct bus_ops sswi_ops = {
	.read = sswi_read,
	.write = sswi_write,
};

/*
 * The state has no fields: the presence of the entry distinguishes machines with an SSWI from
 * others.
 */
static const struct state_type aclint_type = { .version = 1 };

int aclint_attach(struct aclint *aclint, struct platform *platform, const struct clint *clint,
		  u64 base, bool has_sswi)
{
	const struct region region = {
		.name = "sswi",
		.base = base,
		.size = SSWI_SIZE,
		.min = 4,
		.max = 4,
		.exact = true,
		.ops = &sswi_ops,
		.ctx = aclint,
	};
	int error = has_sswi ? bus_attach(&platform->bus, &region) : 0;

	if (error)
		return error;
	*aclint = (struct aclint){ .clint = clint, .platform = platform, .has_sswi = has_sswi,
				   .base = base };
	state_register(&platform->state, "aclint", &aclint_type, aclint);
	return 0;
}

void aclint_connect(struct aclint *aclint, unsigned hart, struct irq pin)
{
	assert(hart < aclint->clint->harts);
	aclint->pins[hart] = pin;
}

static void interrupts(const struct aclint *aclint, struct fdt *fdt, u32 code, const u32 *phandles)
{
	u32 cells[MAX_HARTS * 2];

	for (unsigned hart = 0; hart < aclint->clint->harts; hart++) {
		cells[hart * 2] = phandles[hart];
		cells[hart * 2 + 1] = code;
	}
	fdt_cells(fdt, "interrupts-extended", cells, aclint->clint->harts * 2);
}

struct software {
	const char *name, *compatible;
	u64 base, size;
	u32 code;
};

static void software_node(const struct aclint *aclint, struct fdt *fdt, const struct software *node,
			  const u32 *phandles)
{
	fdt_node(fdt, "%s@%llx", node->name, node->base);
	fdt_u32(fdt, "#interrupt-cells", 0);
	fdt_flag(fdt, "interrupt-controller");
	interrupts(aclint, fdt, node->code, phandles);
	fdt_reg(fdt, node->base, node->size);
	fdt_str(fdt, "compatible", node->compatible);
	fdt_end(fdt);
}

static void timer_node(const struct aclint *aclint, struct fdt *fdt, const u32 *phandles)
{
	const u32 time = (u32)aclint->clint->base + MTIME;
	const u32 compare = (u32)aclint->clint->base + MTIMECMP;
	const u32 reg[] = { 0, time, 0, MTIME_SIZE, 0, compare, 0, MTIMECMP_SIZE };

	fdt_node(fdt, "mtimer@%x", compare);
	interrupts(aclint, fdt, IRQ_M_TIMER, phandles);
	fdt_cells(fdt, "reg", reg, ARRAY_SIZE(reg));
	fdt_str(fdt, "compatible", "riscv,aclint-mtimer");
	fdt_end(fdt);
}

void aclint_fdt(const struct aclint *aclint, struct fdt *fdt, const u32 *cpu_intc_phandles)
{
	const struct software mswi = { "mswi", "riscv,aclint-mswi", aclint->clint->base, MSWI_SIZE,
				       IRQ_M_SOFTWARE };
	const struct software sswi = { "sswi", "riscv,aclint-sswi", aclint->base, SSWI_SIZE,
				       IRQ_S_SOFTWARE };

	if (aclint->has_sswi)
		software_node(aclint, fdt, &sswi, cpu_intc_phandles);
	timer_node(aclint, fdt, cpu_intc_phandles);
	software_node(aclint, fdt, &mswi, cpu_intc_phandles);
}

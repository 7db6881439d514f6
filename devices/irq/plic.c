/* SPDX-License-Identifier: MIT */
/*
 * The PLIC (RISC-V Platform-Level Interrupt Controller Specification 1.0.0). If by_level is set,
 * gateways are level-triggered: a high line makes one request, which stays pending even if the line
 * falls, and the next request is made only after completion. By default by_level is not set; then,
 * as in QEMU, a request is made each time that a device drives its line high, even if the line is
 * high already, and a line that merely stays high makes none. A claim is not affected by the
 * threshold.
 */
#include "devices/irq/plic.h"
#include "devices/fdt.h"
#include "devices/irq/source_name.h"

#include <errno.h>
#include <string.h>

#define PENDING 0x1000 /* the priorities are at the offsets below this, from 0 */
#define ENABLE 0x2000
#define ENABLE_STRIDE 0x80
#define CONTEXT 0x200000
#define CONTEXT_STRIDE 0x1000
#define THRESHOLD 0x0
#define CLAIM 0x4

#define PRIORITY_MASK 7

/* After this many consecutive requests with the same cause, the driver is not merely late. */
#define STORM 100

#define IRQ_S_EXTERNAL 9 /* interrupt codes of mcause (privileged manual) */
#define IRQ_M_EXTERNAL 11

static bool plic_bit(const u32 *words, unsigned source)
{
	return words[source / 32] >> source % 32 & 1;
}

static void plic_set_bit(u32 *words, unsigned source, bool value)
{
	words[source / 32] &= ~(u32)BIT(source % 32);
	words[source / 32] |= (u32)value << source % 32;
}

/* Returns a mask of those of a word's 32 sources that exist. Source 0 never exists. */
static u32 plic_existing(const struct plic *plic, unsigned word)
{
	unsigned end = plic->sources + 1, first = word * 32;
	u32 existing = 0;

	if (end >= first + 32)
		existing = UINT32_MAX;
	else if (end > first)
		existing = (u32)BIT(end - first) - 1;
	return word ? existing : existing & ~1u;
}

static const u32 *plic_enable(const struct plic *plic, unsigned context)
{
	return &plic->enable[context * PLIC_WORDS];
}

/*
 * Returns the source that the context would claim: that of the highest priority and, among those,
 * of the lowest number; 0 if there is none.
 */
static unsigned plic_best(const struct plic *plic, unsigned context)
{
	const u32 *enable = plic_enable(plic, context);
	unsigned best = 0;

	for (unsigned word = 0; word <= plic->sources / 32; word++) {
		u32 waiting = plic->pending[word] & ~plic->claimed[word] & enable[word];

		for (; waiting; waiting &= waiting - 1) {
			unsigned source = word * 32 + (unsigned)__builtin_ctz(waiting);

			if (plic->priority[source] > plic->priority[best])
				best = source;
		}
	}
	return best;
}

bool plic_may_signal(const struct plic *plic, unsigned context)
{
	const u32 *enable = plic_enable(plic, context);

	for (unsigned source = 1; source <= plic->sources; source++)
		if (plic_bit(enable, source) && plic->priority[source] > plic->threshold[context])
			return true;
	return false;
}

static void plic_drive(struct plic *plic, unsigned context)
{
	u8 priority = plic->priority[plic_best(plic, context)];

	irq_set(plic->outputs[context], priority > plic->threshold[context]);
}

static void plic_update(struct plic *plic)
{
	for (unsigned context = 0; context < plic->contexts; context++)
		plic_drive(plic, context);
}

/*
 * Makes a request, as a level-triggered gateway does, if the line is high and the last request has
 * been completed.
 */
static void plic_gateway(struct plic *plic, unsigned source)
{
	if (plic_bit(plic->level, source) && !plic_bit(plic->claimed, source))
		plic_set_bit(plic->pending, source, true);
}

static void plic_set_level(void *ctx, unsigned source, bool level)
{
	struct plic *plic = ctx;
	bool same = plic_bit(plic->level, source) == level;

	if (plic->platform->state.rebuilding)
		return; /* lines and requests have both been loaded from a saved state */
	plic->unserved[source] = 0;
	if (same && (plic->by_level || !level))
		return;
	plic_set_bit(plic->level, source, level);
	if (plic->by_level)
		plic_gateway(plic, source);
	else if (level)
		plic_set_bit(plic->pending, source, true);
	plic_update(plic);
}

static unsigned plic_claim(struct plic *plic, unsigned context)
{
	unsigned source = plic_best(plic, context);

	if (source) {
		plic_set_bit(plic->pending, source, false);
		plic_set_bit(plic->claimed, source, true);
		plic_update(plic);
	}
	return source;
}

/*
 * Completes an interrupt. As the specification says ("Interrupt Completion"), this is ignored for a
 * source that is not enabled for the context.
 */
static void plic_complete(struct plic *plic, unsigned context, u64 source)
{
	if (source > plic->sources || !plic_bit(plic_enable(plic, context), (unsigned)source)) {
		log_line(&plic->platform->log, LOG_GUEST_ERRORS,
			 "plic: context %u completes source %llu, not enabled for it", context,
			 source);
		return;
	}
	plic_set_bit(plic->claimed, (unsigned)source, false);
	if (plic_bit(plic->level, (unsigned)source) && !plic_bit(plic->pending, (unsigned)source))
		plic->unserved[source]++;
	if (plic->by_level)
		plic_gateway(plic, (unsigned)source);
	plic_update(plic);
}

static void plic_misuse(struct plic *plic, const char *what, u64 offset)
{
	log_line(&plic->platform->log, LOG_GUEST_ERRORS, "plic: %s at offset 0x%llx", what, offset);
}

static u64 plic_read_context(struct plic *plic, u64 offset)
{
	unsigned context = (unsigned)((offset - CONTEXT) / CONTEXT_STRIDE);

	if (context < plic->contexts && offset % CONTEXT_STRIDE == THRESHOLD)
		return plic->threshold[context];
	if (context < plic->contexts && offset % CONTEXT_STRIDE == CLAIM)
		return plic_claim(plic, context);
	plic_misuse(plic, "read of nothing", offset);
	return 0;
}

static bool plic_read(void *ctx, u64 offset, unsigned size, u64 *value)
{
	struct plic *plic = ctx;
	u64 context = (offset - ENABLE) / ENABLE_STRIDE;

	(void)size;
	*value = 0;
	if (offset >= CONTEXT)
		*value = plic_read_context(plic, offset);
	else if (offset >= ENABLE && context < plic->contexts)
		*value = plic_enable(plic, (unsigned)context)[offset % ENABLE_STRIDE / 4];
	else if (offset >= PENDING && offset < PENDING + PLIC_WORDS * 4)
		*value = plic->pending[(offset - PENDING) / 4];
	else if (offset / 4 <= plic->sources)
		*value = plic->priority[offset / 4];
	else
		plic_misuse(plic, "read of nothing", offset);
	return true;
}

static void plic_write_context(struct plic *plic, u64 offset, u64 value)
{
	unsigned context = (unsigned)((offset - CONTEXT) / CONTEXT_STRIDE);

	if (context < plic->contexts && offset % CONTEXT_STRIDE == THRESHOLD) {
		plic->threshold[context] = value & PRIORITY_MASK;
		plic_drive(plic, context);
	} else if (context < plic->contexts && offset % CONTEXT_STRIDE == CLAIM) {
		plic_complete(plic, context, value);
	} else {
		plic_misuse(plic, "write of nothing", offset);
	}
}

static bool plic_write(void *ctx, u64 offset, unsigned size, u64 value)
{
	struct plic *plic = ctx;
	u64 context = (offset - ENABLE) / ENABLE_STRIDE;

	(void)size;
	if (offset >= CONTEXT) {
		plic_write_context(plic, offset, value);
	} else if (offset >= ENABLE && context < plic->contexts) {
		unsigned word = (unsigned)(offset % ENABLE_STRIDE / 4);

		plic->enable[context * PLIC_WORDS + word] = (u32)value & plic_existing(plic, word);
		plic_drive(plic, (unsigned)context);
	} else if (offset >= 4 && offset / 4 <= plic->sources) {
		plic->priority[offset / 4] = value & PRIORITY_MASK;
		plic_update(plic);
	} else {
		plic_misuse(plic, "write of nothing", offset);
	}
	return true;
}

static const struct bus_ops plic_ops = {
	.read = plic_read,
	.write = plic_write,
};

static const struct state_field plic_fields[] = {
	STATE_ARRAY(struct plic, level),    STATE_ARRAY(struct plic, pending),
	STATE_ARRAY(struct plic, claimed),  STATE_ARRAY(struct plic, enable),
	STATE_ARRAY(struct plic, priority), STATE_ARRAY(struct plic, threshold),
	STATE_FIELD(struct plic, by_level),
};

/* Refuses bits for a source or a context that does not exist. */
static int plic_loaded(void *self)
{
	struct plic *plic = self;

	for (unsigned word = 0; word < PLIC_WORDS; word++) {
		u32 set = plic->level[word] | plic->pending[word] | plic->claimed[word];

		for (unsigned context = 0; context < PLIC_CONTEXTS_MAX; context++)
			set |= plic_enable(plic, context)[word];
		if (set & ~plic_existing(plic, word))
			return -EINVAL;
	}
	for (unsigned source = 0; source <= PLIC_SOURCES_MAX; source++)
		if (plic->priority[source] > (source ? PRIORITY_MASK : 0))
			return -EINVAL;
	for (unsigned context = 0; context < PLIC_CONTEXTS_MAX; context++)
		if (plic->threshold[context] > PRIORITY_MASK)
			return -EINVAL;
	plic_update(plic);
	return 0;
}

static const struct state_type plic_type = {
	.version = 2,
	.fields = plic_fields,
	.count = ARRAY_SIZE(plic_fields),
	.fixed = 1, /* by_level */
	.post_load = plic_loaded,
};

/*
 * Resets all state, also the lines' levels: devices are reset after their controller, and drive
 * their lines again.
 */
static void plic_reset(void *self)
{
	struct plic *plic = self;

	memset(plic->level, 0, sizeof(plic->level));
	memset(plic->pending, 0, sizeof(plic->pending));
	memset(plic->claimed, 0, sizeof(plic->claimed));
	memset(plic->enable, 0, sizeof(plic->enable));
	memset(plic->priority, 0, sizeof(plic->priority));
	memset(plic->threshold, 0, sizeof(plic->threshold));
	memset(plic->unserved, 0, sizeof(plic->unserved));
	plic_update(plic);
}

int plic_attach(struct plic *plic, struct platform *platform, u64 base, unsigned sources,
		unsigned harts)
{
	const struct region region = {
		.name = "plic",
		.base = base,
		.size = PLIC_SIZE,
		.min = 4,
		.max = 4,
		.exact = true,
		.ops = &plic_ops,
		.ctx = plic,
	};
	int error = bus_attach(&platform->bus, &region);

	assert(sources && sources <= PLIC_SOURCES_MAX && harts && harts <= MAX_HARTS);
	if (error)
		return error;
	*plic = (struct plic){
		.platform = platform,
		.base = base,
		.sources = sources,
		.contexts = 2 * harts,
	};
	state_register(&platform->state, "plic", &plic_type, plic);
	platform_on_reset(platform, plic_reset, plic);
	return 0;
}

void plic_connect(struct plic *plic, unsigned context, struct irq output)
{
	assert(context < plic->contexts);
	plic->outputs[context] = output;
}

struct irq plic_irq(struct plic *plic, unsigned source)
{
	assert(source && source <= plic->sources);
	return (struct irq){ .set = plic_set_level, .ctx = plic, .num = source };
}

u32 plic_fdt(const struct plic *plic, struct fdt *fdt, const u32 *cpu_intc_phandles)
{
	static const char *const compatible[] = { "sifive,plic-1.0.0", "riscv,plic0" };
	u32 cells[PLIC_CONTEXTS_MAX * 2], phandle = fdt_new_phandle(fdt);

	for (unsigned context = 0; context < plic->contexts; context++) {
		cells[context * 2] = cpu_intc_phandles[context / 2];
		cells[context * 2 + 1] = context % 2 ? IRQ_S_EXTERNAL : IRQ_M_EXTERNAL;
	}
	fdt_node(fdt, "plic@%llx", plic->base);
	fdt_u32(fdt, "phandle", phandle);
	fdt_u32(fdt, "riscv,ndev", plic->sources);
	fdt_reg(fdt, plic->base, PLIC_SIZE);
	fdt_cells(fdt, "interrupts-extended", cells, plic->contexts * 2);
	fdt_flag(fdt, "interrupt-controller");
	fdt_strings(fdt, "compatible", compatible, ARRAY_SIZE(compatible));
	fdt_u32(fdt, "#address-cells", 0);
	fdt_u32(fdt, "#interrupt-cells", 1);
	fdt_end(fdt);
	return phandle;
}

static void plic_info_sources(const struct plic *plic, FILE *out)
{
	for (unsigned source = 1; source <= plic->sources; source++) {
		bool level = plic_bit(plic->level, source);
		bool pending = plic_bit(plic->pending, source);
		bool claimed = plic_bit(plic->claimed, source);

		if (plic->priority[source] || level || pending || claimed)
			fprintf(out, "  source %4u: priority %u%s%s%s\n", source,
				plic->priority[source], level ? ", line high" : "",
				pending ? ", pending" : "", claimed ? ", claimed" : "");
	}
}

void plic_info(const struct plic *plic, FILE *out)
{
	fprintf(out, "plic: %u sources, %u contexts\n", plic->sources, plic->contexts);
	plic_info_sources(plic, out);
	for (unsigned context = 0; context < plic->contexts; context++) {
		const u32 *enable = plic_enable(plic, context);

		fprintf(out, "  hart %u %c-mode: threshold %u, would claim %u, enabled",
			context / 2, context % 2 ? 'S' : 'M', plic->threshold[context],
			plic_best(plic, context));
		for (unsigned source = 1; source <= plic->sources; source++)
			if (plic_bit(enable, source))
				fprintf(out, " %u", source);
		fputc('\n', out);
	}
}

enum plic_block plic_blocks(const struct plic *plic, unsigned context, unsigned source)
{
	if (plic_bit(plic->claimed, source))
		return PLIC_CLAIMED;
	if (!plic_bit(plic->pending, source))
		return PLIC_IDLE;
	if (!plic->priority[source])
		return PLIC_PRIORITY;
	if (!plic_bit(plic_enable(plic, context), source))
		return PLIC_ENABLE;
	return plic->priority[source] > plic->threshold[context] ? PLIC_DELIVERED : PLIC_THRESHOLD;
}

static void explain_context(const struct plic *plic, unsigned context, unsigned source, FILE *out)
{
	fprintf(out, "    hart %u %c-mode (context %u): ", context / 2, context % 2 ? 'S' : 'M',
		context);
	switch (plic_blocks(plic, context, source)) {
	case PLIC_DELIVERED:
		fprintf(out, "priority %u is above threshold %u: it drives %cEIP\n",
			plic->priority[source], plic->threshold[context], context % 2 ? 'S' : 'M');
		break;
	case PLIC_CLAIMED:
		fprintf(out, "claimed and not completed: no request is made until it is\n");
		break;
	case PLIC_PRIORITY:
		fprintf(out, "priority[%u]=0: it never interrupts\n", source);
		break;
	case PLIC_ENABLE:
		fprintf(out, "masked by its enable bit, which is 0\n");
		break;
	case PLIC_THRESHOLD:
		fprintf(out, "masked by threshold %u, as its priority is %u\n",
			plic->threshold[context], plic->priority[source]);
		break;
	default:
		fprintf(out, "idle\n");
	}
}

/*
 * Explains a request whose cause the driver does not remove. It leads to a storm of requests if
 * gateways are level-triggered; otherwise there is no further request until the device drives its
 * line again.
 */
static void explain_unserved(const struct plic *plic, unsigned source, FILE *out)
{
	u32 times = plic->unserved[source];

	if (plic->by_level && times >= STORM)
		fprintf(out,
			"    an interrupt storm: completed %u times in a row with the line "
			"high, as its driver does not serve what the device asks for; QEMU's PLIC "
			"would not ask again (-M virt,plic=qemu)\n",
			times);
	else if (!plic->by_level && times)
		fprintf(out, "    completed with the line high: as QEMU's, this PLIC waits for the "
			     "device to raise it anew; hardware interrupts again and again "
			     "(-M virt,plic=level)\n");
}

void plic_explain(const struct plic *plic, unsigned hart, FILE *out)
{
	for (unsigned source = 1; source <= plic->sources; source++) {
		bool level = plic_bit(plic->level, source);
		bool pending = plic_bit(plic->pending, source);
		bool claimed = plic_bit(plic->claimed, source);

		if (!level && !pending && !claimed)
			continue;
		fprintf(out, "  PLIC ");
		print_source(source, out);
		fprintf(out, ": line %s%s%s\n", level ? "high" : "low", pending ? ", pending" : "",
			claimed ? ", claimed" : "");
		for (unsigned context = 2 * hart; context < 2 * hart + 2; context++)
			explain_context(plic, context, source, out);
		explain_unserved(plic, source, out);
	}
}

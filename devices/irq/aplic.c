/* SPDX-License-Identifier: MIT */
/*
 * The APLIC (RISC-V Advanced Interrupt Architecture, chapter "Advanced Platform-Level Interrupt
 * Controller"): the state of an interrupt source in the domain in which it is active, and its
 * delivery to a hart. The registers are in aplic_registers.c.
 *
 * The choices for WARL fields are those of QEMU's virt machine: the delivery mode is fixed, only
 * little-endian is supported, and IPRIOLEN is 3. An MSI is passed only to the board's MSI function;
 * it never reaches memory or this device.
 */
#include "devices/irq/aplic_domain.h"

#include <errno.h>
#include <string.h>

bool aplic_bit(const u32 *words, unsigned source)
{
	return words[source / 32] >> source % 32 & 1;
}

static void set_bit(u32 *words, unsigned source, bool value)
{
	words[source / 32] &= ~(u32)BIT(source % 32);
	words[source / 32] |= (u32)value << source % 32;
}

enum aplic_level aplic_level_of(const struct aplic_domain *domain)
{
	return domain == &domain->aplic->domains[APLIC_M] ? APLIC_M : APLIC_S;
}

/*
 * Returns whether the source is implemented in the domain. In the child domain only delegated
 * sources are.
 */
static bool implements(const struct aplic_domain *domain, u64 source)
{
	const struct aplic *aplic = domain->aplic;

	if (!source || source > aplic->sources)
		return false;
	return aplic_level_of(domain) == APLIC_M ||
	       (aplic->domains[APLIC_M].sourcecfg[source] & SOURCECFG_D);
}

bool aplic_active(const struct aplic_domain *domain, u64 source)
{
	return implements(domain, source) && domain->sourcecfg[source] &&
	       !(domain->sourcecfg[source] & SOURCECFG_D);
}

static bool is_level(const struct aplic_domain *domain, unsigned source)
{
	return (domain->sourcecfg[source] & ~MODE_INVERTED) == MODE_LEVEL1;
}

bool aplic_rectified(const struct aplic_domain *domain, unsigned source)
{
	u16 mode = domain->sourcecfg[source];

	if (!aplic_active(domain, source) || mode == MODE_DETACHED)
		return false;
	return aplic_bit(domain->aplic->level, source) ^ (mode & MODE_INVERTED);
}

/*
 * Updates the pending bit of a level-sensitive source (AIA, "Precise effects on interrupt-pending
 * bits"): it is never set while the rectified input is low, and with direct delivery it equals the
 * input.
 */
static void settle(struct aplic_domain *domain, unsigned source)
{
	bool input = aplic_rectified(domain, source);

	if (is_level(domain, source) && (!input || !domain->aplic->msi))
		set_bit(domain->pending, source, input);
}

void aplic_set_pending(struct aplic_domain *domain, u64 source, bool value)
{
	if (!aplic_active(domain, source))
		return;
	set_bit(domain->pending, (unsigned)source, value);
	settle(domain, (unsigned)source);
}

void aplic_set_enabled(struct aplic_domain *domain, u64 source, bool value)
{
	if (aplic_active(domain, source))
		set_bit(domain->enabled, (unsigned)source, value);
}

/* Clears the state of an inactive source, also that in the child domain when delegation ends. */
static void aplic_forget(struct aplic_domain *domain, unsigned source)
{
	set_bit(domain->pending, source, false);
	set_bit(domain->enabled, source, false);
	domain->target[source] = 0;
}

static u16 legal_sourcecfg(const struct aplic_domain *domain, u32 value)
{
	u16 mode = value & SOURCECFG_SM;

	if (value & SOURCECFG_D) /* the only child has index 0, so the child index is 0 */
		return aplic_level_of(domain) == APLIC_M ? SOURCECFG_D : 0;
	return mode == 2 || mode == 3 ? MODE_INACTIVE : mode;
}

void aplic_set_sourcecfg(struct aplic_domain *domain, unsigned source, u32 value)
{
	struct aplic_domain *child = &domain->aplic->domains[APLIC_S];
	bool was_active = aplic_active(domain, source);

	if (!implements(domain, source))
		return;
	domain->sourcecfg[source] = legal_sourcecfg(domain, value);
	if (!aplic_active(domain, source))
		aplic_forget(domain, source);
	else if (!was_active && !domain->aplic->msi)
		domain->target[source] = 1; /* the priority is never 0 */
	if (domain != child && !(domain->sourcecfg[source] & SOURCECFG_D)) {
		child->sourcecfg[source] = 0;
		aplic_forget(child, source);
		aplic_update(child);
	}
	/*
	 * The manual allows that an input which is already high becomes pending, but does not
	 * require it. Here it becomes pending, as in QEMU.
	 */
	if (aplic_rectified(domain, source))
		set_bit(domain->pending, source, true);
	settle(domain, source);
}

/*
 * Returns whether, with direct delivery, the source is delivered to the hart: the hart is its
 * target, and its priority number is below the hart's threshold, if there is one.
 */
static bool leads_to(const struct aplic_domain *domain, unsigned source, unsigned hart)
{
	u32 threshold = domain->ithreshold[hart], target = domain->target[source];

	return target >> TARGET_HART_SHIFT == hart &&
	       !(threshold && (target & IPRIO_MASK) >= threshold);
}

/*
 * Returns the value of topi. The smallest priority number comes first, then the smallest identity.
 */
static u32 topi_of(const struct aplic_domain *domain, unsigned hart)
{
	u32 best = 0, best_priority = UINT32_MAX;

	for (unsigned word = 0; word <= domain->aplic->sources / 32; word++) {
		u32 waiting = domain->pending[word] & domain->enabled[word];

		for (; waiting; waiting &= waiting - 1) {
			unsigned source = word * 32 + (unsigned)__builtin_ctz(waiting);
			u32 priority = domain->target[source] & IPRIO_MASK;

			if (!leads_to(domain, source, hart) || priority >= best_priority)
				continue;
			best_priority = priority;
			best = source << 16 | priority;
		}
	}
	return best;
}

u32 aplic_topi(const struct aplic *aplic, enum aplic_level level, unsigned hart)
{
	return topi_of(&aplic->domains[level], hart);
}

bool aplic_may_signal(const struct aplic *aplic, enum aplic_level level, unsigned hart)
{
	const struct aplic_domain *domain = &aplic->domains[level];
	bool on = domain->ie && (aplic->msi || domain->idelivery[hart]);

	for (unsigned source = 1; on && source <= aplic->sources; source++)
		if (aplic_active(domain, source) && aplic_bit(domain->enabled, source) &&
		    (aplic->msi || leads_to(domain, source, hart)))
			return true;
	return false;
}

u32 aplic_claim(struct aplic_domain *domain, unsigned hart)
{
	u32 top = topi_of(domain, hart);

	if (top)
		aplic_set_pending(domain, top >> 16, false);
	else
		domain->iforce[hart] = false;
	return top;
}

/* Sends an MSI. See the manual's section "Addresses and data for outgoing MSIs". */
void aplic_send(struct aplic_domain *domain, u32 target)
{
	struct aplic *aplic = domain->aplic;
	enum aplic_level level = aplic_level_of(domain);
	u32 machine = aplic->msiaddrcfgh[APLIC_M], own = aplic->msiaddrcfgh[level];
	u64 base = field_get(own, MSIADDR_HIGH_PPN) << 32 | aplic->msiaddrcfg[level];
	u64 index = target >> TARGET_HART_SHIFT;
	u64 low_width = field_get(machine, MSIADDR_LHXW);
	u64 group = (index >> low_width) & (BIT(field_get(machine, MSIADDR_HHXW)) - 1);
	u64 low = index & (BIT(low_width) - 1);
	u64 guest = level == APLIC_S ? field_get(target, TARGET_GUEST) : 0;
	u64 page = base | group << (field_get(machine, MSIADDR_HHXS) + 12) |
		   low << field_get(own, MSIADDR_LHXS) | guest;

	aplic->msi(aplic->msi_ctx, page << PAGE_SHIFT, target & TARGET_EIID);
}

static void forward(struct aplic_domain *domain)
{
	for (unsigned word = 0; word <= domain->aplic->sources / 32; word++) {
		u32 waiting = domain->ie ? domain->pending[word] & domain->enabled[word] : 0;

		domain->pending[word] &= ~waiting;
		for (; waiting; waiting &= waiting - 1) {
			unsigned source = word * 32 + (unsigned)__builtin_ctz(waiting);

			aplic_send(domain, domain->target[source]);
		}
	}
}

void aplic_update(struct aplic_domain *domain)
{
	if (domain->aplic->msi) {
		forward(domain);
		return;
	}
	for (unsigned hart = 0; hart < domain->aplic->harts; hart++)
		irq_set(domain->outputs[hart],
			domain->ie && domain->idelivery[hart] &&
				(domain->iforce[hart] || topi_of(domain, hart)));
}

static void set_level(void *ctx, unsigned source, bool level)
{
	struct aplic *aplic = ctx;
	u16 root = aplic->domains[APLIC_M].sourcecfg[source];
	struct aplic_domain *domain = &aplic->domains[root & SOURCECFG_D ? APLIC_S : APLIC_M];

	if (aplic_bit(aplic->level, source) == level)
		return;
	set_bit(aplic->level, source, level);
	if (!aplic_active(domain, source))
		return;
	if (aplic_rectified(domain, source))
		set_bit(domain->pending, source, true);
	settle(domain, source);
	aplic_update(domain);
}

static void aplic_reset(void *self)
{
	struct aplic *aplic = self;

	memset(aplic->level, 0, sizeof(aplic->level));
	memset(aplic->msiaddrcfg, 0, sizeof(aplic->msiaddrcfg));
	memset(aplic->msiaddrcfgh, 0, sizeof(aplic->msiaddrcfgh));
	for (unsigned level = 0; level < APLIC_DOMAINS; level++) {
		struct aplic_domain *domain = &aplic->domains[level];

		domain->ie = false;
		domain->genmsi = 0;
		memset(domain->sourcecfg, 0, sizeof(domain->sourcecfg));
		memset(domain->target, 0, sizeof(domain->target));
		memset(domain->pending, 0, sizeof(domain->pending));
		memset(domain->enabled, 0, sizeof(domain->enabled));
		memset(domain->idelivery, 0, sizeof(domain->idelivery));
		memset(domain->iforce, 0, sizeof(domain->iforce));
		memset(domain->ithreshold, 0, sizeof(domain->ithreshold));
		aplic_update(domain);
	}
}

#define DOMAIN_FIELDS(n)                                                                           \
	STATE_FIELD(struct aplic, domains[n].ie), STATE_ARRAY(struct aplic, domains[n].sourcecfg), \
		STATE_ARRAY(struct aplic, domains[n].target),                                      \
		STATE_ARRAY(struct aplic, domains[n].pending),                                     \
		STATE_ARRAY(struct aplic, domains[n].enabled),                                     \
		STATE_FIELD(struct aplic, domains[n].genmsi),                                      \
		STATE_ARRAY(struct aplic, domains[n].idelivery),                                   \
		STATE_ARRAY(struct aplic, domains[n].iforce),                                      \
		STATE_ARRAY(struct aplic, domains[n].ithreshold)

static const struct state_field fields[] = {
	STATE_ARRAY(struct aplic, level),
	STATE_ARRAY(struct aplic, msiaddrcfg),
	STATE_ARRAY(struct aplic, msiaddrcfgh),
	DOMAIN_FIELDS(APLIC_M),
	DOMAIN_FIELDS(APLIC_S),
};

static bool legal(const struct aplic_domain *domain, unsigned source)
{
	bool active = aplic_active(domain, source);
	u16 config = domain->sourcecfg[source];
	u32 target = domain->target[source];

	if (config != (implements(domain, source) ? legal_sourcecfg(domain, config) : 0))
		return false;
	if (!active)
		return !target && !aplic_bit(domain->pending, source) &&
		       !aplic_bit(domain->enabled, source);
	return target == aplic_legal_target(domain, target) &&
	       (domain->aplic->msi || !is_level(domain, source) ||
		aplic_bit(domain->pending, source) == aplic_rectified(domain, source));
}

/*
 * Checks a loaded state, which comes from a file: only values that register writes could have made
 * are accepted.
 */
static int aplic_loaded(void *self)
{
	struct aplic *aplic = self;

	for (unsigned source = 0; source <= APLIC_SOURCES_MAX; source++)
		if (!legal(&aplic->domains[APLIC_M], source) ||
		    !legal(&aplic->domains[APLIC_S], source))
			return -EINVAL;
	aplic->msiaddrcfgh[APLIC_M] &= MSIADDR_M_MASK;
	aplic->msiaddrcfgh[APLIC_S] &= MSIADDR_S_MASK;
	for (unsigned level = 0; level < APLIC_DOMAINS; level++) {
		struct aplic_domain *domain = &aplic->domains[level];

		domain->genmsi &= aplic->msi ? TARGET_HART | TARGET_EIID : 0;
		for (unsigned hart = 0; hart < MAX_HARTS; hart++)
			domain->ithreshold[hart] &= IPRIO_MASK;
		if (!aplic->msi)
			aplic_update(domain);
	}
	return 0;
}

static const struct state_type type = {
	.version = 1,
	.fields = fields,
	.count = ARRAY_SIZE(fields),
	.post_load = aplic_loaded,
};

int aplic_attach(struct aplic *aplic, struct platform *platform, const struct aplic_config *config)
{
	static const char *const names[APLIC_DOMAINS] = { "aplic-m", "aplic-s" };

	assert(config->sources && config->sources <= APLIC_SOURCES_MAX);
	assert(config->harts && config->harts <= MAX_HARTS);
	*aplic = (struct aplic){
		.platform = platform,
		.sources = config->sources,
		.harts = config->harts,
		.msi = config->msi,
		.msi_ctx = config->msi_ctx,
	};
	for (unsigned level = 0; level < APLIC_DOMAINS; level++) {
		struct aplic_domain *domain = &aplic->domains[level];
		const struct region region = {
			.name = names[level],
			.base = config->base[level],
			.size = APLIC_SIZE,
			.min = 4,
			.max = 4,
			.exact = true,
			.ops = &aplic_ops,
			.ctx = domain,
		};
		int error = bus_attach(&platform->bus, &region);

		if (error)
			return error;
		domain->aplic = aplic;
		domain->base = config->base[level];
	}
	state_register(&platform->state, "aplic", &type, aplic);
	platform_on_reset(platform, aplic_reset, aplic);
	return 0;
}

void aplic_connect(struct aplic *aplic, enum aplic_level level, unsigned hart, struct irq output)
{
	assert(hart < aplic->harts);
	aplic->domains[level].outputs[hart] = output;
}

struct irq aplic_irq(struct aplic *aplic, unsigned source)
{
	assert(source && source <= aplic->sources);
	return (struct irq){ .set = set_level, .ctx = aplic, .num = source };
}

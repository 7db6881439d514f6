/* SPDX-License-Identifier: MIT */
/* Prints why the APLIC's sources do or do not reach a hart. */
#include "devices/irq/aplic_domain.h"
#include "devices/irq/source_name.h"

enum aplic_block aplic_block_reason(const struct aplic *aplic, enum aplic_level level,
				    unsigned source, unsigned hart)
{
	const struct aplic_domain *domain = &aplic->domains[level];
	u32 target = domain->target[source], priority = target & IPRIO_MASK;

	if (!aplic_active(domain, source))
		return APLIC_INACTIVE;
	if (!aplic_bit(domain->pending, source))
		return APLIC_IDLE;
	if (!aplic_bit(domain->enabled, source))
		return APLIC_ENABLE;
	if (!domain->ie)
		return APLIC_IE;
	if (target >> TARGET_HART_SHIFT != hart)
		return APLIC_OTHER;
	if (aplic->msi)
		return APLIC_DELIVERED;
	if (domain->ithreshold[hart] && priority >= domain->ithreshold[hart])
		return APLIC_ITHRESHOLD;
	return domain->idelivery[hart] ? APLIC_DELIVERED : APLIC_IDELIVERY;
}

static void explain_target(const struct aplic_domain *domain, unsigned source, FILE *out)
{
	u32 target = domain->target[source];

	fprintf(out, "target hart %u, ", target >> TARGET_HART_SHIFT);
	if (domain->aplic->msi)
		fprintf(out, "guest %u, identity %u", (unsigned)field_get(target, TARGET_GUEST),
			target & TARGET_EIID);
	else
		fprintf(out, "priority %u", target & IPRIO_MASK);
}

static void explain_block(const struct aplic_domain *domain, unsigned source, unsigned hart,
			  FILE *out)
{
	enum aplic_level level = aplic_level_of(domain);
	char name = level == APLIC_M ? 'M' : 'S';

	switch (aplic_block_reason(domain->aplic, level, source, hart)) {
	case APLIC_DELIVERED:
		fprintf(out, "it drives %cEIP of hart %u", name, hart);
		break;
	case APLIC_INACTIVE:
		fprintf(out, "masked by sourcecfg[%u]=0: inactive in the domain", source);
		break;
	case APLIC_IDLE:
		fprintf(out, domain->aplic->msi && aplic_rectified(domain, source) ?
				     "not pending: its MSI has been sent" :
				     "not pending");
		break;
	case APLIC_ENABLE:
		fprintf(out, "masked by its interrupt-enable bit (setie), which is 0");
		break;
	case APLIC_IE:
		fprintf(out, "masked by domaincfg.IE=0");
		break;
	case APLIC_OTHER:
		fprintf(out, "another hart's");
		break;
	case APLIC_IDELIVERY:
		fprintf(out, "masked by idelivery=0 of hart %u", hart);
		break;
	case APLIC_ITHRESHOLD:
		fprintf(out, "masked by ithreshold %u of hart %u", domain->ithreshold[hart], hart);
		break;
	}
}

static void explain_source(const struct aplic *aplic, unsigned source, unsigned hart, FILE *out)
{
	const struct aplic_domain *root = &aplic->domains[APLIC_M];
	bool delegated = root->sourcecfg[source] & SOURCECFG_D;
	const struct aplic_domain *domain = delegated ? &aplic->domains[APLIC_S] : root;
	bool pending = aplic_bit(domain->pending, source);

	if (!aplic_bit(aplic->level, source) && !pending)
		return;
	fprintf(out, "  APLIC ");
	print_source(source, out);
	fprintf(out, ": line %s%s; %s: ", aplic_bit(aplic->level, source) ? "high" : "low",
		pending ? ", pending" : "",
		delegated ? "delegated to the S domain (sourcecfg.D=1)" : "in the M domain");
	if (aplic_active(domain, source)) {
		explain_target(domain, source, out);
		fprintf(out, ": ");
	}
	explain_block(domain, source, hart, out);
	fputc('\n', out);
}

void aplic_explain(const struct aplic *aplic, unsigned hart, FILE *out)
{
	for (unsigned source = 1; source <= aplic->sources; source++)
		explain_source(aplic, source, hart, out);
	for (unsigned level = 0; level < APLIC_DOMAINS && !aplic->msi; level++)
		if (aplic->domains[level].iforce[hart])
			fprintf(out,
				"  APLIC %c domain: iforce=1 of hart %u asks without a source\n",
				level == APLIC_M ? 'M' : 'S', hart);
}

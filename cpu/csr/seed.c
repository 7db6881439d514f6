/* SPDX-License-Identifier: MIT */
/*
 * The entropy source of Zkr: what polling the seed CSR returns, and who may poll it. A read changes
 * nothing; the write that the manual requires with it takes the next 16 bits from the machine's
 * source, so that no bits are seen twice.
 */
#include "bus/platform.h"
#include "cpu/csr/csr_impl.h"

/* The values of OPST; the fourth, DEAD, never occurs: there is always an entropy source. */
#define SEED_BIST 0u
#define SEED_WAIT (1u << 30)
#define SEED_ES16 (2u << 30)

/*
 * Reading without a write is illegal everywhere. VS and VU get a virtual instruction if HS-mode
 * would have access, whatever USEED says (privileged manual, "mseccfg", the table of modes).
 */
struct csr_refusal gate_seed(const struct hart *hart, struct csr_request request)
{
	bool supervisor = hart->virt || hart->priv == PRIV_S;

	if (!request.writes)
		return csr_illegal(REASON_seed_read);
	if (hart->priv == PRIV_M)
		return csr_illegal(REASON_none);
	if (!(hart->mseccfg & (supervisor ? MSECCFG_SSEED : MSECCFG_USEED)))
		return csr_denied_by(csr_illegal(REASON_seed_off),
				     denied_by_clear(CSR_MSECCFG,
						     supervisor ? MSECCFG_SSEED : MSECCFG_USEED));
	return csr_virtual(hart, hart->virt ? REASON_seed_virtual : REASON_none);
}

u64 read_seed(struct hart *hart, u16 number)
{
	(void)number;
	return hart->seed;
}

/* The first poll after reset returns BIST, the second WAIT, and all others ES16 with entropy. */
void write_seed(struct hart *hart, u16 number, u64 value)
{
	u16 word;

	(void)number;
	(void)value;
	if (hart->seed == SEED_BIST) {
		hart->seed = SEED_WAIT;
		return;
	}
	entropy_get(&hart->platform->entropy, &word, sizeof(word));
	hart->seed = SEED_ES16 | word;
}

/* Only the state ES16 has bits of entropy. */
void csr_legalise_seed(struct hart *hart)
{
	bool there = isa_has(hart->isa, EXT_zkr);

	if (there && (hart->seed & (SEED_ES16 | SEED_WAIT)) == SEED_ES16)
		hart->seed &= SEED_ES16 | 0xffff;
	else
		hart->seed = there && hart->seed == SEED_WAIT ? SEED_WAIT : SEED_BIST;
}

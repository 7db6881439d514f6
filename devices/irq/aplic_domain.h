/* SPDX-License-Identifier: MIT */
/*
 * Declarations that the APLIC's files share: fields of its registers, and the operations on a
 * source in a domain. aplic.c has the rules, aplic_registers.c the memory-mapped control region,
 * and aplic_info.c writes the device tree and prints the state. No other file includes this.
 */
#ifndef DEVICES_IRQ_APLIC_DOMAIN_H
#define DEVICES_IRQ_APLIC_DOMAIN_H

#include "devices/irq/aplic.h"

#define SOURCECFG_D 0x400
#define SOURCECFG_SM 7

/* Source modes. The lowest bit of the edge and level modes inverts the wire. */
enum {
	MODE_INACTIVE = 0,
	MODE_DETACHED = 1,
	MODE_EDGE1 = 4,
	MODE_EDGE0 = 5,
	MODE_LEVEL1 = 6,
	MODE_LEVEL0 = 7,
	MODE_INVERTED = 1,
};

/* Fields of target; genmsi has some of them. */
#define TARGET_HART_SHIFT 18
#define TARGET_HART 0xfffc0000u
#define TARGET_GUEST 0x3f000u
#define TARGET_EIID 0x7ffu
#define IPRIO_MASK ((1u << APLIC_IPRIO_BITS) - 1)

/* Fields of mmsiaddrcfgh; smsiaddrcfgh has only LHXS and the high bits of the page number. */
#define MSIADDR_L 0x80000000u
#define MSIADDR_HHXS 0x1f000000u
#define MSIADDR_LHXS 0x700000u
#define MSIADDR_HHXW 0x70000u
#define MSIADDR_LHXW 0xf000u
#define MSIADDR_HIGH_PPN 0xfffu
#define MSIADDR_S_MASK (MSIADDR_LHXS | MSIADDR_HIGH_PPN)
#define MSIADDR_M_MASK (MSIADDR_S_MASK | MSIADDR_L | MSIADDR_HHXS | MSIADDR_HHXW | MSIADDR_LHXW)

extern const struct bus_ops aplic_ops; /* ctx: struct aplic_domain */

/* Returns the source's bit in an array that has one bit per source. */
bool aplic_bit(const u32 *words, unsigned source);
enum aplic_level aplic_level_of(const struct aplic_domain *domain);

/* Return whether the source is active in the domain, and its rectified input value. */
bool aplic_active(const struct aplic_domain *domain, u64 source);
bool aplic_rectified(const struct aplic_domain *domain, unsigned source);

/* Perform register writes as far as the source's mode and state allow. */
void aplic_set_pending(struct aplic_domain *domain, u64 source, bool value);
void aplic_set_enabled(struct aplic_domain *domain, u64 source, bool value);
void aplic_set_sourcecfg(struct aplic_domain *domain, unsigned source, u32 value);

/* Returns the legal value (WARL) for a write to target. */
u32 aplic_legal_target(const struct aplic_domain *domain, u32 value);

/* Reads claimi. */
u32 aplic_claim(struct aplic_domain *domain, unsigned hart);

/* Sends the MSI that a value of target or genmsi describes. */
void aplic_send(struct aplic_domain *domain, u32 target);

/* Drives the pins, or sends pending sources as MSIs. Called after each change. */
void aplic_update(struct aplic_domain *domain);

#endif

/* SPDX-License-Identifier: MIT */
/*
 * What the APLIC's files share: fields of its registers, and what can be done to a source in a
 * domain. aplic.c keeps the rules, aplic_registers.c is the memory-mapped control region,
 * aplic_info.c the device tree and the view for people. Nobody else includes this.
 */
#ifndef DEVICES_IRQ_APLIC_PARTS_H
#define DEVICES_IRQ_APLIC_PARTS_H

#include "devices/irq/aplic.h"

#define SOURCECFG_D 0x400
#define SOURCECFG_SM 7

/* Source modes; the lowest bit of the sensitive ones inverts the wire. */
enum {
	MODE_INACTIVE = 0,
	MODE_DETACHED = 1,
	MODE_EDGE1 = 4,
	MODE_EDGE0 = 5,
	MODE_LEVEL1 = 6,
	MODE_LEVEL0 = 7,
	MODE_INVERTED = 1,
};

/* target, and as far as they go genmsi. */
#define TARGET_HART_SHIFT 18
#define TARGET_HART 0xfffc0000u
#define TARGET_GUEST 0x3f000u
#define TARGET_EIID 0x7ffu
#define IPRIO_MASK ((1u << APLIC_IPRIO_BITS) - 1)

/* mmsiaddrcfgh; smsiaddrcfgh has LHXS and the high bits of the page number only. */
#define MSIADDR_L 0x80000000u
#define MSIADDR_HHXS 0x1f000000u
#define MSIADDR_LHXS 0x700000u
#define MSIADDR_HHXW 0x70000u
#define MSIADDR_LHXW 0xf000u
#define MSIADDR_HIGH_PPN 0xfffu
#define MSIADDR_S_MASK (MSIADDR_LHXS | MSIADDR_HIGH_PPN)
#define MSIADDR_M_MASK (MSIADDR_S_MASK | MSIADDR_L | MSIADDR_HHXS | MSIADDR_HHXW | MSIADDR_LHXW)

extern const struct bus_ops aplic_ops; /* ctx: struct aplic_domain */

bool aplic_bit(const u32 *words, unsigned source);
void aplic_set_bit(u32 *words, unsigned source, bool value);
enum aplic_level aplic_level_of(const struct aplic_domain *domain);

/* Does the source appear in the domain; is it active there; its rectified input value. */
bool aplic_implements(const struct aplic_domain *domain, u64 source);
bool aplic_active(const struct aplic_domain *domain, u64 source);
bool aplic_rectified(const struct aplic_domain *domain, unsigned source);

/* What register writes ask for, as far as the source's mode and state allow it. */
void aplic_set_pending(struct aplic_domain *domain, u64 source, bool value);
void aplic_set_enabled(struct aplic_domain *domain, u64 source, bool value);
void aplic_set_sourcecfg(struct aplic_domain *domain, unsigned source, u32 value);

/* The value that a write to target leaves. */
u32 aplic_legal_target(const struct aplic_domain *domain, u32 value);

/* Read claimi. */
u32 aplic_claim(struct aplic_domain *domain, unsigned hart);

/* Send the MSI that a value of target or genmsi describes. */
void aplic_send(struct aplic_domain *domain, u32 target);

/* Something changed: drive the pins, or send what waits. */
void aplic_update(struct aplic_domain *domain);

#endif

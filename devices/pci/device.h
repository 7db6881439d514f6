/* SPDX-License-Identifier: MIT */
/*
 * One function on the PCI bus (PCI Local Bus 3.0, 6): its configuration space, base address
 * registers, capabilities and interrupt pin. What the BARs' windows hold is the device's. Where
 * the BARs lie is found out by the host bridge (host.h) after each write.
 */
#ifndef DEVICES_PCI_DEVICE_H
#define DEVICES_PCI_DEVICE_H

#include "bus/platform.h"

#define PCI_CONFIG_SIZE 256
#define PCI_BARS 6

/* 6.1 Configuration Space Organization, and the bits of it that others need */
#define PCI_VENDOR_ID 0x00
#define PCI_DEVICE_ID 0x02
#define PCI_COMMAND 0x04
#define PCI_COMMAND_IO BIT(0)
#define PCI_COMMAND_MEMORY BIT(1)
#define PCI_COMMAND_MASTER BIT(2)
#define PCI_COMMAND_INTX_DISABLE BIT(10)
#define PCI_STATUS 0x06
#define PCI_STATUS_INTERRUPT BIT(3)
#define PCI_STATUS_CAPABILITIES BIT(4)
#define PCI_REVISION 0x08
#define PCI_CLASS 0x0a
#define PCI_HEADER_TYPE 0x0e
#define PCI_BAR0 0x10
#define PCI_SUBSYSTEM_VENDOR_ID 0x2c
#define PCI_SUBSYSTEM_ID 0x2e
/* 3.2.5 of the PCI-to-PCI Bridge Architecture: where a header of type 1 has other things */
#define PCI_PRIMARY_BUS 0x18
#define PCI_SECONDARY_BUS 0x19
#define PCI_SUBORDINATE_BUS 0x1a
#define PCI_IO_BASE 0x1c
#define PCI_IO_LIMIT 0x1d
#define PCI_MEMORY_BASE 0x20
#define PCI_MEMORY_LIMIT 0x22
#define PCI_PREFETCH_BASE 0x24
#define PCI_PREFETCH_LIMIT 0x26
#define PCI_PREFETCH_BASE_UPPER 0x28
#define PCI_PREFETCH_LIMIT_UPPER 0x2c
#define PCI_BRIDGE_CONTROL 0x3e
#define PCI_CAPABILITIES 0x34
#define PCI_INTERRUPT_LINE 0x3c
#define PCI_INTERRUPT_PIN 0x3d
#define PCI_CAPABILITIES_BEGIN 0x40

struct pci_device;
struct pci_host;

enum pci_bar_kind { PCI_BAR_MEMORY32, PCI_BAR_MEMORY64, PCI_BAR_IO };

/* Accesses are of 1, 2 or 4 bytes, aligned; one that is refused reads all ones. */
struct pci_bar {
	u64 size; /* a power of two, at least 16; 0: there is none */
	enum pci_bar_kind kind; /* a 64-bit one takes the next BAR's place, too */
	bool prefetchable;
	const struct bus_ops *ops;
	void *ctx;
};

struct pci_ids {
	u16 vendor, device, subsystem_vendor, subsystem, class;
	u8 revision;
	u8 pin; /* 1 to 4: INTA to INTD; 0: none */
};

struct pci_device {
	struct platform *platform;
	struct pci_host *host; /* NULL: on no bus */
	unsigned slot;
	struct pci_device *above; /* the bridge that it is behind; NULL: it is on bus 0 */
	struct pci_device *below; /* of a bridge: device 0 on its bus, if one answers there */
	struct pci_bar bars[PCI_BARS];
	u8 capabilities_end; /* offset behind the last one */
	/* The device's: before a read and after a write of configuration space of 1, 2, 4 bytes. */
	void (*reading)(void *ctx, u32 offset, unsigned size);
	void (*written)(void *ctx, u32 offset, unsigned size);
	/* Its bus, or its slot's power, resets all of it. NULL: it is behind no bridge. */
	void (*reset)(void *ctx);
	void *ctx;
	u8 first[PCI_CONFIG_SIZE]; /* config after reset */
	u8 writable[PCI_CONFIG_SIZE]; /* bits that the guest can change */
	u8 clearable[PCI_CONFIG_SIZE]; /* that it clears by writing ones */
	u8 changing[PCI_CONFIG_SIZE]; /* that the device changes, those of `clearable` besides */
	u8 config[PCI_CONFIG_SIZE]; /* state */
};

/* `name` of its state, copied. The rest is set up before the first reset. */
void pci_device_init(struct pci_device *device, struct platform *platform, const char *name,
		     const struct pci_ids *ids);
void pci_device_bar(struct pci_device *device, unsigned n, const struct pci_bar *bar);

/* Room for a capability of `size` bytes; returns its offset. All but its id is to be filled in. */
u8 pci_device_capability(struct pci_device *device, u8 id, u8 size);

/* To configuration space as it is now and after reset. */
void pci_put(struct pci_device *device, unsigned offset, unsigned size, u32 value);
u32 pci_get(const struct pci_device *device, unsigned offset, unsigned size);

/* The guest's accesses: aligned, of 1, 2 or 4 bytes, below PCI_CONFIG_SIZE. */
u32 pci_config_read(struct pci_device *device, u32 offset, unsigned size);
void pci_config_write(struct pci_device *device, u32 offset, unsigned size, u32 value);

/* Where a BAR lies for the guest, in its space; false: nowhere, as the space is disabled. */
bool pci_bar_address(const struct pci_device *device, unsigned n, u64 *base);

/* Does the command register have the bit? */
bool pci_enabled(const struct pci_device *device, u16 command);

/* May it read and write memory: does every bridge above let it, too? */
bool pci_masters(const struct pci_device *device);

/* Configuration space as after a reset of the machine; for pci_device.reset. */
void pci_device_reset(struct pci_device *device);

/* Does a bridge pass accesses to these addresses of a space on to its bus? */
bool pci_forwards(const struct pci_device *bridge, enum pci_bar_kind kind, u64 base, u64 size);

/* Drive the interrupt pin. */
void pci_set_pin(struct pci_device *device, bool level);

/* Is it asserted, and not disabled? */
bool pci_asserts(const struct pci_device *device);

#endif

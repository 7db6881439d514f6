/* SPDX-License-Identifier: MIT */
/*
 * A function on the PCI bus (PCI Local Bus 3.0, 6): its configuration space, base address registers
 * (BARs), capabilities and interrupt pin. The device's code handles accesses to its BARs. After
 * each write to configuration space the host bridge (host.h) updates where the BARs are mapped.
 */
#ifndef DEVICES_PCI_DEVICE_H
#define DEVICES_PCI_DEVICE_H

#include "bus/platform.h"

#define PCI_CONFIG_SIZE 256
#define PCI_BARS 6

/* 6.1 Configuration Space Organization: registers, and those of their bits that other files need */
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
#define PCI_HEADER_FUNCTIONS BIT(7) /* in function 0: the slot has other functions, too */
#define PCI_BAR0 0x10
#define PCI_SUBSYSTEM_VENDOR_ID 0x2c
#define PCI_SUBSYSTEM_ID 0x2e
/* 3.2.5 of the PCI-to-PCI Bridge Architecture: fields that only a type 1 header has */
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

/*
 * A BAR. Its accesses have 1, 2 or 4 bytes and are aligned. A read that the device refuses returns
 * all ones.
 */
struct pci_bar {
	u64 size; /* a power of two, at least 16; 0: the BAR does not exist */
	enum pci_bar_kind kind; /* a 64-bit BAR also occupies the next one */
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
	struct pci_host *host; /* NULL: it is on no bus */
	unsigned place; /* slot number * PCI_FUNCTIONS + function number */
	struct pci_device *above; /* the bridge above it; NULL: it is on bus 0 */
	/* for a bridge: device 0 on its bus, if that responds; else NULL */
	struct pci_device *below;
	struct pci_bar bars[PCI_BARS];
	u8 capabilities_end; /* offset after the last capability */
	/*
	 * The device's functions for configuration space: called before each read and after each
	 * write, of 1, 2 or 4 bytes.
	 */
	void (*reading)(void *ctx, u32 offset, unsigned size);
	void (*written)(void *ctx, u32 offset, unsigned size);
	/*
	 * Resets the whole device when its bus is reset or its slot is powered off. NULL if it is
	 * behind no bridge.
	 */
	void (*reset)(void *ctx);
	void *ctx;
	u8 first[PCI_CONFIG_SIZE]; /* configuration space after a reset */
	u8 writable[PCI_CONFIG_SIZE]; /* bits that the guest can change */
	u8 clearable[PCI_CONFIG_SIZE]; /* bits that the guest clears by writing 1 to them */
	/* Bits that the device changes, apart from those of `clearable`. */
	u8 changing[PCI_CONFIG_SIZE];
	u8 config[PCI_CONFIG_SIZE]; /* the present configuration space, which is state */
};

/*
 * Initialises a device. `name` is that of its state, and is copied. The caller sets up the rest
 * before the first reset.
 */
void pci_device_init(struct pci_device *device, struct platform *platform, const char *name,
		     const struct pci_ids *ids);
void pci_device_bar(struct pci_device *device, unsigned n, const struct pci_bar *bar);

/*
 * Adds a capability of `size` bytes. Returns its offset, where the caller fills in all but the id.
 */
u8 pci_device_capability(struct pci_device *device, u8 id, u8 size);

/* pci_put writes to configuration space, both its present values and those after a reset. */
void pci_put(struct pci_device *device, unsigned offset, unsigned size, u32 value);
u32 pci_get(const struct pci_device *device, unsigned offset, unsigned size);

/* Access configuration space for the guest: aligned, 1, 2 or 4 bytes, below PCI_CONFIG_SIZE. */
u32 pci_config_read(struct pci_device *device, u32 offset, unsigned size);
void pci_config_write(struct pci_device *device, u32 offset, unsigned size, u32 value);

/* Finds the address of a BAR in its space; returns false if the space is disabled. */
bool pci_bar_address(const struct pci_device *device, unsigned n, u64 *base);

/* Returns whether the command register has the bit. */
bool pci_enabled(const struct pci_device *device, u16 command);

/* Returns whether the device may access memory: it and every bridge above it are bus masters. */
bool pci_masters(const struct pci_device *device);

/* Resets configuration space as a reset of the machine does. For pci_device.reset. */
void pci_device_reset(struct pci_device *device);

/* Returns whether a bridge forwards accesses to these addresses of a space to its bus. */
bool pci_forwards(const struct pci_device *bridge, enum pci_bar_kind kind, u64 base, u64 size);

/* Drives the interrupt pin. */
void pci_set_pin(struct pci_device *device, bool level);

/* Returns whether the pin is asserted, and not disabled. */
bool pci_asserts(const struct pci_device *device);

#endif

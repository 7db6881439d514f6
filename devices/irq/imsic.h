/* SPDX-License-Identifier: MIT */
/*
 * The incoming MSI controllers (IMSICs) of all harts. Each hart has an interrupt file for M-mode,
 * one for S-mode, and one for each guest. Devices write to a file's page; harts use the functions
 * below.
 */
#ifndef DEVICES_IRQ_IMSIC_H
#define DEVICES_IRQ_IMSIC_H

#include "bus/platform.h"
#include "devices/memmap.h"

#include <stdio.h>

struct fdt;

#define IMSIC_IDENTITIES 255 /* numbered from 1 */
#define IMSIC_WORDS 4
#define IMSIC_GUESTS_MAX 63

/* The interrupt files of a hart. That of guest n is IMSIC_FILE_S + n. */
enum { IMSIC_FILE_M, IMSIC_FILE_S, IMSIC_FILES = 2 + IMSIC_GUESTS_MAX };

struct imsic;

/* One hart's files, as the ctx of functions that its CSRs call. */
struct imsic_side {
	struct imsic *imsic;
	unsigned hart;
};

struct imsic {
	struct platform *platform;
	u64 m_base, s_base;
	unsigned harts, guests;
	/* File f of hart h has index h * IMSIC_FILES + f. */
	struct irq outputs[MAX_HARTS * IMSIC_FILES];
	u64 pending[MAX_HARTS * IMSIC_FILES * IMSIC_WORDS]; /* eip: one bit per identity */
	u64 enabled[MAX_HARTS * IMSIC_FILES * IMSIC_WORDS]; /* eie */
	u8 threshold[MAX_HARTS * IMSIC_FILES]; /* eithreshold */
	bool delivery[MAX_HARTS * IMSIC_FILES]; /* eidelivery */
	struct imsic_side sides[MAX_HARTS];
};

struct imsic_config {
	u64 m_base, s_base;
	unsigned harts, guests; /* guests: GEILEN, at most IMSIC_GUESTS_MAX */
};

/* Attaches the pages of all files. Returns 0 or bus_attach's error. */
int imsic_attach(struct imsic *imsic, struct platform *platform, const struct imsic_config *config);

/*
 * Connects the pin that a file drives (MEIP, SEIP, or a bit of hgeip). Must be called before the
 * first reset.
 */
void imsic_connect(struct imsic *imsic, unsigned hart, unsigned file, struct irq output);

/*
 * Receives an MSI, that is, a write to a file's page. At any other address it is lost, and logged.
 */
void imsic_msi(void *ctx, u64 addr, u32 data);

/*
 * Access the registers of a hart's file by their *iselect numbers, 0x70 to 0xff, as with XLEN 64;
 * ctx is &imsic->sides[hart], file <= 1 + guests. They return false if there is no such register.
 */
bool imsic_read(void *ctx, unsigned file, u16 select, u64 *value);
bool imsic_write(void *ctx, unsigned file, u16 select, u64 value);

/*
 * imsic_topei reads a file's *topei (identity in bits 26:16, priority in 10:0; 0: none);
 * imsic_claim does what a write to it does: it clears the pending bit of that identity.
 */
u32 imsic_topei(void *ctx, unsigned file);
void imsic_claim(void *ctx, unsigned file);

/* Writes the nodes of the M and S files. Sets msi_phandles[0] and [1] to their phandles. */
void imsic_fdt(const struct imsic *imsic, struct fdt *fdt, const u32 *cpu_intc_phandles,
	       u32 *msi_phandles);

/* Returns whether an MSI to the file could signal an interrupt. */
bool imsic_may_signal(const struct imsic *imsic, unsigned hart, unsigned file);

/* Prints the files that are in use. */
void imsic_info(const struct imsic *imsic, FILE *out);

/*
 * Reasons why an identity does not raise a file's pin. The pin is high if one is IMSIC_DELIVERED.
 */
enum imsic_block { IMSIC_DELIVERED, IMSIC_IDLE, IMSIC_EIE, IMSIC_EITHRESHOLD, IMSIC_EIDELIVERY };
enum imsic_block imsic_blocks(const struct imsic *imsic, unsigned hart, unsigned file,
			      u32 identity);

/* Prints why pending identities do not reach the hart. */
void imsic_explain(const struct imsic *imsic, unsigned hart, FILE *out);

#endif

/* SPDX-License-Identifier: MIT */
/*
 * Tests which bits of the machine's and the supervisor's CSRs can be written, and what illegal
 * values become (privileged manual, "Machine-Level CSRs", "Supervisor CSRs"). QEMU 7.2 deviates
 * from the manual: mstatus.MPP can be 2, bit 0 of mepc and sepc is visible until it is used,
 * pmpaddr has 64 bits, pmpcfg keeps its reserved bits and W without R, CBIE can be 2, and
 * mcountinhibit has TM.
 */
#include "guest.h"

/* Returns the bits of a CSR that can be written: writes ones and zeros, and restores the old
 * value. */
#define WRITABLE(csr)                                                                              \
	({                                                                                         \
		u64 old_ = csr_read(csr), ones_, zeros_;                                           \
		csr_write(csr, -1ul);                                                              \
		ones_ = csr_read(csr);                                                             \
		csr_write(csr, 0);                                                                 \
		zeros_ = csr_read(csr);                                                            \
		csr_write(csr, old_);                                                              \
		ones_ & ~zeros_;                                                                   \
	})

/* Returns the fields of the vector unit: cores without one have no VS. */
static u64 vector_fields(void)
{
	return csr_read(misa) & BIT('v' - 'a') ? MSTATUS_VS : 0;
}

static void fields_of_status(void)
{
	u64 s_fields = MSTATUS_SIE | MSTATUS_SPIE | MSTATUS_SPP | MSTATUS_FS | MSTATUS_SUM |
		       MSTATUS_MXR | MSTATUS_SD | BIT(23) /* SPELP */ | vector_fields();
	u64 m_fields = s_fields | MSTATUS_MIE | MSTATUS_MPIE | MSTATUS_MPP | MSTATUS_MPRV |
		       MSTATUS_TVM | MSTATUS_TW | MSTATUS_TSR | BIT(38) | BIT(39) |
		       BIT(41); /* GVA, MPV, MPELP */
	u64 old = csr_read(mstatus);

	report_equal(WRITABLE(mstatus), m_fields, "the writable bits of mstatus");
	csr_write(sstatus, -1ul);
	report_equal(csr_read(sstatus), s_fields | 2ul << 32, "the ones of sstatus");
	csr_write(mstatus, MSTATUS_MPP | MSTATUS_TVM | MSTATUS_TW | MSTATUS_TSR);
	csr_write(sstatus, 0);
	report_equal(csr_read(mstatus) & ~(MSTATUS_UXL | MSTATUS_SXL),
		     MSTATUS_MPP | MSTATUS_TVM | MSTATUS_TW | MSTATUS_TSR,
		     "writing sstatus leaves M-mode's fields alone");
	csr_write(mstatus, MSTATUS_MPP_S);
	csr_write(mstatus, 2ul << 11);
	report(((csr_read(mstatus) >> 11) & 3) != 2, "mstatus.MPP never holds 2");
	csr_write(mstatus, old);
}

static void trap_registers(void)
{
	u64 mtvec = csr_read(mtvec), stvec = csr_read(stvec);

	csr_write(mtvec, 0x80001001);
	report_equal(csr_read(mtvec), 0x80001001, "mtvec can be vectored");
	csr_write(mtvec, 0x80001004);
	report_equal(csr_read(mtvec), 0x80001004, "mtvec can be direct, 4-byte aligned");
	csr_write(mtvec, 0x80001002);
	report((csr_read(mtvec) & 3) < 2, "mtvec.MODE is never reserved");
	csr_write(mtvec, mtvec);
	csr_write(stvec, 0x80002001);
	report_equal(csr_read(stvec), 0x80002001, "stvec can be vectored");
	csr_write(stvec, 0x80002003);
	report((csr_read(stvec) & 3) < 2, "stvec.MODE is never reserved");
	csr_write(stvec, stvec);
	report_equal(WRITABLE(mepc), ~1ul, "mepc's bit 0 is 0");
	report_equal(WRITABLE(sepc), ~1ul, "sepc's bit 0 is 0");
	report_equal(WRITABLE(mtval), -1ul, "mtval holds any value");
	report_equal(WRITABLE(stval), -1ul, "stval holds any value");
	report_equal(WRITABLE(mscratch), -1ul, "mscratch holds any value");
	report_equal(WRITABLE(sscratch), -1ul, "sscratch holds any value");
	for (u64 code = 0; code < 16; code++) {
		csr_write(mcause, code);
		csr_write(scause, INTERRUPT | code);
		if (csr_read(mcause) != code || csr_read(scause) != (INTERRUPT | code))
			report_equal(code, -1ul, "mcause and scause hold each code");
	}
	report(true, "mcause and scause hold the codes 0 to 15");
}

static void delegation(void)
{
	u64 writable = WRITABLE(medeleg);
	u64 needed = BIT(FETCH_ACCESS) | BIT(ILLEGAL) | BIT(BREAKPOINT) | BIT(LOAD_MISALIGNED) |
		     BIT(LOAD_ACCESS) | BIT(STORE_MISALIGNED) | BIT(STORE_ACCESS) | BIT(ECALL_U) |
		     BIT(ECALL_S) | BIT(FETCH_PAGE) | BIT(LOAD_PAGE) | BIT(STORE_PAGE);

	report_equal(writable & needed, needed, "each exception of S and U can be delegated");
	report_equal(writable & (BIT(ECALL_M) | BIT(14)), 0,
		     "ECALL from M-mode and reserved causes cannot");
	writable = WRITABLE(mideleg);
	/* H makes VSSIP, VSTIP, VSEIP and SGEIP read-only 1. */
	report_equal(writable & 0xfff & ~0x444ul, BIT(SSI) | BIT(STI) | BIT(SEI),
		     "the three supervisor interrupts can be delegated, no other");
	writable = WRITABLE(mie);
	report_equal(writable & 0xbbb, 0xaaa, "mie has an enable of each interrupt");
	csr_write(mideleg, BIT(SSI));
	csr_write(mie, 0);
	csr_write(sie, -1ul);
	report_equal(csr_read(sie), BIT(SSI), "sie shows what is delegated only");
	report_equal(csr_read(mie) & 0xbbb, BIT(SSI), "and writes no other bit of mie");
	csr_write(mie, 0);
	csr_write(mideleg, 0);
}

static void pending(void)
{
	csr_write(mip, -1ul);
	report_equal(csr_read(mip) & 0xbbb, BIT(SSI) | BIT(STI) | BIT(SEI),
		     "M-mode writes SSIP, STIP and SEIP of mip, not the pins'");
	csr_write(sip, 0);
	report_equal(csr_read(mip) & 0xbbb, BIT(SSI) | BIT(STI) | BIT(SEI),
		     "sip writes nothing that is not delegated");
	csr_write(mideleg, BIT(SSI) | BIT(STI) | BIT(SEI));
	csr_write(sip, 0);
	report_equal(csr_read(mip) & 0xbbb, BIT(STI) | BIT(SEI), "of what is, SSIP only");
	csr_write(mip, 0);
	report_equal(csr_read(mip) & 0xbbb, 0, "mip's bits can be cleared");
	csr_write(mideleg, 0);
}

/* These are the fields without PMM and without those of extensions later than Sstc and Svadu. */
#define OLD_ENVCFG 0xe0000000000000f1ul

static void environment(void)
{
	u64 fields = ENVCFG_FIOM | ENVCFG_CBIE | ENVCFG_CBCFE | ENVCFG_CBZE;

	csr_write(menvcfg, -1ul);
	report_equal(csr_read(menvcfg) & OLD_ENVCFG,
		     fields | ENVCFG_ADUE | ENVCFG_PBMTE | ENVCFG_STCE,
		     "menvcfg has FIOM, CBIE, CBCFE, CBZE, ADUE, PBMTE and STCE");
	csr_write(menvcfg, 2ul << 4);
	report(((csr_read(menvcfg) >> 4) & 3) != 2, "menvcfg.CBIE is never the reserved 2");
	csr_write(menvcfg, 0);
	report_equal(csr_read(menvcfg), 0, "and all of them can be cleared");
	csr_write(senvcfg, -1ul);
	report_equal(csr_read(senvcfg) & OLD_ENVCFG, fields,
		     "senvcfg has FIOM, CBIE, CBCFE and CBZE");
	csr_write(senvcfg, 2ul << 4);
	report(((csr_read(senvcfg) >> 4) & 3) != 2, "senvcfg.CBIE is never the reserved 2");
	csr_write(senvcfg, 0);
}

static void translation(void)
{
	static const u8 modes[] = { 8, 9, 10 };
	u64 root = 0x12345;

	for (u64 mode = 0; mode < 16; mode++) {
		u64 value = mode << SATP_MODE_SHIFT | 0xabcul << SATP_ASID_SHIFT | root;
		bool known = false;

		for (unsigned n = 0; n < COUNT(modes); n++)
			known |= mode == modes[n];
		csr_write(satp, 0);
		csr_write(satp, value);
		if (known)
			report_equal(csr_read(satp), value, "satp takes Sv39, Sv48 and Sv57");
		else if (mode)
			report_equal(csr_read(satp), 0, "satp ignores writes of other modes");
	}
	csr_write(satp, 8ul << SATP_MODE_SHIFT | 0xfffful << SATP_ASID_SHIFT);
	report_equal(csr_read(satp) >> SATP_ASID_SHIFT & 0xffff, 0xffff, "ASIDs have 16 bits");
	csr_write(satp, 0);
}

static void protection(void)
{
	csr_write(pmpaddr0, -1ul);
	report_equal(csr_read(pmpaddr0), BIT(54) - 1, "pmpaddr has 54 bits, at 4-byte granularity");
	csr_write(pmpcfg0, 0x60);
	report_equal(csr_read(pmpcfg0), 0, "pmpcfg's bits 5 and 6 are 0");
	csr_write(pmpcfg0, PMP_NA4);
	report_equal(csr_read(pmpcfg0), PMP_NA4, "NA4 can be chosen");
	csr_write(pmpcfg0, PMP_W);
	report((csr_read(pmpcfg0) & 3) != PMP_W, "W without R cannot");
	csr_write(pmpcfg0, 0);
	csr_write(pmpaddr0, 0);
}

static void counters(void)
{
	report_equal(WRITABLE(mcounteren) & 7, 7, "mcounteren has CY, TM and IR");
	report_equal(WRITABLE(scounteren) & 7, 7, "scounteren has CY, TM and IR");
	report_equal(WRITABLE(mcountinhibit) & 7, 5, "mcountinhibit has CY and IR, no TM");
	report_equal(WRITABLE(mhpmcounter3), -1ul, "mhpmcounter3 has 64 bits");
	csr_write(mhpmevent3, 2);
	report_equal(csr_read(mhpmevent3), 2, "mhpmevent3 selects instructions");
	csr_write(mhpmevent3, 0);
}

void main(void)
{
	fields_of_status();
	trap_registers();
	delegation();
	pending();
	environment();
	translation();
	protection();
	counters();
}

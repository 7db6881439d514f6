/* SPDX-License-Identifier: MIT */
/*
 * The base of the S-mode test guest: SBI calls, reports, the other harts, traps. The guest prints
 * one line per fact on the UART, with a driver of its own, and ends through the sifive_test device.
 */
#ifndef TESTS_FIRMWARE_GUEST_H
#define TESTS_FIRMWARE_GUEST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "devices/memmap.h"

typedef uint8_t u8;
typedef uint32_t u32;
typedef uint64_t u64;
typedef int64_t s64;

#define STACK_SIZE 4096

#define csr_read(csr) ({ \
	u64 csr_value_; \
	__asm__ volatile("csrr %0, " #csr : "=r"(csr_value_) : : "memory"); \
	csr_value_; })
#define csr_write(csr, value) \
	__asm__ volatile("csrw " #csr ", %0" : : "r"((u64)(value)) : "memory")
#define csr_set(csr, bits) __asm__ volatile("csrs " #csr ", %0" : : "r"((u64)(bits)) : "memory")
#define csr_clear(csr, bits) __asm__ volatile("csrc " #csr ", %0" : : "r"((u64)(bits)) : "memory")

#define SIE_SSIE (1UL << 1)
#define SIE_STIE (1UL << 5)
#define SSTATUS_SIE (1UL << 1)
#define SSTATUS_SPIE (1UL << 5)
#define SSTATUS_SPP (1UL << 8)
#define SSTATUS_SPELP (1UL << 23)
#define SSTATUS_SDT (1UL << 24)

/* Extension ids and error codes of the SBI specification. */
enum {
	EXT_BASE = 0x10, EXT_TIME = 0x54494d45, EXT_IPI = 0x735049, EXT_RFENCE = 0x52464e43,
	EXT_HSM = 0x48534d, EXT_SRST = 0x53525354, EXT_DBCN = 0x4442434e, EXT_PMU = 0x504d55,
	EXT_FWFT = 0x46574654, EXT_SUSP = 0x53555350, EXT_SSE = 0x535345,
	EXT_DBTR = 0x44425452, EXT_STA = 0x535441,
};

enum {
	SUCCESS = 0, FAILED = -1, NOT_SUPPORTED = -2, INVALID_PARAM = -3, DENIED = -4,
	INVALID_ADDRESS = -5,
	ALREADY_AVAILABLE = -6, ALREADY_STARTED = -7, ALREADY_STOPPED = -8, NO_SHMEM = -9,
	INVALID_STATE = -10, BAD_RANGE = -11, DENIED_LOCKED = -14,
};

enum { STARTED = 0, STOPPED = 1, SUSPENDED = 4 };

struct sbiret {
	s64 error;
	u64 value;
};

/* start.S; arguments after function may be left out. */
struct sbiret sbi_ecall(u64 arg0, u64 arg1, u64 arg2, u64 arg3, u64 arg4, u64 arg5, u64 function,
			u64 extension);
#define SBI_ARGS_(ext, fid, a, b, c, d, e, f, ...) \
	sbi_ecall((u64)(a), (u64)(b), (u64)(c), (u64)(d), (u64)(e), (u64)(f), fid, ext)
#define sbi(ext, fid, ...) SBI_ARGS_(ext, fid, ##__VA_ARGS__, 0, 0, 0, 0, 0, 0, 0)

/* The compiler may turn an assignment of a struct into a call of it. */
void *memset(void *to, int value, size_t size);

/* Reports one fact. The line has the actual value when it is not as expected. */
void report_section(const char *name);
void report(bool fact, const char *text);
void report_equal(u64 got, u64 expected, const char *text);
bool report_all_passed(void);
void print(const char *text);
void print_number(u64 number);

/* The trap that `code` met, if any; the code resumes after the instruction that trapped. */
struct caught {
	bool happened;
	u64 cause, tval, epc, status, hstatus, a0;
};
struct caught catch_trap(void (*code)(u64), u64 arg);

/* Interrupts taken on a hart. Both handlers mask: SSIP is cleared, STIE taken out of sie. */
u64 interrupts_taken(u64 hart, u64 irq);

/* Harts. Those that exist are counted by sbi_hart_get_status; the boot hart may be any of them. */
u64 hart_here(void);
u64 hart_mask(void); /* one bit per hart */
u64 hart_other(u64 n); /* the n-th that is not the boot hart, or -1 */
bool hart_run(u64 hart, void (*code)(u64), u64 arg); /* starts; it stops when code returns */
u64 hart_job(u64 hart, void (*code)(u64), u64 arg); /* what to pass to start_secondary */
bool hart_wait(u64 hart, u64 state); /* false after some seconds */

u64 time_now(void);
bool time_wait(bool (*done)(u64), u64 arg); /* polls; false after some seconds */

/* start.S */
void start_secondary(void);
u64 preserved_registers(u64 function, u64 extension); /* those an ECALL changed, a0, a1 excepted */
s64 suspend_system(u64 opaque); /* 1, or an error */
extern u64 resumed[4]; /* by it: a0, a1, satp, sstatus */
void sse_entry(void); /* see test_sse.c */
void enter_mode(u64 code); /* sret to `code`; it is caught when it traps */
extern u64 mode_args[2]; /* a1 and a2 of that code */

bool has_hypervisor(void);

/* Address space with DRAM and devices mapped to themselves, and a window of small pages. */
#define WINDOW 0x100000000UL
void paging_init(void);
void paging_on(void);
void paging_off(void);
u64 paging_satp(void); /* while it is on */
void paging_map(u64 page, const void *target); /* page n of the window */
void paging_map_as(u64 page, u64 target, u64 bits); /* with these bits beside V, A and D */
u64 *paging_entry(u64 page);
enum { PAGE_R = 0x02, PAGE_W = 0x04, PAGE_X = 0x08, PAGE_U = 0x10 };

/* Memory that nothing else uses; firmware_hole is inside the firmware's, ram_end behind DRAM. */
#define FIRMWARE_HOLE (FIRMWARE_BASE + 0x100)
#define NOT_RAM 0x700000000000UL
/* In the 64-bit PCIe window of small machines: there is no device, but reads are answered. */
#define PCIE_WINDOW (PCIE_HIGH_MMIO_SIZE + 0x8000000UL)

/* The tests, one file each. */
void test_base(void);
void test_time(void);
void test_ipi(void);
void test_rfence(void);
void test_hsm(void);
void test_srst(void);
void test_dbcn(void);
void test_pmu(void);
void test_fwft(void);
void test_susp(void);
void test_sse(void);
void test_dbtr(void);
void test_sta(void);
void test_legacy(void);
void test_traps(void);
void test_misaligned(void);
void test_aia(void);

#endif

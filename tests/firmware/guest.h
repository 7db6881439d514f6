/* SPDX-License-Identifier: MIT */
/*
 * The base of the S-mode test guest: SBI calls, reports, other harts, traps and paging. The guest
 * prints one line per fact on the UART, with its own driver, and ends by the sifive_test device.
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

/* sbi_ecall is in start.S. `sbi` lets arguments after the function be omitted. */
struct sbiret sbi_ecall(u64 arg0, u64 arg1, u64 arg2, u64 arg3, u64 arg4, u64 arg5, u64 function,
			u64 extension);
#define SBI_ARGS_(ext, fid, a, b, c, d, e, f, ...) \
	sbi_ecall((u64)(a), (u64)(b), (u64)(c), (u64)(d), (u64)(e), (u64)(f), fid, ext)
#define sbi(ext, fid, ...) SBI_ARGS_(ext, fid, ##__VA_ARGS__, 0, 0, 0, 0, 0, 0, 0)

/* The compiler may generate a call of memset for an assignment of a struct. */
void *memset(void *to, int value, size_t size);

/* Report facts of a section. The line of report_equal has the actual value if that is wrong. */
void report_section(const char *name);
void report(bool fact, const char *text);
void report_equal(u64 got, u64 expected, const char *text);
bool report_all_passed(void);
void print(const char *text);
void print_number(u64 number);

/* catch_trap runs `code`, and returns the trap that occurred in it, if any; `code` resumes after
 * the instruction that trapped. */
struct caught {
	bool happened;
	u64 cause, tval, epc, status, hstatus, a0;
};
struct caught catch_trap(void (*code)(u64), u64 arg);

/* Returns how many interrupts with this number a hart has taken. The handlers clear SSIP, and
 * disable the timer interrupt in sie. */
u64 interrupts_taken(u64 hart, u64 irq);

/* The harts. sbi_hart_get_status finds those that exist; any of them may be the boot hart. */
u64 hart_here(void);
u64 hart_mask(void); /* returns one bit for each hart */
u64 hart_other(u64 n); /* returns the n-th hart that is not the boot hart, or -1 */
bool hart_run(u64 hart, void (*code)(u64), u64 arg); /* starts it; it stops when code returns */
u64 hart_job(u64 hart, void (*code)(u64), u64 arg); /* returns the argument for start_secondary */
bool hart_wait(u64 hart, u64 state); /* returns false after some seconds */

u64 time_now(void);
bool time_wait(bool (*done)(u64), u64 arg); /* polls `done`; returns false after some seconds */

/* These are in start.S. */
void start_secondary(void);
u64 preserved_registers(u64 function, u64 extension); /* bits of those that an ECALL changes */
s64 suspend_system(u64 opaque); /* returns 1, or an error */
extern u64 resumed[4]; /* set when it resumes: a0, a1, satp, sstatus */
void sse_entry(void); /* see test_sse.c */
void enter_mode(u64 code); /* executes sret to `code`, which ends when it traps */
extern u64 mode_args[2]; /* the values of a1 and a2 for that code */

bool has_hypervisor(void);

/* An address space in which DRAM and devices are mapped to their own addresses, and a window of 4
 * KiB pages. */
#define WINDOW 0x100000000UL
void paging_init(void);
void paging_on(void);
void paging_off(void);
u64 paging_satp(void); /* the value while it is on */
void paging_map(u64 page, const void *target); /* maps page number `page` of the window */
void paging_map_as(u64 page, u64 target, u64 bits); /* with these bits in addition to V, A and D */
u64 *paging_entry(u64 page);
enum { PAGE_R = 0x02, PAGE_W = 0x04, PAGE_X = 0x08, PAGE_U = 0x10 };

/* Addresses that nothing else uses. FIRMWARE_HOLE is the firmware's; NOT_RAM is after DRAM. */
#define FIRMWARE_HOLE (FIRMWARE_BASE + 0x100)
#define NOT_RAM 0x700000000000UL
/* In the 64-bit PCIe window of small machines there is no device, but reads are answered. */
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

/* SPDX-License-Identifier: MIT */
/*
 * The 16550A UART: registers, the receiver's FIFO, interrupt identification, and modem lines with
 * loopback. Section numbers are those of chapter 8 of the PC16550D data sheet. There is no physical
 * line, so no line errors occur other than an overrun and a break. The transmitter is always empty,
 * so LSR.THRE and LSR.TEMT are constant; only the interrupt for THRE has state.
 */
#include "devices/uart.h"

#include "devices/fdt.h"
#include "devices/memmap.h"

#include <errno.h>

/*
 * The time for which a received character occupies the line: 10 bits at 115200 baud. The baud rate
 * that the guest sets is used only for the character timeout: kernels set 9600 by default, at which
 * input would only be slow.
 */
#define LINE_NS 86806

enum { RBR_THR_DLL, IER_DLM, IIR_FCR, LCR, MCR, LSR, MSR, SCR };

enum {
	IER_RDA = 1 << 0, /* received data available, and the character timeout */
	IER_THRE = 1 << 1,
	IER_RLS = 1 << 2,
	IER_MODEM = 1 << 3,
	IER_MASK = 0x0f,

	/* Interrupt identification by table II of section 8.6, in the order of falling priority. */
	IIR_RLS = 0x06,
	IIR_RDA = 0x04,
	IIR_TIMEOUT = 0x0c,
	IIR_THRE = 0x02,
	IIR_MODEM = 0x00,
	IIR_NONE = 0x01,
	IIR_FIFOS = 0xc0,

	FCR_ENABLE = 1 << 0,
	FCR_CLEAR_RX = 1 << 1,
	FCR_STORED = 0xc9, /* the other bits clear themselves */

	LCR_PARITY = 1 << 3,
	LCR_STOP = 1 << 2,
	LCR_DLAB = 1 << 7,

	MCR_LOOP = 1 << 4,
	MCR_MASK = 0x1f,

	LSR_DR = 1 << 0,
	LSR_OE = 1 << 1,
	LSR_BI = 1 << 4,
	LSR_THRE = 1 << 5,
	LSR_TEMT = 1 << 6,
	LSR_FIFO_ERROR = 1 << 7,

	MSR_TERI = 1 << 2,
	MSR_DELTAS = 0x0f,
	MSR_CONNECTED = 0xb0, /* CTS, DSR and DCD: the other end is always connected */
};

static bool uart_fifos(const struct uart *uart)
{
	return uart->fcr & FCR_ENABLE;
}

/*
 * The next two functions return the number of bytes at which the receiver is full, and at which it
 * requests service.
 */
static unsigned uart_capacity(const struct uart *uart)
{
	return uart_fifos(uart) ? UART_FIFO_SIZE : 1;
}

static unsigned uart_trigger(const struct uart *uart)
{
	static const u8 levels[] = { 1, 4, 8, 14 };

	return uart_fifos(uart) ? levels[uart->fcr >> 6] : 1;
}

/* Returns whether the byte that is read next is a break, which LSR then shows (section 8.4). */
static bool uart_broken(const struct uart *uart)
{
	return uart->count && uart->breaks & BIT(uart->head);
}

static u8 uart_identify(const struct uart *uart)
{
	if (uart->ier & IER_RLS && (uart->overrun || uart_broken(uart)))
		return IIR_RLS;
	if (uart->ier & IER_RDA && uart->count >= uart_trigger(uart))
		return IIR_RDA;
	if (uart->ier & IER_RDA && uart->timeout_pending)
		return IIR_TIMEOUT;
	if (uart->ier & IER_THRE && uart->thre_pending)
		return IIR_THRE;
	if (uart->ier & IER_MODEM && uart->msr & MSR_DELTAS)
		return IIR_MODEM;
	return IIR_NONE;
}

static void uart_update(struct uart *uart)
{
	irq_set(uart->irq, uart_identify(uart) != IIR_NONE);
}

/*
 * Restarts the character timeout of section 8.4.2: four character times after a byte last entered
 * or left the FIFO.
 */
static void uart_restart_timeout(struct uart *uart)
{
	/* A frame has a start bit, 5 to 8 data bits, parity, and one or two stop bits. */
	u64 frame = 1u + 5 + (uart->lcr & 3) + !!(uart->lcr & LCR_PARITY) + 1 +
		    !!(uart->lcr & LCR_STOP);
	struct clock *clock = &uart->platform->clock;

	uart->timeout_pending = false;
	if (!uart_fifos(uart) || !uart->count) {
		clock_disarm(clock, &uart->timeout);
		return;
	}
	u64 clocks = 4 * frame * 16 * MAX(uart->divisor, 1u);

	clock_arm(clock, &uart->timeout,
		  clock_now(clock) + clock_scale(clocks, CLOCK_HZ, UART_CLOCK_HZ));
}

static void uart_timed_out(void *ctx, u64 now)
{
	struct uart *uart = ctx;

	(void)now;
	uart->timeout_pending = uart->count != 0;
	uart_update(uart);
}

/*
 * Handles the event that the line is free again. There is nothing to do: uart_room() looks at
 * whether the event is armed.
 */
static void uart_line_free(void *ctx, u64 now)
{
	(void)ctx;
	(void)now;
}

static void uart_clear_receiver(struct uart *uart)
{
	uart->head = 0;
	uart->count = 0;
	uart->breaks = 0;
	uart_restart_timeout(uart);
}

/*
 * Receives a byte. An overrun loses the new byte if FIFOs are enabled, and the old one if they are
 * not (section 8.4).
 */
static void uart_receive(struct uart *uart, u8 byte, bool is_break)
{
	unsigned place = (uart->head + uart->count) % UART_FIFO_SIZE;
	bool full = uart->count == uart_capacity(uart);

	uart->overrun |= full;
	if (full && uart_fifos(uart))
		return;
	if (full)
		place = uart->head;
	uart->fifo[place] = byte;
	uart->breaks = (u16)field_set(uart->breaks, BIT(place), is_break);
	if (full)
		return;
	uart->count++;
	uart_restart_timeout(uart);
}

static u64 uart_now(const struct uart *uart)
{
	return clock_now(&uart->platform->clock);
}

static u8 uart_take(struct uart *uart)
{
	if (!uart->count)
		return 0;
	u8 byte = uart->fifo[uart->head];

	if (!(uart->mcr & MCR_LOOP))
		uart_polls_note(&uart->polls, uart_now(uart));
	uart->breaks &= (u16)~BIT(uart->head);
	uart->head = (u8)(uart->head + 1) % UART_FIFO_SIZE;
	uart->count--;
	uart_restart_timeout(uart);
	return byte;
}

/*
 * Returns how many bytes the receiver can accept. It accepts none until a driver enables the
 * receiver's interrupt or polls for input: bytes that came earlier would be lost when the driver
 * clears the FIFO, so they wait outside. It also accepts none in loopback, when the receiver is
 * disconnected from the line, and while earlier bytes are still on the line.
 */
static size_t uart_room(void *device)
{
	const struct uart *uart = device;
	bool listens = uart->ier & IER_RDA || uart_polls_suffice(&uart->polls, uart_now(uart));

	if (uart->mcr & MCR_LOOP || !listens || uart->line.when != CLOCK_NEVER)
		return 0;
	return uart_capacity(uart) - uart->count;
}

static void uart_put(void *ctx, const u8 *data, size_t size)
{
	struct uart *uart = ctx;
	struct clock *clock = &uart->platform->clock;

	if (uart->mcr & MCR_LOOP)
		return;
	if (clock->mode == CLOCK_VIRTUAL)
		clock_arm(clock, &uart->line, clock_now(clock) + size * LINE_NS);
	for (size_t i = 0; i < size; i++)
		uart_receive(uart, data[i], false);
	uart_update(uart);
}

static void uart_end(void *ctx, const u8 *data, size_t size)
{
	struct uart *uart = ctx;

	(void)data;
	(void)size;
	uart->ended = true;
}

/* Receives a break, which is one zero character in the FIFO (section 8.4). */
static void uart_break(void *ctx, const u8 *data, size_t size)
{
	struct uart *uart = ctx;

	(void)data;
	(void)size;
	if (uart->mcr & MCR_LOOP)
		return;
	uart_receive(uart, 0, true);
	uart_update(uart);
}

static void uart_receive_event(void *device, enum chardev_event event, u16 columns, u16 rows)
{
	struct uart *uart = device;

	(void)columns;
	(void)rows;
	if (event == CHARDEV_ENDED)
		journal_put(&uart->platform->journal, uart->end_sink, "e", 1);
	else if (event == CHARDEV_BREAK)
		journal_put(&uart->platform->journal, uart->break_sink, "b", 1);
}

bool uart_poll(struct uart *uart, u8 *byte)
{
	if (!uart->count) {
		uart->polls.recent = UART_POLLS;
		return false;
	}
	*byte = uart_take(uart);
	uart_update(uart);
	return true;
}

static void uart_transmit(struct uart *uart, u8 byte)
{
	if (uart->mcr & MCR_LOOP)
		uart_receive(uart, byte, false);
	else
		chardev_write(&uart->chardev, &byte, 1);
	uart_polls_note_sent(&uart->polls, uart_now(uart));
	uart->thre_pending = true;
}

/* Updates MSR. Loopback connects RTS, DTR, OUT1 and OUT2 to CTS, DSR, RI and DCD (section 8.7). */
static void uart_modem_lines(struct uart *uart)
{
	static const u8 loop[] = { 0x00, 0x20, 0x10, 0x30, 0x40, 0x60, 0x50, 0x70,
				   0x80, 0xa0, 0x90, 0xb0, 0xc0, 0xe0, 0xd0, 0xf0 };
	unsigned lines = uart->mcr & MCR_LOOP ? loop[uart->mcr & 0x0f] : MSR_CONNECTED;
	unsigned deltas = (lines ^ uart->msr) >> 4;

	if (lines >> 4 & MSR_TERI)
		deltas &= ~(unsigned)MSR_TERI; /* only RI's trailing edge counts */
	uart->msr = (u8)(lines | (uart->msr & MSR_DELTAS) | deltas);
}

/* Writes FCR. The other bits can be programmed only together with the enable bit (section 8.5). */
static void uart_write_fcr(struct uart *uart, u8 value)
{
	bool toggled = (value ^ uart->fcr) & FCR_ENABLE;

	uart_polls_end(&uart->polls);
	uart->fcr = value & FCR_ENABLE ? value & FCR_STORED : 0;
	if (toggled || (value & FCR_ENABLE && value & FCR_CLEAR_RX))
		uart_clear_receiver(uart);
}

/*
 * Writes IER. Enabling the transmitter's interrupt raises it, because the transmitter is empty;
 * disabling it clears it.
 */
static void uart_write_ier(struct uart *uart, u8 value)
{
	if ((value ^ uart->ier) & IER_THRE)
		uart->thre_pending = value & IER_THRE;
	uart->ier = value & IER_MASK;
}

static u8 uart_read_iir(struct uart *uart)
{
	u8 id = uart_identify(uart);

	if (id == IIR_THRE)
		uart->thre_pending = false;
	return id | (uart_fifos(uart) ? IIR_FIFOS : 0);
}

static u8 uart_read_lsr(struct uart *uart)
{
	u8 lsr = LSR_THRE | LSR_TEMT | (uart->count ? LSR_DR : 0) | (uart->overrun ? LSR_OE : 0) |
		 (uart_broken(uart) ? LSR_BI : 0) |
		 (uart_fifos(uart) && uart->breaks ? LSR_FIFO_ERROR : 0);

	uart->overrun = false;
	uart->breaks &= (u16)~BIT(uart->head);
	uart_polls_note_asked(&uart->polls, uart_now(uart));
	return lsr;
}

static u8 uart_read_msr(struct uart *uart)
{
	u8 msr = uart->msr;

	uart->msr &= (u8)~MSR_DELTAS;
	return msr;
}

/*
 * Reads a register. As on QEMU's machine, a wider access reaches only the register of its lowest
 * byte, so that programs that print with word stores work. A read that changes nothing does not
 * update the interrupt line.
 */
static bool uart_read(void *ctx, u64 offset, unsigned size, u64 *value)
{
	struct uart *uart = ctx;
	bool dlab = uart->lcr & LCR_DLAB;

	(void)size;
	switch (offset) {
	case RBR_THR_DLL:
		*value = dlab ? uart->divisor & 0xff : uart_take(uart);
		break;
	case IER_DLM:
		*value = dlab ? uart->divisor >> 8 : uart->ier;
		break;
	case IIR_FCR:
		*value = uart_read_iir(uart);
		if ((*value & (u8)~IIR_FIFOS) != IIR_THRE)
			return true;
		break;
	case LCR:
		*value = uart->lcr;
		return true;
	case MCR:
		*value = uart->mcr;
		return true;
	case LSR:
		*value = uart_read_lsr(uart);
		if (!(*value & (LSR_OE | LSR_BI)))
			return true;
		break;
	case MSR:
		*value = uart_read_msr(uart);
		if (!(*value & MSR_DELTAS))
			return true;
		break;
	case SCR:
		*value = uart->scr;
		return true;
	default:
		return false;
	}
	uart_update(uart);
	return true;
}

static bool uart_write(void *ctx, u64 offset, unsigned size, u64 wide)
{
	struct uart *uart = ctx;
	u8 value = (u8)wide;
	bool dlab = uart->lcr & LCR_DLAB;

	(void)size;
	switch (offset) {
	case RBR_THR_DLL:
		if (dlab)
			uart->divisor = (u16)((uart->divisor & 0xff00) | value);
		else
			uart_transmit(uart, value);
		break;
	case IER_DLM:
		if (dlab)
			uart->divisor = (u16)((uart->divisor & 0xff) | value << 8);
		else
			uart_write_ier(uart, value);
		break;
	case IIR_FCR:
		uart_write_fcr(uart, value);
		break;
	case LCR:
		uart->lcr = value;
		break;
	case MCR:
		uart->mcr = value & MCR_MASK;
		uart_modem_lines(uart);
		break;
	case LSR:
	case MSR:
		return true; /* writes are for factory tests only (sections 8.4 and 8.8) */
	case SCR:
		uart->scr = value;
		return true;
	default:
		return false;
	}
	uart_update(uart);
	return true;
}

/*
 * Resets the registers as in table I of the data sheet. The divisor, which is undefined there, is
 * set to that of 115200 baud.
 */
static void uart_reset(void *self)
{
	struct uart *uart = self;

	uart->ier = uart->fcr = uart->lcr = uart->mcr = uart->scr = 0;
	uart->msr = MSR_CONNECTED;
	uart->divisor = UART_CLOCK_HZ / (16 * 115200);
	uart->overrun = uart->thre_pending = false;
	uart->polls = (struct uart_polls){ 0 };
	clock_disarm(&uart->platform->clock, &uart->line);
	uart_clear_receiver(uart);
	uart_update(uart);
}

static int uart_loaded(void *self)
{
	struct uart *uart = self;

	if (uart->polls.recent > UART_POLLS || uart->polls.all > UART_POLLS ||
	    uart->head >= UART_FIFO_SIZE || uart->count > uart_capacity(uart))
		return -EINVAL;
	uart_update(uart);
	return 0;
}

static const struct state_field uart_fields[] = {
	STATE_FIELD(struct uart, ier),
	STATE_FIELD(struct uart, fcr),
	STATE_FIELD(struct uart, lcr),
	STATE_FIELD(struct uart, mcr),
	STATE_FIELD(struct uart, msr),
	STATE_FIELD(struct uart, scr),
	STATE_FIELD(struct uart, divisor),
	STATE_FIELD(struct uart, overrun),
	STATE_FIELD(struct uart, polls.recent),
	STATE_FIELD(struct uart, polls.all),
	STATE_FIELD(struct uart, polls.first),
	STATE_FIELD(struct uart, polls.last),
	STATE_FIELD(struct uart, polls.unpolled),
	STATE_FIELD(struct uart, polls.asked),
	STATE_FIELD(struct uart, polls.asked_at),
	STATE_FIELD(struct uart, thre_pending),
	STATE_FIELD(struct uart, timeout_pending),
	STATE_ARRAY(struct uart, fifo),
	STATE_FIELD(struct uart, head),
	STATE_FIELD(struct uart, count),
	STATE_FIELD(struct uart, breaks),
};

static const struct state_type uart_type = {
	.version = 3,
	.fields = uart_fields,
	.count = ARRAY_SIZE(uart_fields),
	.post_load = uart_loaded,
};

int uart_attach(struct uart *uart, struct platform *platform, u64 base, struct irq irq)
{
	static const struct bus_ops ops = { .read = uart_read, .write = uart_write };
	const struct region region = {
		.name = "serial", .base = base, .size = UART_SIZE, .ops = &ops, .ctx = uart,
	};
	const struct journal_sink sink = { .name = "serial", .put = uart_put, .ctx = uart };
	const struct journal_sink end = { .name = "serial-end", .put = uart_end, .ctx = uart };
	const struct journal_sink breaks = { .name = "serial-break",
					     .put = uart_break,
					     .ctx = uart };
	int error = bus_attach(&platform->bus, &region);

	if (error)
		return error;
	*uart = (struct uart){
		.platform = platform,
		.irq = irq,
		.chardev = { .room = uart_room, .event = uart_receive_event, .device = uart },
		.timeout = { .when = CLOCK_NEVER, .fire = uart_timed_out, .ctx = uart },
		.line = { .when = CLOCK_NEVER, .fire = uart_line_free, .ctx = uart },
	};
	uart->chardev.sink = journal_register(&platform->journal, &sink);
	uart->end_sink = journal_register(&platform->journal, &end);
	uart->break_sink = journal_register(&platform->journal, &breaks);
	clock_event_init(&platform->clock, &platform->state, &uart->timeout, "serial.timeout");
	clock_event_init(&platform->clock, &platform->state, &uart->line, "serial.line");
	state_register(&platform->state, "serial", &uart_type, uart);
	platform_on_reset(platform, uart_reset, uart);
	return 0;
}

void uart_node(struct fdt *fdt, u64 base, u32 irq, const struct fdt_intc *intc)
{
	fdt_node(fdt, "serial@%llx", base);
	fdt_str(fdt, "compatible", "ns16550a");
	fdt_reg(fdt, base, UART_SIZE);
	fdt_u32(fdt, "clock-frequency", UART_CLOCK_HZ);
	fdt_interrupt(fdt, intc, irq);
	fdt_end(fdt);
}

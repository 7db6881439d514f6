/* SPDX-License-Identifier: MIT */
/*
 * A program for the guest's Linux that asks whether its processes keep their vector registers:
 * over context switches, signals, exceptions, ptrace, fork and exec, and whether what the kernel
 * says of the hart's vector extensions is the same everywhere. `vectors SCENE [PROCESSES]` prints
 * what it found wrong, and its exit code is 1 then. ../test_vectors.py runs it.
 *
 * System calls may lose vector registers (Documentation/arch/riscv/vector.rst): what is held here
 * is held by loops that make none.
 */

#define _GNU_SOURCE
#include <elf.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <ucontext.h>
#include <unistd.h>

/* Names that the C library's headers are too old for; the values are the kernel's. */
#define NT_RISCV_V 0x901
#define FRAME_MAGIC 0x53465457
#define FRAME_HEADER 520 /* bytes from the floating-point registers to the first header */
#define V_SET_CONTROL 69
#define V_GET_CONTROL 70
#define V_OFF 1
#define V_ON 2
#define V_NEXT(control) ((control) << 2)
#define SYS_HWPROBE 258
#define HWCAP_V (1ul << ('v' - 'a'))

#define REGISTER_BYTES 128 /* at most: VLEN 1024 */
#define SWITCHES 4 /* of each process, at least, while it holds registers */

/* In the order of the kernel's regset. */
struct controls {
	uint64_t vstart, vl, vtype, vcsr, vlenb;
};

struct state {
	struct controls controls;
	uint8_t registers[32 * REGISTER_BYTES];
};

/* Whole state into the hart and out of it; neither touches other memory. */
void load_state(const struct state *state);
void save_state(struct state *state);

__asm__(".option push\n"
	".option arch, +v\n"
	"load_state:\n"
	"	csrr t1, vlenb\n"
	"	slli t1, t1, 3\n"
	"	addi t0, a0, 40\n"
	"	csrw vstart, zero\n"
	"	vl8re8.v v0, (t0)\n"
	"	add t0, t0, t1\n"
	"	vl8re8.v v8, (t0)\n"
	"	add t0, t0, t1\n"
	"	vl8re8.v v16, (t0)\n"
	"	add t0, t0, t1\n"
	"	vl8re8.v v24, (t0)\n"
	"	ld t0, 8(a0)\n"
	"	ld t1, 16(a0)\n"
	"	vsetvl x0, t0, t1\n"
	"	ld t0, 24(a0)\n"
	"	csrw vcsr, t0\n"
	"	ld t0, 0(a0)\n"
	"	csrw vstart, t0\n"
	"	ret\n"
	"save_state:\n"
	"	csrr t0, vstart\n"
	"	sd t0, 0(a0)\n"
	"	csrr t0, vl\n"
	"	sd t0, 8(a0)\n"
	"	csrr t0, vtype\n"
	"	sd t0, 16(a0)\n"
	"	csrr t0, vcsr\n"
	"	sd t0, 24(a0)\n"
	"	csrr t1, vlenb\n"
	"	sd t1, 32(a0)\n"
	"	slli t1, t1, 3\n"
	"	addi t0, a0, 40\n"
	"	csrw vstart, zero\n"
	"	vs8r.v v0, (t0)\n"
	"	add t0, t0, t1\n"
	"	vs8r.v v8, (t0)\n"
	"	add t0, t0, t1\n"
	"	vs8r.v v16, (t0)\n"
	"	add t0, t0, t1\n"
	"	vs8r.v v24, (t0)\n"
	"	ret\n"
	".option pop\n");

static uint64_t vlenb(void)
{
	uint64_t value;

	__asm__(".option push\n.option arch, +v\ncsrr %0, vlenb\n.option pop" : "=r"(value));
	return value;
}

static uint64_t next_random(uint64_t *seed)
{
	*seed = *seed * 6364136223846793005 + 1442695040888963407;
	return *seed >> 29;
}

/* Some state that no other seed has. */
static void choose_state(struct state *state, uint64_t seed)
{
	uint64_t sew = next_random(&seed) & 3, lmul = next_random(&seed) & 3;
	uint64_t vlmax = (vlenb() << lmul) >> sew;

	memset(state, 0, sizeof *state);
	state->controls.vlenb = vlenb();
	state->controls.vtype = (next_random(&seed) & 3) << 6 | sew << 3 | lmul;
	state->controls.vl = 1 + next_random(&seed) % vlmax;
	state->controls.vcsr = next_random(&seed) & 7;
	state->controls.vstart = next_random(&seed) % state->controls.vl;
	for (size_t n = 0; n < 32 * vlenb(); n++)
		state->registers[n] = (uint8_t)next_random(&seed);
}

/* Returns how many of the two states' parts differ, and says which. */
static int differences(const char *scene, const struct state *want, const struct state *got)
{
	static const char *const names[] = { "vstart", "vl", "vtype", "vcsr", "vlenb" };
	const uint64_t *left = &want->controls.vstart, *right = &got->controls.vstart;
	int count = 0;

	for (size_t n = 0; n < 5; n++) {
		if (left[n] == right[n])
			continue;
		printf("%s: %s is %#lx, not %#lx\n", scene, names[n], right[n], left[n]);
		count++;
	}
	for (size_t n = 0; n < 32; n++) {
		if (memcmp(want->registers + n * vlenb(), got->registers + n * vlenb(), vlenb()) ==
		    0)
			continue;
		printf("%s: v%zu differs\n", scene, n);
		count++;
	}
	return count;
}

/* Instructions without system calls, for the time of a few ticks of the scheduler. */
static void spin(long iterations)
{
	for (long n = 0; n < iterations; n++)
		__asm__ volatile("");
}

static int say(const char *scene, int wrong, const char *what)
{
	if (wrong)
		printf("%s: %s\n", scene, what);
	return wrong != 0;
}

static int hold(uint64_t seed)
{
	struct state want, got;
	struct rusage usage = { 0 };
	int wrong = 0;

	/* How many rounds are needed depends on how fast the machine is between two ticks. */
	for (int round = 0; (round < 5 || usage.ru_nivcsw < SWITCHES) && round < 1000 && !wrong;
	     round++) {
		choose_state(&want, seed * 1000 + round);
		load_state(&want);
		spin(2000000);
		save_state(&got);
		wrong = differences("switches", &want, &got);
		getrusage(RUSAGE_SELF, &usage);
	}
	return wrong + say("switches", usage.ru_nivcsw < SWITCHES, "a process was not switched");
}

/* Several processes, more than there are harts, hold what is their own. */
static int switches(int processes)
{
	int wrong = 0, status;

	fflush(stdout);
	for (int n = 0; n < processes; n++) {
		if (fork() == 0)
			exit(hold(n + 1) != 0);
	}
	while (wait(&status) > 0)
		wrong += status != 0;
	return wrong;
}

/* The state that the handler is to find in the frame and the one to leave there; what it saw. */
static struct {
	struct state want, put;
	volatile int handled;
	volatile int wrong;
} frame;

static void handle(int signal, siginfo_t *info, void *context)
{
	static struct state found, mess;
	uint8_t *header = (uint8_t *)&((ucontext_t *)context)->uc_mcontext.__fpregs + FRAME_HEADER;
	struct controls *controls = (void *)(header + 8);
	uint8_t **registers = (void *)(header + 8 + sizeof *controls);

	if (*(uint32_t *)header != FRAME_MAGIC) {
		frame.wrong = 1;
		frame.handled = -1;
		return;
	}
	found.controls = *controls;
	memcpy(found.registers, *registers, 32 * vlenb());
	frame.wrong += differences("frame", &frame.want, &found);
	choose_state(&mess, 77);
	load_state(&mess);
	*controls = frame.put.controls;
	memcpy(*registers, frame.put.registers, 32 * vlenb());
	if (signal == SIGTRAP) /* behind an EBREAK of four bytes */
		((ucontext_t *)context)->uc_mcontext.__gregs[REG_PC] += 4;
	frame.handled++;
}

/* One signal, `by` timer or exception: the handler finds the state and exchanges it for another. */
static int take_signal(int number, uint64_t seed)
{
	struct itimerval soon = { .it_value.tv_usec = 20000 };
	struct sigaction action = { .sa_sigaction = handle, .sa_flags = SA_SIGINFO };
	struct state got;

	sigaction(number, &action, NULL);
	choose_state(&frame.want, seed);
	choose_state(&frame.put, seed + 1);
	frame.handled = 0;
	if (number == SIGALRM)
		setitimer(ITIMER_REAL, &soon, NULL);
	load_state(&frame.want);
	if (number == SIGTRAP)
		__asm__ volatile(".option push\n.option norvc\nebreak\n.option pop" : : : "memory");
	while (frame.handled == 0)
		spin(1000);
	save_state(&got);
	return frame.wrong + differences("sigreturn", &frame.put, &got);
}

static int signals(int rounds)
{
	int wrong = say("signals", getauxval(51 /* AT_MINSIGSTKSZ */) < 32 * vlenb(),
			"AT_MINSIGSTKSZ has no room for vectors");

	for (int round = 0; round < rounds && !wrong; round++)
		wrong += take_signal(round % 2 ? SIGTRAP : SIGALRM, 500 + 2 * round);
	return wrong;
}

/* The traced process: stops with one state, and must go on with the other. */
static int be_traced(const struct state *first, const struct state *second)
{
	struct state got;

	ptrace(PTRACE_TRACEME, 0, 0, 0);
	load_state(first);
	__asm__ volatile(".option push\n.option norvc\nebreak\n.option pop" : : : "memory");
	save_state(&got);
	return differences("traced", second, &got);
}

static int trace(int rounds)
{
	struct state first, second, got;
	uint64_t general[32]; /* the first is pc */
	int status, wrong = 0;

	for (int round = 0; round < rounds; round++) {
		choose_state(&first, 900 + 2 * round);
		choose_state(&second, 901 + 2 * round);
		fflush(stdout);
		pid_t child = fork();
		if (child == 0)
			exit(be_traced(&first, &second) != 0);
		struct iovec whole = { &got, sizeof(struct controls) + 32 * vlenb() };
		struct iovec prstatus = { general, sizeof general };
		waitpid(child, &status, 0);
		memset(&got, 0, sizeof got);
		wrong += say("trace", ptrace(PTRACE_GETREGSET, child, NT_RISCV_V, &whole),
			     "the registers cannot be read");
		wrong += differences("trace", &first, &got);
		got = second;
		wrong += say("trace", ptrace(PTRACE_SETREGSET, child, NT_RISCV_V, &whole),
			     "the registers cannot be written");
		ptrace(PTRACE_GETREGSET, child, NT_PRSTATUS, &prstatus);
		general[0] += 4;
		ptrace(PTRACE_SETREGSET, child, NT_PRSTATUS, &prstatus);
		ptrace(PTRACE_CONT, child, 0, 0);
		waitpid(child, &status, 0);
		wrong += say("trace", status, "the process went on otherwise");
	}
	return wrong;
}

/* Runs this program anew with the scene; returns whether its exit status is another. */
static int run_self(char *scene, int want)
{
	int status;

	fflush(stdout);
	if (fork() == 0) {
		execl("/proc/self/exe", "vectors", scene, (char *)NULL);
		_exit(127);
	}
	wait(&status);
	return say(scene, status != want, "the program ended otherwise");
}

/* A new program finds nothing of what others had in their registers. */
static int fresh(int unused)
{
	static const struct state zero;
	struct state got;

	save_state(&got);
	got.controls = zero.controls;
	return differences("fresh", &zero, &got);
}

/* The first vector instruction is illegal, and the kernel does not say that there are any. */
static int denied(int unused)
{
	struct state got;

	if (getauxval(AT_HWCAP) & HWCAP_V)
		return say("denied", 1, "AT_HWCAP has V");
	signal(SIGILL, SIG_DFL);
	save_state(&got);
	return say("denied", 1, "vector instructions are executed");
}

static int control(int unused)
{
	struct state some;
	int wrong = 0;

	choose_state(&some, 5);
	load_state(&some);
	wrong += say("control", prctl(V_SET_CONTROL, V_OFF) == 0, "V goes off while it is in use");
	load_state(&some);
	wrong += run_self("fresh", 0);
	wrong += say("control", prctl(V_SET_CONTROL, V_ON | V_NEXT(V_OFF)), "V_NEXT is refused");
	wrong += say("control", prctl(V_GET_CONTROL) != (V_ON | V_NEXT(V_OFF)), "V_NEXT is lost");
	wrong += run_self("denied", SIGILL);
	wrong += say("control", prctl(V_SET_CONTROL, V_ON | V_NEXT(V_ON)), "V_ON is refused");
	return wrong + run_self("fresh", 0);
}

/* The device tree's list of extensions, each between zeros. */
static const char *extensions(size_t *length)
{
	static char list[4096];
	FILE *file = fopen("/proc/device-tree/cpus/cpu@0/riscv,isa-extensions", "r");

	*length = file ? fread(list + 1, 1, sizeof list - 2, file) + 1 : 0;
	if (file)
		fclose(file);
	return list;
}

/* Whether hwprobe, AT_HWCAP and the device tree say the same. */
static int told(int unused)
{
	static const struct {
		char name[9]; /* with the zero that is before it in the list */
		int bit;
	} rows[] = {
		{"\0v", 2},       {"\0zvbb", 17},   {"\0zvbc", 18},    {"\0zvkb", 19},
		{"\0zvkg", 20},   {"\0zvkned", 21}, {"\0zvknha", 22},  {"\0zvknhb", 23},
		{"\0zvksed", 24}, {"\0zvksh", 25},  {"\0zvkt", 26},    {"\0zvfh", 30},
		{"\0zvfhmin", 31}, {"\0zve32x", 37}, {"\0zve32f", 38}, {"\0zve64x", 39},
		{"\0zve64f", 40}, {"\0zve64d", 41},
	};
	struct {
		int64_t key;
		uint64_t value;
	} pair = { 4, 0 };
	size_t length;
	const char *list = extensions(&length);
	int wrong = say("told", syscall(SYS_HWPROBE, &pair, 1, 0, NULL, 0), "no hwprobe");

	for (size_t n = 0; n < sizeof rows / sizeof *rows; n++) {
		size_t size = strlen(rows[n].name + 1) + 2;
		char name[12] = { 0 };

		memcpy(name, rows[n].name, size - 1);
		if ((memmem(list, length, name, size) != NULL) == (pair.value >> rows[n].bit & 1))
			continue;
		printf("told: %s of the device tree is not hwprobe's\n", name + 1);
		wrong++;
	}
	uint64_t hwcap = getauxval(AT_HWCAP) / HWCAP_V & 1;
	return wrong + say("told", hwcap != (pair.value >> 2 & 1), "AT_HWCAP is not hwprobe's");
}

int main(int argc, char **argv)
{
	static const struct {
		const char *name;
		int (*run)(int count);
		int count;
	} scenes[] = {
		{"switches", switches, 5}, {"signals", signals, 30}, {"trace", trace, 20},
		{"control", control, 0},   {"fresh", fresh, 0},	     {"denied", denied, 0},
		{"told", told, 0},
	};

	for (size_t n = 0; n < sizeof scenes / sizeof *scenes && argc > 1; n++) {
		if (strcmp(scenes[n].name, argv[1]) == 0)
			return scenes[n].run(argc > 2 ? atoi(argv[2]) : scenes[n].count) != 0;
	}
	fprintf(stderr, "usage: vectors SCENE [COUNT]\n");
	return 2;
}

/* SPDX-License-Identifier: MIT */
/*
 * See sandbox.h. The table lists the system calls of x86-64 that are denied, in the sets of QEMU's
 * -sandbox, to which calls are added that do the same as those of QEMU. A call that Baya never
 * makes ends the process, because only an attacker makes it. What libraries and programs try and
 * can do without fails instead.
 */
#include "frontends/host/sandbox.h"

#include <errno.h>
#include <sched.h>
#include <seccomp.h>
#include <stdio.h>
#include <string.h>

#include "devices/board/board.h"
#include "frontends/host/exit_code.h"
#include "frontends/host/leaks.h"

/* A rule without a condition is about all calls; with one, about those that meet it. */
struct rule {
	unsigned set; /* enum sandbox_set */
	int call;
	u32 action;
	unsigned conditions; /* 0 or 1 */
	struct scmp_arg_cmp condition;
};

#define ENDS(set, name) { SANDBOX_##set, SCMP_SYS(name), SCMP_ACT_KILL_PROCESS, 0, { 0 } }
/* The argument has these bits, of all that are in the mask. */
#define ENDS_IF(set, name, argument, mask, bits)                                                   \
	{ SANDBOX_##set, SCMP_SYS(name), SCMP_ACT_KILL_PROCESS, 1,                                 \
	  { argument, SCMP_CMP_MASKED_EQ, mask, bits } }
#define FAILS(set, name, error) { SANDBOX_##set, SCMP_SYS(name), SCMP_ACT_ERRNO(error), 0, { 0 } }
#define FAILS_UNLESS(set, name, error, argument, value)                                            \
	{ SANDBOX_##set, SCMP_SYS(name), SCMP_ACT_ERRNO(error), 1,                                 \
	  { argument, SCMP_CMP_NE, value, 0 } }

static const struct rule rules[] = {
	/* The host itself: its power, kernel, clocks and names. */
	ENDS(ALWAYS, reboot),
	ENDS(ALWAYS, kexec_load),
	ENDS(ALWAYS, kexec_file_load),
	ENDS(ALWAYS, init_module),
	ENDS(ALWAYS, finit_module),
	ENDS(ALWAYS, delete_module),
	ENDS(ALWAYS, bpf),
	ENDS(ALWAYS, perf_event_open),
	ENDS(ALWAYS, lookup_dcookie),
	ENDS(ALWAYS, syslog),
	ENDS(ALWAYS, acct),
	ENDS(ALWAYS, swapon),
	ENDS(ALWAYS, swapoff),
	ENDS(ALWAYS, quotactl),
	ENDS(ALWAYS, quotactl_fd),
	ENDS(ALWAYS, settimeofday),
	ENDS(ALWAYS, clock_settime),
	ENDS(ALWAYS, adjtimex),
	ENDS(ALWAYS, clock_adjtime),
	ENDS(ALWAYS, sethostname),
	ENDS(ALWAYS, setdomainname),
	ENDS(ALWAYS, vhangup),
	ENDS(ALWAYS, iopl),
	ENDS(ALWAYS, ioperm),
	/* File systems, and files without their names. */
	ENDS(ALWAYS, mount),
	ENDS(ALWAYS, umount2),
	ENDS(ALWAYS, pivot_root),
	ENDS(ALWAYS, chroot),
	ENDS(ALWAYS, open_tree),
	ENDS(ALWAYS, move_mount),
	ENDS(ALWAYS, mount_setattr),
	ENDS(ALWAYS, fsopen),
	ENDS(ALWAYS, fsconfig),
	ENDS(ALWAYS, fsmount),
	ENDS(ALWAYS, fspick),
	ENDS(ALWAYS, open_by_handle_at),
	/* Other processes, and keys of the kernel. */
	ENDS(ALWAYS, ptrace),
	ENDS(ALWAYS, process_vm_readv),
	ENDS(ALWAYS, process_vm_writev),
	ENDS(ALWAYS, pidfd_getfd),
	ENDS(ALWAYS, userfaultfd),
	ENDS(ALWAYS, add_key),
	ENDS(ALWAYS, request_key),
	ENDS(ALWAYS, keyctl),
	/* Numbers that Linux keeps for calls that it has never had. */
	ENDS(ALWAYS, afs_syscall),
	ENDS(ALWAYS, getpmsg),
	ENDS(ALWAYS, putpmsg),
	ENDS(ALWAYS, security),
	ENDS(ALWAYS, tuxcall),
	ENDS(ALWAYS, vserver),

	ENDS(OBSOLETE, _sysctl),
	ENDS(OBSOLETE, create_module),
	ENDS(OBSOLETE, get_kernel_syms),
	ENDS(OBSOLETE, query_module),
	ENDS(OBSOLETE, nfsservctl),
	ENDS(OBSOLETE, sysfs),
	ENDS(OBSOLETE, uselib),
	ENDS(OBSOLETE, ustat),

	ENDS(PRIVILEGES, setuid),
	ENDS(PRIVILEGES, setgid),
	ENDS(PRIVILEGES, setreuid),
	ENDS(PRIVILEGES, setregid),
	ENDS(PRIVILEGES, setresuid),
	ENDS(PRIVILEGES, setresgid),
	ENDS(PRIVILEGES, setfsuid),
	ENDS(PRIVILEGES, setfsgid),
	ENDS(PRIVILEGES, setgroups),
	ENDS(PRIVILEGES, capset),
	/* libslirp starts the programs of guestfwd= with setsid, and they can do without. */
	FAILS(PRIVILEGES, setpgid, EPERM),
	FAILS(PRIVILEGES, setsid, EPERM),

	ENDS(SPAWN, fork),
	ENDS(SPAWN, vfork),
	ENDS(SPAWN, execve),
	ENDS(SPAWN, execveat),
	ENDS(SPAWN, setns),
	ENDS(SPAWN, unshare),
	/* A thread may begin, but no process, and nothing in another namespace. */
	ENDS_IF(SPAWN, clone, 0, CLONE_THREAD, 0),
	ENDS_IF(SPAWN, clone, 0, CLONE_NEWNS, CLONE_NEWNS),
	ENDS_IF(SPAWN, clone, 0, CLONE_NEWCGROUP, CLONE_NEWCGROUP),
	ENDS_IF(SPAWN, clone, 0, CLONE_NEWUTS, CLONE_NEWUTS),
	ENDS_IF(SPAWN, clone, 0, CLONE_NEWIPC, CLONE_NEWIPC),
	ENDS_IF(SPAWN, clone, 0, CLONE_NEWUSER, CLONE_NEWUSER),
	ENDS_IF(SPAWN, clone, 0, CLONE_NEWPID, CLONE_NEWPID),
	ENDS_IF(SPAWN, clone, 0, CLONE_NEWNET, CLONE_NEWNET),
	/* A filter cannot see its flags, which are in memory. The C library then makes clone. */
	FAILS(SPAWN, clone3, ENOSYS),

	/* The libraries of windows and of sound try these, and go on without them. */
	FAILS(RESOURCES, setpriority, EPERM),
	FAILS(RESOURCES, ioprio_set, EPERM),
	FAILS(RESOURCES, sched_setparam, EPERM),
	FAILS(RESOURCES, sched_setattr, EPERM),
	FAILS(RESOURCES, sched_setaffinity, EPERM),
	/* A thread may step behind all others. */
	FAILS_UNLESS(RESOURCES, sched_setscheduler, EPERM, 1, SCHED_IDLE),
};

/* Calls of the 32-bit ABIs, which the table does not have, end the process, too. */
static const struct attribute {
	enum scmp_filter_attr name;
	u32 value;
} attributes[] = {
	{ SCMP_FLTATR_API_SYSRAWRC, 1 }, /* errors are those of Linux */
	{ SCMP_FLTATR_ACT_BADARCH, SCMP_ACT_KILL_PROCESS },
	{ SCMP_FLTATR_CTL_NNP, 1 },
	{ SCMP_FLTATR_CTL_TSYNC, 1 },
};

int sandbox_check(struct board_error *error)
{
	(void)error;
	return 0;
}

/* Makes the filter, and hands it to Linux. Returns 0 or -errno. */
static int load_rules(scmp_filter_ctx filter, unsigned sets)
{
	int failed = filter ? 0 : -ENOMEM;

	for (unsigned n = 0; n < ARRAY_SIZE(attributes) && !failed; n++)
		failed = seccomp_attr_set(filter, attributes[n].name, attributes[n].value);
	for (unsigned n = 0; n < ARRAY_SIZE(rules) && !failed; n++)
		if (rules[n].set & sets)
			failed = seccomp_rule_add_array(filter, rules[n].action, rules[n].call,
							rules[n].conditions, &rules[n].condition);
	return failed ? failed : seccomp_load(filter);
}

int sandbox_begin(unsigned sets, struct board_error *error)
{
	scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ALLOW);
	int failed = load_rules(filter, sets);

	if (filter)
		seccomp_release(filter);
	if (failed) {
		snprintf(error->text, sizeof(error->text),
			 "-sandbox: Linux does not confine the process: %s; leave it out, or allow "
			 "it where Baya runs",
			 strerror(-failed));
		error->exit_code = EXIT_HOST;
		return failed;
	}
	/* The leak sanitizer traces the process. */
	leaks_ignore();
	return 0;
}

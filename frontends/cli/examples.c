/* SPDX-License-Identifier: MIT */
/*
 * Lists commands that people begin with. They work as printed: tests/system/test_examples.py runs
 * each of them, also those of the monitor, with the files and devices that are named here.
 */
#include "frontends/cli/examples.h"

#include "bus/base.h"

#define NEXT " \\\n       " /* the same command continues on another line */

const struct example examples_table[] = {
	{ .what = "the bundled Linux", .command = "baya", .first = true },
	{ .what = "a kernel with its disk",
	  .command = "baya -m 2G -smp 4 -kernel Image -initrd initrd.gz"
		     NEXT "-append \"root=/dev/vda console=ttyS0\"" NEXT "-drive file=disk.img,format=raw,if=virtio",
	  .first = true },
	{ .what = "a bare-metal program", .command = "baya program.elf", .first = true },
	{ .what = "a command in the bundled Linux",
	  .command = "baya run --share=. -- ls -l", .first = true },
	{ .what = "Debian 13", .command = "baya get debian && baya run debian", .first = true },
	{ .what = "a window with a console in it", .command = "baya -display sdl", .first = true },
	{ .what = "the tests in a folder", .command = "baya test riscv-tests/isa", .first = true },
	{ .what = "why a program hangs", .command = "baya explain program.elf", .first = true },
	{ .what = "what a CVA6 takes for it",
	  .command = "baya --core=cva6 --stats program.elf", .first = true },
	{ .what = "a picture of what runs with -qmp unix:/tmp/qmp,server,nowait",
	  .command = "baya screenshot /tmp/qmp screen.png", .first = true },
	{ .what = "OpenSBI as it stands",
	  .command = "baya -bios fw_dynamic.bin -kernel Image", .first = true },
	{ .what = "a disk on PCIe, with a queue and an interrupt (MSI-X) for each hart",
	  .command = "baya -smp 4 -M virt,aia=aplic-imsic -drive file=disk.img,format=raw,if=none,id=disk"
		     NEXT "-device virtio-blk-pci,drive=disk" },
	{ .what = "QEMU's disk images; what is written goes to work.qcow2, or with -snapshot nowhere",
	  .command = "qemu-img create -f qcow2 -F raw -b disk.img work.qcow2\n"
		     "baya -drive file=work.qcow2,format=qcow2\n"
		     "baya -snapshot -drive file=work.qcow2,format=qcow2\n"
		     "baya -cdrom disc.iso" },
	{ .what = "a machine that is kept whole in its disk, behind Ctrl-a c, and goes on from there later",
	  .command = "qemu-img create -f qcow2 kept.qcow2 1G\n"
		     "baya -drive file=kept.qcow2,format=qcow2\n"
		     "(baya) savevm before\n"
		     "(baya) loadvm before\n"
		     "baya -drive file=kept.qcow2,format=qcow2 -loadvm before" },
	{ .what = "memory that the guest frees goes back to the host",
	  .command = "baya -m 2G -device virtio-balloon-device" },
	{ .what = "a window with a screen of 1024 by 768, scaled by whole numbers",
	  .command = "baya -display sdl,scale=integer -device virtio-gpu-device,xres=1024,yres=768"
		     NEXT "-device virtio-keyboard-device -device virtio-tablet-device" },
	{ .what = "the same for VNC viewers, at port 5901", .command = "baya -vnc :1" },
	{ .what = "a window with a screen that firmware or the device tree tells of",
	  .command = "baya -display sdl -device ramfb -device virtio-keyboard-device" },
	{ .what = "a picture that is the same each time",
	  .command = "baya -device virtio-gpu-device --clock=virtual --max-insns=90000000"
		     NEXT "--screenshot=screen.png" },
	{ .what = "a network, where port 2222 of the host leads to the guest's ssh",
	  .command = "baya -nic user,hostfwd=tcp:127.0.0.1:2222-:22" },
	{ .what = "two machines with a network of their own",
	  .command = "baya -nic stream,server=on,addr.type=unix,addr.path=/tmp/wire,mac=52:54:00:00:00:01\n"
		     "baya -nic stream,addr.type=unix,addr.path=/tmp/wire,mac=52:54:00:00:00:02" },
	{ .what = "all that passes on a network, for tcpdump",
	  .command = "baya -nic user,id=n -object filter-dump,id=d,netdev=n,file=wire.pcap" },
	{ .what = "the current folder in the guest, by 9P and by virtio-fs, and what mounts it there",
	  .command = "baya -virtfs local,path=.,mount_tag=host,security_model=none\n"
		     "# mount -t 9p -o trans=virtio,version=9p2000.L host /mnt\n"
		     "baya -fsdev local,id=f,path=.,security_model=none"
		     NEXT "-device virtio-fs-device,fsdev=f,tag=host\n"
		     "# mount -t virtiofs host /mnt" },
	{ .what = "a stream between a program in the guest and one that comes to a socket",
	  .command = "baya -device virtio-serial-device -chardev socket,id=a,path=agent.sock,server=on,wait=off"
		     NEXT "-device virtserialport,chardev=a,name=org.example.agent" },
	{ .what = "a sound card for Debian, and sockets (AF_VSOCK) between it and the host",
	  .command = "baya run debian -device virtio-sound-device,audiodev=a -audiodev sdl,id=a\n"
		     "baya run debian -device virtio-vsock-device,guest-cid=3,socket=/tmp/guest" },
	{ .what = "the monitor, behind Ctrl-a c: what runs, why, and how its memory is mapped",
	  .command = "(baya) ps\n(baya) explain\n(baya) x/10i $pc\n(baya) gva2gpa $pc\n"
		     "(baya) explain $sp w\n(baya) info mem\n(baya) info tlb" },
	{ .what = "what there is, and a picture, keys and the pointer of a machine without a window",
	  .command = "(baya) info qtree\n(baya) info block\n(baya) info network\n"
		     "(baya) screendump screen.png\n(baya) sendkey ctrl-c\n"
		     "(baya) mouse_move 16383 16383" },
	{ .what = "GDB, from the first instruction on",
	  .command = "baya -s -S -append nokaslr &\n"
		     "gdb-multiarch -ex 'target remote :1234'" },
	{ .what = "semihosting, with the files of a folder and a command line",
	  .command = "baya program.elf -semihosting-config 'enable=on,path=data,arg=program one two'" },
	{ .what = "control by programs, in JSON",
	  .command = "baya -qmp unix:/tmp/qmp,server,nowait" },
};
const unsigned examples_count = ARRAY_SIZE(examples_table);

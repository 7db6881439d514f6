/* SPDX-License-Identifier: MIT */
/*
 * Commands that people begin with. They work as printed: tests/system/test_examples.py runs each of
 * them, also those of the monitor, so it has the files and devices that are named here.
 */
#include "frontends/cli/examples.h"

#include "bus/base.h"

#define NEXT " \\\n       " /* the same command continues on another line */

const struct example examples_table[] = {
	{ "the bundled Linux", "baya", true },
	{ "a kernel with its disk",
	  "baya -m 2G -smp 4 -kernel Image -initrd initrd.gz"
	  NEXT "-append \"root=/dev/vda console=ttyS0\"" NEXT "-drive file=disk.img,format=raw,if=virtio",
	  true },
	{ "a bare-metal program", "baya program.elf", true },
	{ "a command in the bundled Linux", "baya run --share=. -- ls -l", true },
	{ "Debian 13", "baya get debian && baya run debian", true },
	{ "a window with a console in it", "baya -display sdl", true },
	{ "the tests in a folder", "baya test riscv-tests/isa", true },
	{ "why a program hangs", "baya explain program.elf", true },
	{ "what a CVA6 takes for it", "baya --core=cva6 --stats program.elf", true },
	{ "a picture of what runs with -qmp unix:/tmp/qmp,server,nowait",
	  "baya screenshot /tmp/qmp screen.png", true },
	{ "OpenSBI as it stands", "baya -bios fw_dynamic.bin -kernel Image", true },
	{ "a disk on PCIe, with a queue and an interrupt (MSI-X) for each hart",
	  "baya -smp 4 -M virt,aia=aplic-imsic -drive file=disk.img,format=raw,if=none,id=disk"
	  NEXT "-device virtio-blk-pci,drive=disk", false },
	{ "QEMU's disk images; what is written goes to work.qcow2, or with -snapshot nowhere",
	  "qemu-img create -f qcow2 -F raw -b disk.img work.qcow2\n"
	  "baya -drive file=work.qcow2,format=qcow2\n"
	  "baya -snapshot -drive file=work.qcow2,format=qcow2\n"
	  "baya -cdrom disc.iso", false },
	{ "a machine that is kept whole in its disk, behind Ctrl-a c, and goes on from there later",
	  "qemu-img create -f qcow2 kept.qcow2 1G\n"
	  "baya -drive file=kept.qcow2,format=qcow2\n"
	  "(baya) savevm before\n"
	  "(baya) loadvm before\n"
	  "baya -drive file=kept.qcow2,format=qcow2 -loadvm before", false },
	{ "memory that the guest frees goes back to the host",
	  "baya -m 2G -device virtio-balloon-device", false },
	{ "a window with a screen of 1024 by 768, scaled by whole numbers",
	  "baya -display sdl,scale=integer -device virtio-gpu-device,xres=1024,yres=768"
	  NEXT "-device virtio-keyboard-device -device virtio-tablet-device", false },
	{ "the same for VNC viewers, at port 5901", "baya -vnc :1", false },
	{ "a window with a screen that firmware or the device tree tells of",
	  "baya -display sdl -device ramfb -device virtio-keyboard-device", false },
	{ "a picture that is the same each time",
	  "baya -device virtio-gpu-device --clock=virtual --max-insns=90000000"
	  NEXT "--screenshot=screen.png", false },
	{ "a network, where port 2222 of the host leads to the guest's ssh",
	  "baya -nic user,hostfwd=tcp:127.0.0.1:2222-:22", false },
	{ "two machines with a network of their own",
	  "baya -nic stream,server=on,addr.type=unix,addr.path=/tmp/wire,mac=52:54:00:00:00:01\n"
	  "baya -nic stream,addr.type=unix,addr.path=/tmp/wire,mac=52:54:00:00:00:02", false },
	{ "all that passes on a network, for tcpdump",
	  "baya -nic user,id=n -object filter-dump,id=d,netdev=n,file=wire.pcap", false },
	{ "the current folder in the guest, by 9P and by virtio-fs, and what mounts it there",
	  "baya -virtfs local,path=.,mount_tag=host,security_model=none\n"
	  "# mount -t 9p -o trans=virtio,version=9p2000.L host /mnt\n"
	  "baya -fsdev local,id=f,path=.,security_model=none"
	  NEXT "-device virtio-fs-device,fsdev=f,tag=host\n"
	  "# mount -t virtiofs host /mnt", false },
	{ "a stream between a program in the guest and one that comes to a socket",
	  "baya -device virtio-serial-device -chardev socket,id=a,path=agent.sock,server=on,wait=off"
	  NEXT "-device virtserialport,chardev=a,name=org.example.agent", false },
	{ "a sound card for Debian, and sockets (AF_VSOCK) between it and the host",
	  "baya run debian -device virtio-sound-device,audiodev=a -audiodev sdl,id=a\n"
	  "baya run debian -device virtio-vsock-device,guest-cid=3,socket=/tmp/guest", false },
	{ "the monitor, behind Ctrl-a c: what runs, why, and how its memory is mapped",
	  "(baya) ps\n(baya) explain\n(baya) x/10i $pc\n(baya) gva2gpa $pc\n"
	  "(baya) explain $sp w\n(baya) info mem\n(baya) info tlb", false },
	{ "what there is, and a picture, keys and the pointer of a machine without a window",
	  "(baya) info qtree\n(baya) info block\n(baya) info network\n"
	  "(baya) screendump screen.png\n(baya) sendkey ctrl-c\n"
	  "(baya) mouse_move 16383 16383", false },
	{ "GDB, from the first instruction on",
	  "baya -s -S -append nokaslr &\n"
	  "gdb-multiarch -ex 'target remote :1234'", false },
	{ "semihosting, with the files of a folder and a command line",
	  "baya program.elf -semihosting-config 'enable=on,path=data,arg=program one two'", false },
	{ "control by programs, in JSON", "baya -qmp unix:/tmp/qmp,server,nowait", false },
};
const unsigned examples_count = ARRAY_SIZE(examples_table);

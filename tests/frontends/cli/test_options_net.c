/* SPDX-License-Identifier: MIT */
/* -nic, -netdev and the properties of network cards: addresses, and which of them are refused. */
#include "tests/frontends/cli/options_line.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>

static void check_mac(const struct options *options, unsigned n, u8 last)
{
	const u8 mac[KEY_MAC_SIZE] = { 0x52, 0x54, 0, 0x12, 0x34, last };
	const struct virtio_net_properties *card = options->board.devices[n].properties;

	assert_memory_equal(card->mac, mac, sizeof(mac));
}

/* A card gets a default address that no other card has; all zeros request such an address, too. */
static void test_default_macs(void **state)
{
	const struct options *options =
		parse_well("-nic user -nic user,mac=52:54:00:12:34:57 -nic user "
			   "-nic user,mac=00:00:00:00:00:00 -nic user,mac=52:54:00:12:34:56");

	check_mac(options, 0, 0x58);
	check_mac(options, 1, 0x57);
	check_mac(options, 2, 0x59);
	check_mac(options, 3, 0x5a);
	check_mac(options, 4, 0x56);
	options = parse_well("-net nic,macaddr=52-54-00-12-34-56 -net nic -net user");
	check_mac(options, 0, 0x56);
	check_mac(options, 1, 0x57);
}

/* As in QEMU, a card needs no network. */
static void test_card_alone(void **state)
{
	const struct options *options =
		parse_well("-device virtio-net-pci -nic user -device virtio-net-device");

	check_mac(options, 0, 0x56);
	check_mac(options, 2, 0x58);
	assert_int_equal(options->net.netdev_count, 1);
	assert_string_equal(
		options->warnings,
		"baya: -device virtio-net-pci: the card has no network; netdev=ID connects "
		"it to that of -netdev ...,id=ID\n"
		"baya: -device virtio-net-device: the card has no network; netdev=ID "
		"connects it to that of -netdev ...,id=ID\n");
}

#define NO_MAC(text)                                                                               \
	"mac: '" text "' is not the address of a card; give one such as 52:54:00:12:34:56"

static void test_macs(void **state)
{
	static const struct mistake mistakes[] = {
		{ "-nic user,mac=01:00:00:00:00:00", "-nic user: " NO_MAC("01:00:00:00:00:00") },
		{ "-nic user,mac=2:00:00:00:00:00", "-nic user: " NO_MAC("2:00:00:00:00:00") },
		{ "-nic user,mac=02:00:00:00:00", "-nic user: " NO_MAC("02:00:00:00:00") },
		{ "-netdev user,id=n -device virtio-net-device,netdev=n,mac=02:00:00:00:00:0g",
		  "-device virtio-net-device: " NO_MAC("02:00:00:00:00:0g") },
	};

	check_errors_are(mistakes, ARRAY_SIZE(mistakes));
}

/* QEMU refuses these too: the guest's network would not work. */
static void test_impossible_addresses(void **state)
{
	static const struct mistake mistakes[] = {
		{ "-nic user,dhcpstart=10.1.2.3",
		  "-nic user: dhcpstart=10.1.2.3 is not in the network 10.0.2.0/24; give one that "
		  "is" },
		{ "-nic user,net=10.9.0.0/20,host=10.9.16.1",
		  "-nic user: host=10.9.16.1 is not in the network 10.9.0.0/20; give one that is" },
		{ "-nic user,ipv6-host=fd00::2",
		  "-nic user: ipv6-host=fd00::2 is not in the network fec0::/64; give one that is" },
		{ "-nic user,dns=8.8.8.8,restrict=on",
		  "-nic user: dns=8.8.8.8 is not in the network 10.0.2.0/24; give one that is" },
		{ "-nic user,host=10.0.2.3", "-nic user: host= and dns= are both 10.0.2.3; give "
					     "each an address of its own" },
		{ "-nic user,dns=10.0.2.2", "-nic user: host= and dns= are both 10.0.2.2; give "
					    "each an address of its own" },
		{ "-nic user,dhcpstart=10.0.2.2", "-nic user: host= and dhcpstart= are both "
						  "10.0.2.2; give each an address of its own" },
		{ "-nic user,net=10.9.1.0/30", "-nic user: dns= and dhcpstart= are both 10.9.1.3; "
					       "give each an address of its own" },
	};

	check_errors_are(mistakes, ARRAY_SIZE(mistakes));
	parse_well("-nic user,dns=8.8.8.8");
	parse_well("-nic user,net=10.9.1.0/28,dns=10.9.1.4,host=10.9.1.1,dhcpstart=10.9.1.2");
	parse_well("-nic user,ipv6-net=fd00::/60,ipv6-host=fd00:0:0:f::2");
}

static void check_address(struct in_addr address, u32 wanted)
{
	assert_int_equal(ntohl(address.s_addr), wanted);
}

/* In a larger network, the default addresses are the same as in QEMU. */
static void test_default_addresses(void **state)
{
	const struct net_user *user =
		parse_well("-nic user,net=10.9.0.0/16")->net.netdevs[0].settings;

	check_address(user->host, 0x0a090202);
	check_address(user->dns, 0x0a090203);
	check_address(user->dhcp_start, 0x0a09020f);
}

/* A network without the length of its prefix is as large as in QEMU. */
static void test_default_masks(void **state)
{
	static const struct {
		const char *line;
		u32 mask, guest;
	} rows[] = {
		{ "-nic user", 0xffffff00, 0x0a00020f },
		{ "-nic user,net=10.1.2.0", 0xff000000, 0x0a00020f },
		{ "-nic user,net=172.20.5.0", 0xfff00000, 0xac10020f },
		{ "-nic user,net=172.32.5.0", 0xffff0000, 0xac20020f },
		{ "-nic user,net=192.168.10.0", 0xffff0000, 0xc0a8020f },
		{ "-nic user,net=192.167.10.0", 0xfffffff0, 0xc0a70a0f },
		{ "-nic user,net=198.18.0.0", 0xfffe0000, 0xc612020f },
		{ "-nic user,net=192.168.10.0/24", 0xffffff00, 0xc0a80a0f },
	};

	for (unsigned n = 0; n < ARRAY_SIZE(rows); n++) {
		const struct net_user *user = parse_well(rows[n].line)->net.netdevs[0].settings;

		check_address(user->mask, rows[n].mask);
		check_address(user->dhcp_start, rows[n].guest);
	}
}

static const struct net_user *user_of(const char *line)
{
	return parse_well(line)->net.netdevs[0].settings;
}

/* A network's address can be written in several ways, as for QEMU. */
static void test_spellings(void **state)
{
	static const struct mistake mistakes[] = {
		{ "-nic user,net=10.9.0.0/255.0.255.0", "-nic user: net: '10.9.0.0/255.0.255.0' is "
							"not accepted; give ADDRESS[/BITS|/MASK]" },
		{ "-nic user,net=10.9.0.0/255.255.255.255",
		  "-nic user: net: '10.9.0.0/255.255.255.255' is not accepted; give "
		  "ADDRESS[/BITS|/MASK]" },
		{ "-nic user,ipv6-prefixlen=127", "-nic user: ipv6-prefixlen: '127' is out of "
						  "range; accepted: 0 to 126" },
		{ "-nic user,hostfwd=tcp::1-:0", "-nic user: hostfwd: 'tcp::1-:0' is not accepted; "
						 "give tcp|udp:[ADDRESS]:PORT-[ADDRESS]:PORT" },
	};

	check_address(user_of("-nic user,net=10.9.0.0/255.255.240.0")->mask, 0xfffff000);
	assert_int_equal(user_of("-nic user,ipv6-prefix=fd00::")->prefix6, 64);
	assert_int_equal(user_of("-nic user,ipv6-prefix=fd00::,ipv6-prefixlen=48")->prefix6, 48);
	assert_int_equal(user_of("-nic user,ipv6-net=fd00::/56")->prefix6, 56);
	assert_int_equal(user_of("-nic user,hostfwd=tcp::0-:22")->forwards[0].host_port, 0);
	check_errors_are(mistakes, ARRAY_SIZE(mistakes));
}

/* Each end of dgram needs its address, except for a member of a multicast group, and for a
 * descriptor that may be connected. */
static void test_dgram_ends(void **state)
{
#define OWN                                                                                        \
	"-nic dgram: needs the address of this side, local.type= and so on, unless remote.host= "  \
	"is a group, from 224.0.0.0 to 239.255.255.255"
	static const struct mistake mistakes[] = {
		{ "-nic dgram,remote.type=inet,remote.host=127.0.0.1,remote.port=9444", OWN },
		{ "-nic dgram,remote.type=unix,remote.path=/tmp/other", OWN },
		{ "-nic dgram,local.type=inet,local.host=127.0.0.1,local.port=9444",
		  "-nic dgram: needs remote.type=inet|unix|fd, and here remote.host=HOST and "
		  ".port=PORT" },
		{ "-nic dgram,local.type=unix,local.path=a,remote.host=127.0.0.1,remote.port=9444",
		  "-nic dgram: local.type= and remote.type= differ; give both the same" },
	};

	check_errors_are(mistakes, ARRAY_SIZE(mistakes));
	parse_well("-nic dgram,local.type=fd,local.str=3");
	parse_well("-nic dgram,local.type=fd,local.str=3,remote.host=127.0.0.1,remote.port=9444");
	parse_well("-nic dgram,remote.host=224.0.0.77,remote.port=9444");
}

/* A machine may be a switch with many neighbours. */
static void test_many_networks(void **state)
{
	char text[1000] = "";

	for (unsigned n = 0; n < 20; n++)
		strcat(text, "-nic hubport,hubid=0,model=virtio-net-pci ");
	assert_int_equal(parse_well(text)->net.netdev_count, 20);
}

static void test_ring_sizes(void **state)
{
	static const struct mistake mistakes[] = {
		{ "-netdev user,id=n -device virtio-net-device,netdev=n,rx_queue_size=300",
		  "-device virtio-net-device: rx_queue_size: '300' is no power of two; give 256, "
		  "512 or 1024" },
		{ "-netdev user,id=n -device virtio-net-device,netdev=n,tx_queue_size=128",
		  "-device virtio-net-device: tx_queue_size: '128' is out of range; accepted: 256 "
		  "to 1024" },
	};

	check_errors_are(mistakes, ARRAY_SIZE(mistakes));
}

static void test_long_names(void **state)
{
	char name[257], text[300], wanted[100];

	memset(name, 'x', sizeof(name));
	for (unsigned n = 0; n < 2; n++) {
		int max = n ? 127 : 255;
		const struct mistake mistake = { text, wanted };

		snprintf(text, sizeof(text), "-nic user,%s=%.*s", n ? "bootfile" : "hostname", max,
			 name);
		parse_well(text);
		strcat(text, "x");
		snprintf(wanted, sizeof(wanted),
			 "-nic user: %s= is longer than %d bytes; give less",
			 n ? "bootfile" : "hostname", max);
		check_errors_are(&mistake, 1);
	}
}

const struct CMUnitTest unit_tests[] = {
	cmocka_unit_test(test_default_macs),
	cmocka_unit_test(test_card_alone),
	cmocka_unit_test(test_macs),
	cmocka_unit_test(test_impossible_addresses),
	cmocka_unit_test(test_default_addresses),
	cmocka_unit_test(test_default_masks),
	cmocka_unit_test(test_spellings),
	cmocka_unit_test(test_dgram_ends),
	cmocka_unit_test(test_many_networks),
	cmocka_unit_test(test_ring_sizes),
	cmocka_unit_test(test_long_names),
	{ 0 },
};

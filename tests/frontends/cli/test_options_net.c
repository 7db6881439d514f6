/* SPDX-License-Identifier: MIT */
/* -nic, -netdev and the properties of network cards: addresses, and what of them is refused. */
#include "tests/frontends/cli/options_line.h"

#include <string.h>

static void check_mac(const struct options *options, unsigned n, u8 last)
{
	const u8 mac[KEY_MAC_SIZE] = { 0x52, 0x54, 0, 0x12, 0x34, last };
	const struct virtio_net_properties *card = options->board.devices[n].properties;

	assert_memory_equal(card->mac, mac, sizeof(mac));
}

/* A default address is one that no card has; all zeros ask for it. */
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
	options = parse_well("-net nic,macaddr=52:54:00:12:34:56 -net nic -net user");
	check_mac(options, 0, 0x56);
	check_mac(options, 1, 0x57);
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

const struct CMUnitTest unit_tests[] = {
	cmocka_unit_test(test_default_macs),
	cmocka_unit_test(test_macs),
	{ 0 },
};

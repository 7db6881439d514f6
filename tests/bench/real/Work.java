// SPDX-License-Identifier: MIT
// Collections, streams, strings and loops.
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

public class Work {
	record Order(String customer, int amount, double price) {
	}

	static long state = 1;

	static int pick(int limit) {
		state = (state * 1103515245 + 12345) & 0x7fffffff;
		return (int)(state >>> 16) % limit;
	}

	static long collatz(int limit) {
		long longest = 0;
		for (int first = 1; first < limit; first++) {
			long steps = 0;
			for (long n = first; n != 1; steps++)
				n = (n & 1) == 0 ? n / 2 : 3 * n + 1;
			longest = Math.max(longest, steps);
		}
		return longest;
	}

	public static void main(String[] arguments) {
		List<Order> orders = new ArrayList<>();
		for (int n = 0; n < 40000; n++)
			orders.add(new Order("customer" + pick(500), pick(20), pick(10000) / 100.0));
		Map<String, Double> totals = new HashMap<>();
		for (Order order : orders)
			totals.merge(order.customer(), order.amount() * order.price(), Double::sum);
		Map<Integer, Long> sizes = new TreeMap<>(orders.stream().collect(
			Collectors.groupingBy(Order::amount, Collectors.counting())));
		StringBuilder text = new StringBuilder();
		for (String name : totals.keySet().stream().sorted().toList())
			text.append(name).append(String.format("%.2f", totals.get(name)));
		System.out.println(text.toString().hashCode() + " " + sizes + " " + collatz(100000));
	}
}

-- SPDX-License-Identifier: MIT
-- Tables, closures, strings, numbers: a queue of events, a sieve, words.
local state = 1
local function pick(limit)
	state = (state * 1103515245 + 12345) % 2147483648
	return state // 65536 % limit
end

local heap = {}
local function push(value)
	local at = #heap + 1
	while at > 1 and heap[at // 2] > value do
		heap[at] = heap[at // 2]
		at = at // 2
	end
	heap[at] = value
end
local function pop()
	local top, last = heap[1], table.remove(heap)
	local at, size = 1, #heap
	while size > 0 and 2 * at <= size do
		local child = 2 * at
		if child < size and heap[child + 1] < heap[child] then
			child = child + 1
		end
		if heap[child] >= last then
			break
		end
		heap[at] = heap[child]
		at = child
	end
	if size > 0 then
		heap[at] = last
	end
	return top
end

local sum = 0.0
for round = 1, 4 do
	for _ = 1, 15000 do
		push(pick(30000))
	end
	for n = 1, 15000 do
		sum = sum + pop() / n
	end
end
local composite, primes = {}, 0
for n = 2, 100000 do
	if not composite[n] then
		primes = primes + 1
		for multiple = n * n, 100000, n do
			composite[multiple] = true
		end
	end
end
local words = {}
for n = 1, 15000 do
	local word = string.format("%x", pick(30000)):reverse():upper()
	words[word] = (words[word] or 0) + #word:gsub("A", "aa")
end
local names = {}
for word in pairs(words) do
	names[#names + 1] = word .. words[word]
end
table.sort(names)
print(primes, #names, names[1], names[#names], string.format("%.6f", sum))

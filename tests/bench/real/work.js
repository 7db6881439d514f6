// SPDX-License-Identifier: MIT
// Objects, closures, typed arrays, strings and JSON, as a compiler at run time meets them.
'use strict';

let state = 1;

function pick(limit) {
	state = (Math.imul(state, 1103515245) + 12345) & 0x7fffffff;
	return (state >>> 16) % limit;
}

class Shape {
	constructor(width, height) {
		this.width = width;
		this.height = height;
	}
	area() {
		return this.width * this.height;
	}
}

class Triangle extends Shape {
	area() {
		return super.area() / 2;
	}
}

function multiply(a, b, size) {
	const product = new Float64Array(size * size);
	for (let i = 0; i < size; i++)
		for (let k = 0; k < size; k++)
			for (let j = 0; j < size; j++)
				product[i * size + j] += a[i * size + k] * b[k * size + j];
	return product;
}

let sum = 0;
for (let n = 0; n < 300000; n++) {
	const shape = n % 3 ? new Shape(pick(10), n % 7) : new Triangle(pick(10), n % 5);
	sum += shape.area();
}
const matrix = Float64Array.from({ length: 90 * 90 }, () => pick(1000) / 1000);
const product = multiply(multiply(matrix, matrix, 90), matrix, 90);
const records = Array.from({ length: 8000 }, (_, n) => (
	{ id: n, name: `user${pick(1000)}`, tags: [pick(9), pick(9)] }));
const back = JSON.parse(JSON.stringify(records));
const groups = new Map();
for (const { name, tags } of back)
	groups.set(name, (groups.get(name) || 0) + tags.reduce((a, b) => a + b));
const order = [...groups].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1)).slice(0, 5);
const text = back.map(record => record.name).join(' ').replace(/user(\d)\d/g, '$1-');
console.log(sum, product[4049].toFixed(6), text.length, JSON.stringify(order));

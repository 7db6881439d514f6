-- SPDX-License-Identifier: MIT
-- Orders of customers: inserted, indexed, joined and grouped.
CREATE TABLE customer(id INTEGER PRIMARY KEY, name TEXT, city TEXT);
CREATE TABLE purchase(id INTEGER PRIMARY KEY, customer INTEGER, amount INTEGER, what TEXT);
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2000)
INSERT INTO customer SELECT i, printf('name%05d', i * 7919 % 2000), 'city' || i * 31 % 40 FROM n;
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 40000)
INSERT INTO purchase SELECT i, i * 7 % 2000 + 1, i * 104729 % 1000, hex(i * 48271 % 65536) FROM n;
CREATE INDEX by_customer ON purchase(customer);
CREATE INDEX by_what ON purchase(what);
SELECT city, count(*), sum(amount), max(what) FROM customer
JOIN purchase ON purchase.customer = customer.id GROUP BY city ORDER BY 3 DESC LIMIT 5;
UPDATE purchase SET amount = amount + 1 WHERE what LIKE '3%4';
SELECT count(*), sum(amount) FROM purchase
WHERE customer IN (SELECT id FROM customer WHERE name < 'name00500');
SELECT sum(length(name || city)), avg(amount) FROM purchase, customer WHERE customer = customer.id;
DELETE FROM purchase WHERE amount % 3 = 0;
SELECT count(*), total(amount) FROM purchase;

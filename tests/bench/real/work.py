# SPDX-License-Identifier: MIT
"""Does what scripts do: counts words, sorts and groups records, and uses JSON, regular expressions
and classes."""

import json
import random
import re
import zlib


class Account:
    def __init__(self, owner):
        self.owner = owner
        self.balance = 0

    def pay(self, amount):
        self.balance += amount
        return self


def main():
    choice = random.Random(1)
    words = ["".join(choice.choices("abcdefgh", k=choice.randint(2, 6))) for _ in range(15000)]
    count = {}
    for word in words:
        count[word] = count.get(word, 0) + 1
    top = sorted(count.items(), key=lambda item: (-item[1], item[0]))[:50]
    accounts = {}
    for number, word in enumerate(words):
        accounts.setdefault(word[:3], Account(word[:3])).pay(number % 100)
    rich = [account.owner for account in accounts.values() if account.balance > 2000]
    text = json.dumps({"top": top, "rich": rich, "words": words})
    found = re.findall(r"\b([a-d]+)([e-h]+)\b", text)
    back = json.loads(text)
    numbers = [sum(i * j % 7 for j in range(60)) for i in range(600)]
    print(zlib.crc32(text.encode()), len(found), len(back["words"]), sum(numbers), rich[:5])


for _ in range(2):
    main()

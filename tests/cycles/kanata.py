# SPDX-License-Identifier: MIT
"""Reads pipelines in the Kanata format, version 4, and checks its rules: time advances, and an
instruction begins once, before any other line about it, and ends once."""

STAGES = "FDIXMC"


class Instruction:
    def __init__(self):
        self.stages = []  # (name, cycle)
        self.label = None
        self.end = None  # cycle
        self.flushed = None


def read(path):
    """Returns all instructions, by id."""
    lines = path.read_text(encoding="ascii").split("\n")
    assert lines[0] == "Kanata\t0004" and lines[-1] == ""
    now, retired, found = None, 0, []
    for line in lines[1:-1]:
        command, *words = line.split("\t")
        number = int(words[0])
        if command == "C=":
            assert now is None
            now = number
            continue
        if command == "C":
            assert number > 0
            now += number
            continue
        if command == "I":
            assert number == len(found), line
            found.append(Instruction())
            continue
        instruction = found[number]
        assert instruction.end is None, line
        if command == "L" and words[1] == "0":
            assert instruction.label is None, line
            instruction.label = words[2]
        elif command == "S":
            assert words[1] == "0", line
            instruction.stages.append((words[2], now))
        elif command == "R":
            instruction.end, instruction.flushed = now, words[2] == "1"
            assert int(words[1]) == retired, line
            retired += not instruction.flushed
        else:
            assert command == "L" and words[1] == "1", line
    return found


def check(found):
    """Checks that each instruction has a label, and goes through the stages in order."""
    for instruction in found:
        names = [STAGES.index(name) for name, _ in instruction.stages]
        assert names == sorted(set(names)) and names[0] == 0, instruction.stages
        cycles = [cycle for _, cycle in instruction.stages]
        assert cycles == sorted(cycles) and cycles[-1] <= instruction.end
        assert instruction.label, instruction.stages

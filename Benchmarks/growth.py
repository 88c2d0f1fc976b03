#!/usr/bin/env python3
"""Reads growth.sh's figures and writes tables of Markdown and a plot: growth.py FIGURES PLOT.svg.

Fails when ten times the size doubles what an operation costs. Where the cost is the logarithm of the
size that is at most a third more, where it is the size itself ten times as much; what lies between
is left to caches that no longer hold everything, and to the noise of the machine.
"""

import math
import sys

from plot import Chart, draw, number

POWERS = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")


def read(path: str) -> tuple[dict, dict]:
    """Costs and rates of operations by name and size, then other figures likewise."""
    operations, others = {}, {}
    with open(path) as file:
        for line in file:
            size, name, *figures = line.rstrip("\n").split("\t")
            if len(figures) == 1:
                others.setdefault(name, {})[int(size)] = float(figures[0])
            else:
                cost, rate, errors = map(float, figures)
                if errors:
                    raise SystemExit(f"{name} at {size}: {errors:.0f} errors")
                operations.setdefault(name, {})[int(size)] = (cost, rate)
    return operations, others


def label(size: int) -> str:
    """A size as a power of ten when it is one."""
    power = round(math.log10(size))
    return f"10{str(power).translate(POWERS)}" if 10**power == size else f"{size:,}"


def tenfold(costs: dict[int, float]) -> float:
    """How much more ten times the size costs where that is worst."""
    sizes = sorted(costs)
    return max((costs[large] / costs[small]) ** (1 / math.log10(large / small))
               for small, large in zip(sizes, sizes[1:]))


def main() -> int:
    operations, others = read(sys.argv[1])
    sizes = sorted(next(iter(operations.values())))
    least = sizes[0]
    labels = [label(size) for size in sizes]
    print(f"| operation | {' | '.join(f'µs at {at}' for at in labels)} | for ten times the size |"
          f" {' | '.join(f'per second at {at}' for at in labels)} |")
    print("|---" * (2 * len(sizes) + 2) + "|")
    charts, grown = [], []
    for name, figures in operations.items():
        costs = {size: cost for size, (cost, _) in figures.items()}
        worst = tenfold(costs)
        if worst >= 2:
            grown.append(name)
        print(f"| {name} | {' | '.join(number(costs[size]) for size in sizes)}"
              f" | at most × {worst:.2f} | {' | '.join(f'{figures[size][1]:.0f}' for size in sizes)} |")
        charts.append(Chart(
            f"{name}, µs", sorted(costs.items()),
            [(size, costs[least] * math.log(size) / math.log(least)) for size in sizes]))
    print(f"\n| size | {' | '.join(labels)} |")
    print("|---" * (len(sizes) + 1) + "|")
    for name, figures in others.items():
        print(f"| {name} | {' | '.join(number(figures[size]) for size in sizes)} |")
        charts.append(Chart(name, sorted(figures.items())))
    with open(sys.argv[2], "w") as file:
        file.write(draw(charts, dict(zip(sizes, labels)), columns=3, logarithmic=True))
    for name in grown:
        print(f"{name} grows faster than the logarithm of the size", file=sys.stderr)
    return 1 if grown else 0


if __name__ == "__main__":
    sys.exit(main())

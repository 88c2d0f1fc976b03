#!/usr/bin/env python3
"""Reads growth.sh's figures and writes tables of Markdown and a plot: growth.py FIGURES PLOT.svg.

Fails when something grew by more than the logarithm of the size.
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


def main() -> int:
    operations, others = read(sys.argv[1])
    sizes = sorted(next(iter(operations.values())))
    least, most = sizes[0], sizes[-1]
    allowed = math.log(most) / math.log(least)
    labels = [label(size) for size in sizes]
    print(f"| operation | {' | '.join(f'µs at {at}' for at in labels)} | growth |"
          f" {' | '.join(f'per second at {at}' for at in labels)} |")
    print("|---" * (2 * len(sizes) + 2) + "|")
    charts, grown = [], []
    for name, figures in operations.items():
        growth = figures[most][0] / figures[least][0]
        if growth > allowed:
            grown.append(name)
        print(f"| {name} | {' | '.join(number(figures[size][0]) for size in sizes)}"
              f" | {growth:.2f} | {' | '.join(f'{figures[size][1]:.0f}' for size in sizes)} |")
        charts.append(Chart(
            f"{name}, µs", [(size, figures[size][0]) for size in sizes],
            [(size, figures[least][0] * math.log(size) / math.log(least)) for size in sizes]))
    print(f"\n| size | {' | '.join(labels)} |")
    print("|---" * (len(sizes) + 1) + "|")
    for name, figures in others.items():
        print(f"| {name} | {' | '.join(number(figures[size]) for size in sizes)} |")
        charts.append(Chart(name, [(size, figures[size]) for size in sizes]))
    with open(sys.argv[2], "w") as file:
        file.write(draw(charts, dict(zip(sizes, labels)), columns=3, logarithmic=True))
    print(f"\nLogarithmic growth would be {allowed:.2f};"
          f" {', '.join(grown) if grown else 'nothing'} grew by more.")
    return 1 if grown else 0


if __name__ == "__main__":
    sys.exit(main())

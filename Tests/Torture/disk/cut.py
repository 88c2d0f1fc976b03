"""Cuts the power of files that the disk in disk.c has written: what was not synced may be gone."""

import os
import random
import struct

RECORD = struct.Struct("=QQII")
SECTOR = 512


def cut(path: str, chance: random.Random) -> int:
    """Takes back a part of what was not synced of a file; returns how many sectors.

    All of it, none of it, or any of the sectors, as a disk may have written them in any order.
    """
    kept = path + ".kept"
    if not os.path.exists(kept) or not os.path.exists(path):
        return 0
    records = read(kept)
    share = chance.choice([0.0, 0.5, 0.9, 1.0])
    taken = 0
    with open(path, "r+b") as file:
        for offset, old_size, new_length, old in reversed(records):
            length = new_length or len(old)
            for start in range(0, length, SECTOR):
                if chance.random() >= share:
                    continue
                taken += 1
                end = min(start + SECTOR, length)
                # What lay beyond the end of the file reads as zeros.
                sector = old[start:end].ljust(end - start, b"\0")
                file.seek(offset + start)
                file.write(sector)
        if records and share == 1.0:
            file.truncate(records[0][1])
        file.flush()
    os.unlink(kept)
    return taken


def read(kept: str) -> list[tuple[int, int, int, bytes]]:
    """What was replaced since the last sync, oldest first."""
    with open(kept, "rb") as file:
        data = file.read()
    records, at = [], 0
    while at + RECORD.size <= len(data):
        offset, old_size, old_length, new_length = RECORD.unpack_from(data, at)
        at += RECORD.size
        if at + old_length > len(data):
            break
        records.append((offset, old_size, new_length, data[at : at + old_length]))
        at += old_length
    return records

"""What Python's own e-mail package makes of a message, as plain JSON."""

import base64
import hashlib
import re
from email import message_from_bytes, policy
from email.utils import parsedate_to_datetime


def describe(raw):
    """Everything a test may want to know about the bytes of a message."""
    message = message_from_bytes(raw, policy=policy.default)
    lines = raw.split(b"\r\n")
    return {
        "raw": base64.b64encode(raw).decode(),
        "longest_line": max(len(line) for line in lines),
        "has_bare_line_break": re.search(rb"(?<!\r)\n|\r(?!\n)", raw) is not None,
        "is_ascii": raw.isascii(),
        "defects": [repr(defect) for part in message.walk() for defect in defects(part)],
        "headers": [{"name": name, "value": str(value)} for name, value in message.items()],
        "from": addresses(message, "From"),
        "to": addresses(message, "To"),
        "cc": addresses(message, "Cc"),
        "date": parsedate_to_datetime(message["Date"]).isoformat() if message["Date"] else None,
        "structure": structure(message),
        "parts": [part_of(part) for part in message.walk() if not part.is_multipart()],
    }


def defects(part):
    """What the parser found wrong with one part, its headers included."""
    return list(part.defects) + [d for value in part.values() for d in value.defects]


def addresses(message, name):
    """The addresses of one header with their display names decoded."""
    header = message[name]
    if header is None:
        return []
    return [{"name": a.display_name, "address": a.addr_spec} for a in header.addresses]


def structure(part):
    """The tree of content types: multipart/mixed(text/plain application/pdf)."""
    if not part.is_multipart():
        return part.get_content_type()
    return f"{part.get_content_type()}({' '.join(structure(p) for p in part.iter_parts())})"


def part_of(part):
    """One leaf of the tree with its decoded content."""
    content = part.get_payload(decode=True)
    is_text = part.get_content_maintype() == "text" and not part.is_attachment()
    return {
        "type": part.get_content_type(),
        "charset": part.get_content_charset(),
        "encoding": str(part["Content-Transfer-Encoding"]),
        "disposition": part.get_content_disposition(),
        "filename": part.get_filename(),
        "text": part.get_content().replace("\r\n", "\n") if is_text else None,
        "size": len(content),
        "sha256": hashlib.sha256(content).hexdigest(),
    }

"""Writes alice.txt, by rules, from Debian's source package snappy 1.1.9, which holds the book:

    python3 examples/data/alice.py snappy_1.1.9.orig.tar.gz
"""

import re
import sys
import tarfile
from pathlib import Path

# The one stanza that is not indented in the source.
STANZA = '`"Will you walk'


def is_verse(rows):
    """Whether most lines behind the first are indented, as those of prose never are."""
    rest = rows[1:]
    indented = [row for row in rest if row.startswith('  ')]
    return rows[0].startswith(STANZA) or 2 * len(indented) > len(rest) > 0


def joined(rows):
    """One line; what ends in a dash or hyphen goes on without a space."""
    return ''.join(row if row.endswith('-') else row + ' ' for row in rows).strip()


def laid_out(text):
    text = text[text.index('CHAPTER I\n') :]
    text = re.sub(r'\[later editions continued as follows.*?\]', '', text, flags=re.S)
    lines = []
    for block in re.split(r'\n\s*\n', text):
        rows = [row for row in block.split('\n') if row.strip()]
        if not rows or all(set(row) <= set('* ') for row in rows) or block.strip() == 'THE END':
            continue
        single = [' '.join(row.split()) for row in rows]
        lines += single if is_verse(rows) else [joined(single)]
    out = re.sub(r'(CHAPTER [IVX]+)\n', r'\1. ', '\n'.join(lines) + '\n')
    for old, new in [('_', ''), ('--', '—'), ('`', '‘'), ("'", '’')]:
        out = out.replace(old, new)
    return out


with tarfile.open(sys.argv[1]) as archive:
    name = next(each for each in archive.getnames() if each.endswith('/alice29.txt'))
    source = archive.extractfile(name).read().decode('ascii', 'ignore')
source = source.replace('\r\n', '\n').replace('\x1a', '')
Path(__file__).with_name('alice.txt').write_text(laid_out(source), encoding='utf8')

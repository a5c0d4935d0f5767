"""Lints HTTP answers as `httplint` does on the command line, many in one process: it takes
longer to start than to lint. Reads a line of hexadecimal digits for each answer, and writes
the notes on each as one line of JSON."""

import contextlib
import io
import json
import sys

from httplint.cli import main

for line in sys.stdin.read().split():
    sys.stdin = io.TextIOWrapper(io.BytesIO(bytes.fromhex(line)))
    notes = io.StringIO()
    with contextlib.redirect_stdout(notes):
        main()
    print(json.dumps(notes.getvalue()))

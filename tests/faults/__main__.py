"""``python -m tests.faults COUNT [FIRST]``: live through that many universes and print those that fail."""

import sys
import time

from tests.faults.universe import live

if __name__ == "__main__":
    count, first = int(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 0
    live(first)  # imports
    begin, failed = time.process_time(), 0
    for number in range(first, first + count):
        fault = live(number)
        if fault is not None:
            failed += 1
            if failed <= 20:
                print(fault, flush=True)
    seconds = time.process_time() - begin
    print(f"{count} universes, {failed} failed, {1000 * seconds / count:.1f} ms of computing time each")
    sys.exit(failed > 0)

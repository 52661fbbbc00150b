"""Laws of single functions of the machine run uncompiled: compiled, each would be built with all it calls.

``tests/sim/test_laws.py`` runs them in a process of their own where the rest runs compiled.
"""

import os

collect_ignore_glob = [] if os.environ.get("NUMBA_DISABLE_JIT", "0") not in ("", "0") else ["test_*.py"]

"""Laws of single functions run uncompiled (``tests/sim/kernel/test_laws.py`` runs them where the rest is compiled)."""

import os

LAWS = ["test_accounts.py", "test_offers.py", "test_paid_posts.py", "test_worth.py"]
collect_ignore = [] if os.environ.get("NUMBA_DISABLE_JIT", "0") not in ("", "0") else LAWS

"""What people touch: the command line, the report, the class page."""

if not __name__.startswith("shequn."):
    raise ImportError(
        f"import shequn.{__name__}: a second copy under the name {__name__} would not be the same"
    )

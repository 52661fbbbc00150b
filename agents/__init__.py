"""The people: what a member is, perceives and decides. Pure rules: numbers in, one number out."""

if not __name__.startswith("shequn."):
    raise ImportError(
        f"import shequn.{__name__}: a second copy under the name {__name__} would not be the same"
    )

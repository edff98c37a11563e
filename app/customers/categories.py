"""Categories of consumption: words of the shop's own, each with an account of its revenue."""

import re

_CATEGORY = re.compile(r"[\w-]{1,32}")


def is_category(text: str) -> bool:
    """Whether a text can name a category: letters and digits of any script, dashes, at most 32."""
    return bool(_CATEGORY.fullmatch(text))

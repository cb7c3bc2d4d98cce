"""What a run may take: seconds and memory. A package that somebody else wrote decides how much it asks for.

Apart from `supervisor`, which holds a run to its limits, so that who only names them brings in nothing.
"""

from __future__ import annotations

from typing import NamedTuple

LEAST_MEMORY = 256  # MiB; the engine and the readers alone hold about a hundred


class Limits(NamedTuple):
    """At most `timeout` seconds from the start on, and `memory` MiB at any moment; None: no limit."""

    timeout: float | None = 600.0
    memory: int | None = 4096

    def __bool__(self) -> bool:
        """Tell whether anything is limited."""
        return self.timeout is not None or self.memory is not None

    def late(self, step: str) -> str:
        """Return the sentence for a run that reached its deadline in a step."""
        return f"it was stopped {step}, at the deadline of {self.timeout:g} seconds; `timeout` sets a later one."

    def short(self, step: str) -> str:
        """Return the sentence for a run that asked for more memory than there is for it."""
        if self.memory is None:
            return f"it was stopped {step}, because it needs more memory than this machine has for it."
        return f"it was stopped {step}, because it needs more than {self.memory} MiB of memory; `memory` sets more."


DEFAULT = Limits()
NONE = Limits(None, None)

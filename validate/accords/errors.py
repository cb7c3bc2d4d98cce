"""What stops a run: the faults of a package, a rule or a call that cannot be read.

Apart from `problems`, because bad data is a finding and a run that could not happen is none:
these become exit code 2 and one sentence, never a finding and never "valid".
"""


class CannotCheck(Exception):
    """A run could not happen; the text is one sentence for the person who started it."""


class PackageError(CannotCheck):
    """No package is there, or its descriptor cannot be read as JSON."""


class RuleError(CannotCheck):
    """A rule file or a rule cannot be understood or run."""


class UsageError(CannotCheck):
    """The call is wrong: an unknown option, code, format or path."""


class LimitReached(CannotCheck):
    """A run took more time or memory than it may."""

"""Names that are ours alone; without Pulumi, so that rules and commands read them at no cost."""

FOUNDATION = "mlstead-foundation"
RESERVED = ("shared", FOUNDATION, "mlstead-bootstrap")  # everyone's prefix in the lake, and our own stacks
CI_PATH = "/mlstead-ci/"
"""Where the roles of CI lie: not in the project's name space, so that none of them may change itself."""

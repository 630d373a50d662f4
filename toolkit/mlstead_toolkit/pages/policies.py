"""docs/policies.md: what a rule is, how one is excepted or added, and all of them."""

from __future__ import annotations

from mlstead_toolkit.pages.table import code, table
from mlstead_toolkit.policies.catalogue import RULES, THEMES, Theme
from mlstead_toolkit.policies.level import Level
from mlstead_toolkit.policies.own_controls import MEANINGS

_HEAD = """# Policies

Written by `make docs` from the rules in `toolkit/mlstead_toolkit/policies/rules/`. They judge the inputs of every
resource, of our components and of anybody's `aws.sagemaker.Endpoint` alike, before it is made:

- `mlstead preview` and `mlstead up` list what they find below the plan, with what to do; `--json` has it as
  `policies`.
- `mlstead policies check <env>` says that alone, `mlstead policies list` and `mlstead policies show <rule>` what the
  rules are.
- In a real account `mlstead up <env>` hands them to Pulumi as a policy pack. Without mlstead's command they run by
  `pulumi preview --policy-pack "$(mlstead policies path)"`, on the same inputs and with the same verdicts.

## Levels and verdicts

A **mandatory** rule that is broken stops the deployment: a preview ends with 1, and `up` makes nothing. An
**advisory** one is said, and that is all.

What only the cloud will tell, such as the ARN of a key that is yet to be made, is unknown in a preview. A rule that
needs it is **not decided**, never passed: `up` decides it before the resource is made, and what takes the whole stack
at the end, before anything is deleted. A mandatory rule that has not decided by then is as good as broken.

## Exceptions

`policy-exceptions.toml`, beside `infra/` (in a stack of mlstead's own, in its folder), says which rule need not hold
of which resource, and until when:

```toml
[[exception]]
rule = "ecr-lifecycle-policy"
resource = "flights-images"   # its name in the program, or its URN; * stands for anything
reason = "Every image is kept until the audit of the spring is over"
owner = "ml-platform@example.com"
expires = 2027-03-31          # the last day on which it counts, UTC; at most a year ahead
```

It is reviewed as code is: what it excepts is listed with every plan, and so is an exception that excuses nothing any
more. One that has expired stops every deployment of the stack until it is taken out or agreed to anew; so does one
that names no rule, or lacks a reason (12 characters at least), an owner or a day.
`mlstead policies exceptions` lists all of them, what ends first first, and ends with 3 once one has expired; the
nightly job of CI runs it.

A guard that a component was told to switch off with `Weakened("reason")` is argued for already where it stands:
`mlstead preview` lists it under "Weakened guards", and the rules that say so below accept it.

## Adding a rule

A rule is a `Rule` in the file of its theme, and its check a generator that yields a sentence for each thing that is
wrong:

```python
def _scanned(repository: Resource, _stack: Stack) -> Iterator[str]:
    if not repository.flag("imageScanningConfiguration.scanOnPush"):
        yield "images are not scanned when they are pushed"
```

It reads properties through `value`, `get`, `flag`, `has`, `filled`, `blocks` and `document`, by the names that
pulumi-aws has on the wire; each raises `NotDecided` on what is unknown, so that no check has to think of it. What
belongs to a resource it asks the stack for: `stack.related(bucket, POLICY, via="bucket")`, `stack.referred(endpoint,
CONFIGURATION, via="endpointConfigName")`. `tests/rules/<theme>.py` has at least one stack for it in which no rule
finds anything, and one in which it alone does; the tests refuse a rule without. `make docs` writes it into this page.
"""
_OURS = """## Controls of our own

What no public control asks for, named in the tables below as the source of a rule:
"""
_SOURCES = """
FSBP is Security Hub's number of a control, also where another of its standards asks for it; CIS the AWS Foundations
Benchmark 7.0.
"""


def page() -> str:
    """Give the page."""
    mandatory = sum(rule.level is Level.MANDATORY for rule in RULES)
    counted = f"## The rules\n\n{len(RULES)} rules, {mandatory} of them mandatory.\n{_SOURCES}"
    ours = table(["control", "what it means"], [[control, meaning] for control, meaning in MEANINGS.items()])
    return "\n".join([_HEAD, f"{_OURS}\n{ours}", counted, *map(_theme, THEMES)])


def _theme(theme: Theme) -> str:
    rows = [[code(rule.id), rule.level.value, rule.title, ", ".join(rule.controls), rule.fix]
            for rule in sorted(theme.rules, key=lambda rule: rule.level is not Level.MANDATORY)]
    title = theme.name.replace("_", " ")
    return f"### {title}\n\n{theme.about}\n\n{table(['rule', 'level', 'what must hold', 'asked by', 'fix'], rows)}"

"""The policy pack: what must hold of every resource, ours or not, on a laptop and in a real account alike."""

from mlstead_toolkit.policies.block import Block, Malformed, NotDecided
from mlstead_toolkit.policies.level import Level
from mlstead_toolkit.policies.resource import Resource
from mlstead_toolkit.policies.rule import Rule
from mlstead_toolkit.policies.stack import Stack

__all__ = ["Block", "Level", "Malformed", "NotDecided", "Resource", "Rule", "Stack"]

"""Symbolic evaluation: a provider that knows no cloud and fills in what a cloud would choose with symbols in ⟨ ⟩."""

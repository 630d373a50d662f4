"""The rules, one file a theme; each has RULES. policies/catalogue.py collects them."""

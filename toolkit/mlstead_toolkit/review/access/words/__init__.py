"""Principals, actions, places and conditions in the words that a reviewer uses."""

"""A language model as a second judge of claims, beside the rules."""

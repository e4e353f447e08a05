"""A language model at the edge: opened by name, asked within time, its failures turned into ours. Imports nothing heavy."""

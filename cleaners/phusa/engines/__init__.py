"""Engines run a function over batches; they know nothing of what is in them."""

"""The repair of text: from bytes to clean Unicode, one kind of damage a module."""

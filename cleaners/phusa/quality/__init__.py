"""Signals of the quality of a text: numbers to filter and to report by."""

"""Page chrome: what stands on a page and is not its article."""

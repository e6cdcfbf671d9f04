"""What is known about an article: when, who, in which language."""

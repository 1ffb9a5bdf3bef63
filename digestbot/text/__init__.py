"""Functions on text that every room may use: words, languages, sanitising, suggestions."""

"""What is about text and nothing else: words, languages, sanitising, suggestions."""

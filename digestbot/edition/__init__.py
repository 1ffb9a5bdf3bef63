"""One edition, end to end: which items belong to it, which stories are shown, and how it reaches the outbox."""

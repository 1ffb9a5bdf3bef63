"""From a Digest value to every form a reader may meet."""

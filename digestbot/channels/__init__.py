"""The ways to a reader, one file each: every one implements `ports.Channel` and takes plain arguments."""

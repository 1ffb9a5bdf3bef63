"""The ways to a reader, a folder each: settings, addresses, sending. `registry` finds them; nothing else names one."""

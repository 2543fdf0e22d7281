"""The assets, one file a room. An asset reads, calls a function of its room, writes, and reports what happened."""

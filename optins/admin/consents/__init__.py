"""The consent log's screens: narrowing it, all the proof of one event, and the log as a file."""

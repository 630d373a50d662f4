"""One file a command, or two that belong together; what one needs is imported when it runs, so help is quick."""

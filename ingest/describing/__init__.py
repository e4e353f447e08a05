"""What an article says about itself, one kind of statement a module."""

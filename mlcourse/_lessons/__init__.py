"""What the project does with its own notebooks: run them, clean them, read their headings."""

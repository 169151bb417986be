"""The drawing of each figure; nothing here computes what is shown."""

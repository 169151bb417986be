"""What each figure shows, as numbers and as words; nothing here draws."""

"""What the page says: a catalogue for each language, and numbers as each locale writes them."""

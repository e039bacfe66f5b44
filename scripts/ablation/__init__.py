"""What each ingredient of the ranking is worth: everything else stays, one is taken out."""

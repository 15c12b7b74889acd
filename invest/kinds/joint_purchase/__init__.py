"""Gemensamt inköp: a group orders together, pays beforehand, and gets back what was not used."""

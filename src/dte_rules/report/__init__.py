"""Decisions in words, Chinese and English, for people at a terminal."""

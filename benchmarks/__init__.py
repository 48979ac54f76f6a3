"""Measurements: `make bench` compares with other engines, the modules here each measure one thing."""

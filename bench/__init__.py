"""Benchmarks: each row of the table in docs/performance.md is a program that prints ratios. `make bench` runs all."""

"""What `scripts/benchmark.py` needs: the contestants, and how they are measured. No other command imports it."""

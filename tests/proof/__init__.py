"""Long proofs of what must never break: kills, damage, second runs. `make proof` prints one line a claim."""

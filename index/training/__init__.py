"""Training an encoder: pairs, the order they are learnt in, the objective, and the run. Needs `requirements-train.txt`."""

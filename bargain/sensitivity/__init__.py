"""How far claims and quantities of a model depend on its parameters: prior shares, indices, thresholds and nearest flips."""

"""Games in strategic form: all Nash equilibria, refinements, dominance, correlation, quantal responses, threats."""

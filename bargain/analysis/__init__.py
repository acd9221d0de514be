"""What a researcher does with a parametric solution: shares of the prior, cut-points, comparative statics, arrays."""

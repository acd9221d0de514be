"""Reading from and writing to the formats of other packages."""

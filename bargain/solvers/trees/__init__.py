"""Trees solved backwards: subgames, stages with information sets, offers, and every outcome with its region."""

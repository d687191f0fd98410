"""What is measured: one function for each kind of figures, which takes the size and gives the figures."""

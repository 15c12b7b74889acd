"""What the pages of a fair show: before, during and after."""

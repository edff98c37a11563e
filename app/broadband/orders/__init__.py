"""Work orders on screen and paper: their list, their pages, and what an order may become."""

"""Videos: the frames that stand for one, and what its file says beside them."""

"""What connect does per second and per request, each figure beside that of a plain app measured in the same run."""

"""The sandbox's page in a real Chromium, used as people use it: by clicking and typing, and by what the panes show."""

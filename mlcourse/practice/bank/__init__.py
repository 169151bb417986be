"""The exercises and experiments, one file a chapter: `ch01.py` holds `TASKS` for lesson 01."""

"""The static site of the course: the committed notebooks as pages that answer without a kernel.

Its templates are ours and small, because Sphinx with sphinx-book-theme loads
2.6 MB for the first lesson, 2.2 MB of it the theme's own, where this loads a
sixth, and because a link to a cell's id has to work here as in JupyterLab.
"""

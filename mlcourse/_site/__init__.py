"""The static site of the course: the committed notebooks as pages that answer without a kernel.

Its templates are ours and small: Sphinx with sphinx-book-theme loads 2.6 MB
for the first lesson, 2.2 MB of it the theme's own, where this loads 0.3 MB,
and a link to a cell's id has to work here as it does in JupyterLab.
"""

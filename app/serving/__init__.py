"""Local pages in the browser: a guarded server on Panel and Bokeh, shared by the class page and the studio."""

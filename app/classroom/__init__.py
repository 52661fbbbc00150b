"""The class page: two communities side by side in the browser, with ten guided lessons."""

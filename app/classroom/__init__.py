"""The class page: two communities side by side in the browser, and five lessons about them."""

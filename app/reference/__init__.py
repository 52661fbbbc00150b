"""The reference pages of the documents, made from the code in both languages: ``python -m shequn.app.reference``."""

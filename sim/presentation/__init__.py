"""Results for people: sentences, number formats and figures."""

"""The results of many runs in words: sentences, formatted numbers and summaries."""

"""Social graphs: generated, read from files, or given as networkx graphs."""

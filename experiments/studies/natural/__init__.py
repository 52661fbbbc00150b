"""Natural experiments: dated changes in real communities, predicted before anybody looked at what followed."""

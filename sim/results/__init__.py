"""From an outcome of the engine to tables, figures, sentences and a folder.

==============  ==============================================  ==========================
table           one row for each                                made in
==============  ==============================================  ==========================
runs            replicate: its key figures                      key_figures.py
days            day                                             tables.py
members         person who ever joined                          tables.py
cohorts         cohort (week of joining) and week of age        cohorts.py
departures      departure or removal                            departures.py, matched.py
invitations     invitation                                      invitations.py
growth          week of joining: channels, R                    viral.py
journal         event                                           parquet.py (streamed)
==============  ==============================================  ==========================

Each table is declared once, beside what makes it (``schema.py``); ``docs/codebook.md`` lists all columns.
Nothing is imported here: the modules need pandas, pyarrow or matplotlib, which commands that
only read a scenario must not load.
"""

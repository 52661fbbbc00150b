"""From the outcome of a run to its tables, and the folder of results.

==============  ==============================================  ==========================
table           one row for each                                made in
==============  ==============================================  ==========================
runs            replicate: its key figures                      key_figures.py
days            day                                             tables.py
spaces          day and space                                   spaces.py
duties          day and duty of the staff                       staff.py
tasks           day and task                                    staff.py
units           day and unit                                    incentives.py
earned          day and earn rule                               incentives.py
marks           day and mark                                    marks.py, staying.py
offers          day and offer                                   incentives.py
stages          stage that has begun                            stages.py
funnel          channel and step                                funnel.py
channels        channel, or operation that brings people        channels.py
members         person who ever joined                          tables.py
cohorts         cohort (week of the join) and week of age       cohorts.py
departures      departure or removal                            departures.py, matched.py
invitations     invitation                                      invitations.py
growth          week of joins: channels, R                      viral.py
nodes           asked day and person                            network.py
edges           asked day and tie                               network.py
journal         event                                           parquet.py (streamed)
==============  ==============================================  ==========================

Each table is declared once, beside the function that makes it (see ``schema.py``); the page of tables in the reference
lists all columns. Nothing is imported here: the modules need pandas or pyarrow, which commands that only read a
scenario must not load.
"""

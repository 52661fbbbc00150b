"""The operator's playbook, ranked: what each lever does for five kinds of community, and what it costs."""

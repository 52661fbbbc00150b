"""What people touch: the command line, and later reports and pages."""

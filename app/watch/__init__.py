"""The clerk watch: what an owner looks at twice, by clerk, each figure with the postings behind it."""

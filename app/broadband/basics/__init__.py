"""What a provider sets up once: its nouns as data, three verbs for all of them, and their registers."""

"""What DigitalOcean's answers mean: pure readings of them, as facts.

Sources of the rules in here: the public API document (`digitalocean/openapi`), the official Go
client where it names fields the document omits, and the product pages named beside each rule.
"""

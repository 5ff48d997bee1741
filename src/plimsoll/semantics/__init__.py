"""Pure knowledge of the languages and formats of the field."""

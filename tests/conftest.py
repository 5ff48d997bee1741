"""What all tests share: property tests are judged by what they find, never by the clock."""

from hypothesis import settings

settings.register_profile("plimsoll", deadline=None)
settings.load_profile("plimsoll")

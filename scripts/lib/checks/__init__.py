"""Checks that no published linter does. Each module prints its findings as FILE:LINE: words and ends with 1 if any."""

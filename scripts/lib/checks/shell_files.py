"""Prints the repository's shell scripts, one a line, those without a suffix too."""

from files import is_shell, repository_files, text_of

for name in repository_files():
    text = text_of(name)
    if text is not None and is_shell(name, text) and name.suffix != ".bats":
        print(name)

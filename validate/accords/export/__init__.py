"""What is made from a package for people to read; one writer each, from the package's records."""

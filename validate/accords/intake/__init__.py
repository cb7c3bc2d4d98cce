"""Intake: contributions become rows, and rows contributions.

In the order of the work: `document` reads a file, `form` knows what a contribution may say, `entries` checks
a document against the form, `tables` holds the package's rows, `recognition` and `likeness` find what is
known, `naming` gives identifiers, `merging` makes rows, `adding` validates and writes them. `reverse` goes the
other way, `blank` writes the empty form.
"""

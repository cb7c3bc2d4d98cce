"""What the register of agreements says of itself: coverage, second readings, accounts of the pages.

Apart from the rest, which works on any data package: these modules know the tables of this one.
"""

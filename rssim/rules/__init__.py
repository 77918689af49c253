"""The law, as small functions of arrays.

Every rule is pure and elementwise: its arguments broadcast against each other, it reads nothing
else, it writes nothing. The numbers of the law are arguments. Amounts are not rounded to cents
here; a rule rounds only where the law itself does so. Amounts per month carry `_m` in the name of
their argument, or say so in the first line of the docstring.
"""

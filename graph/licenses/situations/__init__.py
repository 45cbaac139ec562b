"""Findings by situation, not by repository: worked out once, handed to all who share it.

coding         the same number for what is the same
declared       what repositories are by themselves: a few thousand cases for millions
parents        who was made from what, as compressed rows
handing_down   what is carried of ancestors, once for each situation
cycles         the members of cycles, one by one
heritage       who is in which situation, and where each obligation comes from
judging        what the rules find in a situation
writing        the lines that state it of each repository in it
stating        all of it in order: from the tables to lines and counts
"""

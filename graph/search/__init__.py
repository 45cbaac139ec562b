"""Finding a repository by parts of its id.

token_index   the words of all ids, each with the repositories that have it
suggestions   finding repositories as someone types
spelling      what someone may have meant who hit one wrong key
start         where to begin: those that most others come from
"""

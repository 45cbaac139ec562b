"""Licences: what texts say, as data; what artefacts inherit; what the rules find; may I use it?"""

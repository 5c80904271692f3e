"""Builds the notebooks and tests them: NN_name.py (percent format) -> executed, byte-identical NN_name.ipynb.

command.main is `labkit build`, work.build builds one notebook, strict_nbval is the pytest plugin that compares them.
"""

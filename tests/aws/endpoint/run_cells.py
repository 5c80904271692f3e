"""`python run_cells.py FOLDER`: run the cells given as a JSON list on stdin in one kernel; prints the notebook."""

import json
import sys

import nbformat
from nbclient import NotebookClient

book = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source) for source in json.load(sys.stdin)])
NotebookClient(book, timeout=120, allow_errors=True, resources={"metadata": {"path": sys.argv[1]}}).execute()
nbformat.write(book, sys.stdout)

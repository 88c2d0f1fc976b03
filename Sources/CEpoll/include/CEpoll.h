// Nothing to call: see the C file beside this folder.

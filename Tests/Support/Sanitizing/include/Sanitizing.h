// Nothing to call: see the C files beside this folder.

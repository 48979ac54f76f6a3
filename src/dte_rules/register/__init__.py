"""The clauses of documents: what became of each, and whether the registers and the rules agree with the documents' texts."""

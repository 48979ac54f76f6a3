"""Receipts: what is needed to repeat a decision, checked and repeated years later, and kept in a journal that shows tampering."""

from dte_rules.receipts.journal import Journal, Problem
from dte_rules.receipts.receipt import SCHEMA, BadReceipt, Receipt, receipt_of
from dte_rules.receipts.redact import Key
from dte_rules.receipts.replay import Replayed, replay

__all__ = ["SCHEMA", "BadReceipt", "Journal", "Key", "Problem", "Receipt", "Replayed", "receipt_of", "replay"]

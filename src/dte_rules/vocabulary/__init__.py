"""Any Pydantic root model, and the facts that a pack declares, as types, labels and questions."""

from dte_rules.vocabulary.declaration import Declaration
from dte_rules.vocabulary.extend import extend, root_from
from dte_rules.vocabulary.formats import TextFormat
from dte_rules.vocabulary.implication import KNOWN, Implication, closure
from dte_rules.vocabulary.meaning import Constraint, Meaning, Whole
from dte_rules.vocabulary.model import FactModel
from dte_rules.vocabulary.vocabulary import Vocabulary

__all__ = [
    "KNOWN",
    "Constraint",
    "Declaration",
    "FactModel",
    "Implication",
    "Meaning",
    "TextFormat",
    "Vocabulary",
    "Whole",
    "closure",
    "extend",
    "root_from",
]

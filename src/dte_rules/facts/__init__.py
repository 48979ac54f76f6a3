"""The shipped vocabulary: typed facts on people, training, certificates and institutions."""

from dte_rules.facts.conduct import Assessment, Breach, ExamResult, Listing, Notice, Removal, Report
from dte_rules.facts.institution import Application, Institution, YearlyPersonTimes
from dte_rules.facts.person import Education, Employment, Insurance, Person, TitleReview
from dte_rules.facts.root import Facts
from dte_rules.facts.training import Certificate, Claim, Contest, Training, TrainingInstitution

__all__ = [
    "Application",
    "Assessment",
    "Breach",
    "Certificate",
    "Claim",
    "Contest",
    "Education",
    "Employment",
    "ExamResult",
    "Facts",
    "Institution",
    "Insurance",
    "Listing",
    "Notice",
    "Person",
    "Removal",
    "Report",
    "TitleReview",
    "Training",
    "TrainingInstitution",
    "YearlyPersonTimes",
]

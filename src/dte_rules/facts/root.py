"""The root of the shipped vocabulary."""

from typing import Annotated

from dte_rules.facts.institution import Institution
from dte_rules.facts.person import Person
from dte_rules.facts.training import Certificate, Claim, Contest, Training
from dte_rules.vocabulary import FactModel, Meaning


class Facts(FactModel):
    """The facts of a case, as the case-file contract has them.

    ``Facts.model_validate`` takes the ``facts`` of a case file as ``yaml.safe_load`` or ``json.loads`` gives them;
    ``Facts.from_json`` takes JSON text and keeps every digit. See ``FactModel`` for what is accepted and refused.
    """

    person: Annotated[Person | None, Meaning("申请人", "applicant", "申请人的情况如何？", "Who is the applicant?")] = None
    training: Annotated[Training | None, Meaning("培训", "training", "培训情况如何？", "Which training is it about?")] = None
    certificates: Annotated[
        tuple[Certificate, ...] | None,
        Meaning("证书", "certificate", "申请人持有哪些证书？", "Which certificates does the applicant hold?", mutable="person"),
    ] = None
    claims: Annotated[
        tuple[Claim, ...] | None,
        Meaning(
            "以往补贴",
            "earlier subsidy",
            "申请人此前享受过本项目的哪些补贴？",
            "Which subsidies of this programme has the applicant had before?",
        ),
    ] = None
    contests: Annotated[
        tuple[Contest, ...] | None,
        Meaning("竞赛", "contest", "申请人参加过哪些竞赛？", "In which contests has the applicant done well?", mutable="person"),
    ] = None
    institution: Annotated[
        Institution | None,
        Meaning("机构", "institution", "机构的情况如何？", "Which institution is it about?"),
    ] = None

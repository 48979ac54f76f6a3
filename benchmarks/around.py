"""What stands around another engine where it does our work: validated facts made flat before it, a Decision made of its answer.

An engine that reads flat facts and gives the names of conditions needs both to be used in our place, as an integrator would write
them: without a thought for facts that are not known, for which these engines have no answer.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from benchmarks.cases import Flat
from benchmarks.engines import Decide
from benchmarks.handwritten import ALL_CLAUSES, CLAUSES, FIELDS, PROGRAMME_START, READINGS, STANDARDS, Subsidy, months_after
from dte_rules import Decision, Facts


class Around:
    """The decision by another engine. ``by_hand`` gives the pack in whose place it stands, and the working days."""

    def __init__(self, engine: Decide, by_hand: Subsidy) -> None:
        self.engine, self.by_hand = engine, by_hand

    def decide(self, facts: Facts, as_of: date) -> Decision:
        """The decision on a day, about facts that are all known."""
        flat, dates = self.flat(facts, as_of)
        failed = self.engine(flat)
        met = not failed
        return Decision.model_construct(
            FIELDS,
            region="jinhua",
            decision="training_subsidy",
            as_of=as_of,
            verdict="met" if met else "not_met",
            amount=STANDARDS[flat["occupation"], flat["level"]][1] if met else None,
            effect=None,
            dates=dates,
            latest={},
            failed=failed,
            missing=(),
            missing_sets=(),
            values={},
            flags=(),
            alternatives=(),
            citations=ALL_CLAUSES if met else tuple(dict.fromkeys([clause for name in failed for clause in CLAUSES[name]])),
            readings=dict(READINGS),
            pack=self.by_hand.pack,
        )

    def flat(self, known: Any, as_of: date) -> tuple[Flat, dict[str, date]]:
        """The flat facts, and the dates that a decision shows. ``known`` are the facts."""
        person, training = known.person, known.training
        education, occupation, level = person.education, training.occupation, training.level
        trained, issued = False, None
        for c in known.certificates:
            if c.occupation == occupation and c.level == level and c.issued <= as_of:
                if c.kind == "培训合格证书":
                    trained = True
                elif issued is None or c.issued > issued:
                    issued = c.issued
        in_year, before = 0, False
        for claim in known.claims:
            if claim.applied_on <= as_of:
                in_year += claim.applied_on.year == as_of.year
                before = before or (claim.occupation == occupation and claim.level == level)
        insured = False
        for policy in person.insurance:
            insured = insured or (policy.region.startswith("3307") and policy.has_paid and policy.paying_now)
        retires, dates = months_after(person.birth_date, 720), {}
        if issued is not None:
            dates["claim_deadline"] = self.by_hand.deadline(issued)[0]
        dates["retirement_date"] = retires
        flat = {
            "day": as_of.toordinal(),
            "occupation": occupation,
            "level": level,
            "hours": int(training.hours_completed),
            "content": training.content_completed,
            "trained": trained,
            "graded": issued is not None,
            "certificate_day": (issued or PROGRAMME_START).toordinal(),
            "deadline": dates.get("claim_deadline", as_of).toordinal(),
            "institution_region": training.institution.region,
            "listed": training.institution.listed,
            "claims_in_year": in_year,
            "claimed_before": before,
            "insured": insured,
            "hukou": person.hukou,
            "status": person.employment.status,
            "graduate": education.full_time and education.graduation_date.year == as_of.year,
            "school_region": education.school_region,
            "in_establishment": person.employment.in_establishment,
            "of_age_on": months_after(person.birth_date, 192).toordinal(),
            "retires_on": retires.toordinal(),
            "pension": person.receives_pension,
        }
        return flat, dates

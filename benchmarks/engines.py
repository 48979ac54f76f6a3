"""The other engines, each as a function from flat facts to the failed conditions.

Each is used as its documentation recommends for repeated decisions: rules are compiled once, and only facts change.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from benchmarks.cases import CONDITIONS, HOURS, START, Flat, failed_by_hand

DAY = "2024-09-02"
Decide = Callable[[Flat], tuple[str, ...]]


TEXTS = ("occupation", "level", "institution_region", "hukou", "status", "school_region")
NUMBERS = ("day", "hours", "certificate_day", "deadline", "claims_in_year", "of_age_on", "retires_on")
FLAGS = ("content", "trained", "graded", "listed", "claimed_before", "insured", "graduate", "in_establishment", "pension")


class Unavailable(Exception):
    """Raised where an engine can't be measured here; says why."""


def by_hand() -> Decide:
    """Plain Python on flat facts."""
    return failed_by_hand


def zen() -> Decide:
    """ZEN (Rust): one compiled expression that gives all conditions."""
    try:
        from zen import compile_expression
    except ImportError as error:
        raise Unavailable(str(error)) from None
    hours = " : ".join(f"occupation == '{o}' and level == '{n}' ? {h}" for (o, n), h in HOURS.items()) + " : 0"
    expression = compile_expression(
        f"[hours < ({hours}), not content, not trained, not graded, not startsWith(institution_region, '33'), not listed, "
        f"certificate_day < {START}, claims_in_year >= 3, "
        "not (insured or (startsWith(hukou, '3307') and status == '未就业') or (graduate and startsWith(school_region, '3307'))), "
        "day > deadline, claimed_before, in_establishment, day < of_age_on, day > retires_on, pension]"
    )

    def decide(facts: Flat) -> tuple[str, ...]:
        return _named(expression.evaluate(facts))

    return decide


CEL = (
    "[hours < ({hours}), !content, !trained, !graded, !institution_region.startsWith('33'), !listed, certificate_day < {start}, "
    "claims_in_year >= 3, "
    "!(insured || (hukou.startsWith('3307') && status == '未就业') || (graduate && school_region.startsWith('3307'))), "
    "day > deadline, claimed_before, in_establishment, day < of_age_on, day > retires_on, pension]"
)


def _cel() -> str:
    hours = "".join(f"occupation == '{o}' && level == '{n}' ? {h} : (" for (o, n), h in HOURS.items()) + "0" + ")" * len(HOURS)
    return CEL.format(hours=hours, start=START)


def cel_cpp() -> Decide:
    """CEL in C++, by Google's own binding."""
    try:
        from cel_expr_python import cel
    except ImportError as error:
        raise Unavailable(str(error)) from None
    variables = {
        **dict.fromkeys(TEXTS, cel.Type.STRING),
        **dict.fromkeys(NUMBERS, cel.Type.INT),
        **dict.fromkeys(FLAGS, cel.Type.BOOL),
    }
    expression = cel.NewEnv(variables=variables).compile(_cel())

    def decide(facts: Flat) -> tuple[str, ...]:
        return _named(expression.eval(data=facts).plain_value())

    return decide


def cel_rust() -> Decide:
    """CEL in Rust."""
    try:
        import cel
    except ImportError as error:
        raise Unavailable(str(error)) from None
    if not hasattr(cel, "compile"):
        raise Unavailable("another package is called cel")
    program = cel.compile(_cel())
    return lambda facts: _named(program.execute(facts))


def rego() -> Decide:
    """Rego in C++, by regopy."""
    try:
        import regopy
    except ImportError as error:
        raise Unavailable(str(error)) from None
    conditions = {
        "hours": "input.hours < hours[input.occupation][input.level]",
        "content": "not input.content",
        "training_certificate": "not input.trained",
        "grade_certificate": "not input.graded",
        "institution_in_province": 'not startswith(input.institution_region, "33")',
        "institution_listed": "not input.listed",
        "transitional": f"input.certificate_day < {START}",
        "yearly_cap": "input.claims_in_year >= 3",
        "claim_place": "not place",
        "in_time": "input.day > input.deadline",
        "duplicate": "input.claimed_before",
        "in_establishment": "input.in_establishment",
        "under_age": "input.day < input.of_age_on",
        "over_retirement_age": "input.day > input.retires_on",
        "receives_pension": "input.pension",
    }
    table: dict[str, dict[str, int]] = {}
    for (occupation, level), hours in HOURS.items():
        table.setdefault(occupation, {})[level] = hours
    module = "package subsidy\n" + "hours := " + str(table).replace("'", '"') + "\n"
    module += "place if { input.insured }\n"
    module += 'place if { startswith(input.hukou, "3307"); input.status == "未就业" }\n'
    module += 'place if { input.graduate; startswith(input.school_region, "3307") }\n'
    module += "".join(f'failed contains "{name}" if {{ {condition} }}\n' for name, condition in conditions.items())
    interpreter = regopy.Interpreter()
    interpreter.add_module("subsidy.rego", module)
    order = {name: place for place, name in enumerate(CONDITIONS)}

    def decide(facts: Flat) -> tuple[str, ...]:
        interpreter.set_input(facts)
        output = interpreter.query("data.subsidy.failed")
        return tuple(sorted(output.results[0].expressions[0], key=order.__getitem__))

    return decide


def clips() -> Decide:
    """CLIPS: a template with a slot for each fact, a rule for each condition."""
    try:
        from clips import Environment, Symbol
    except ImportError as error:
        raise Unavailable(str(error)) from None
    environment = Environment()
    names = (*NUMBERS, *TEXTS, *FLAGS)
    environment.build("(deftemplate claim " + " ".join(f"(slot {name})" for name in names) + ")")
    environment.build("(deftemplate failed (slot name))")
    tests = {
        "content": "(claim (content FALSE))",
        "training_certificate": "(claim (trained FALSE))",
        "grade_certificate": "(claim (graded FALSE))",
        "institution_in_province": '(claim (institution_region ?r&:(neq (sub-string 1 2 ?r) "33")))',
        "institution_listed": "(claim (listed FALSE))",
        "transitional": f"(claim (certificate_day ?d&:(< ?d {START})))",
        "yearly_cap": "(claim (claims_in_year ?n&:(>= ?n 3)))",
        "claim_place": "(claim (insured ?i) (hukou ?h) (status ?s) (graduate ?g) (school_region ?r)) (test (not (or (eq ?i TRUE) "
        '(and (eq (sub-string 1 4 ?h) "3307") (eq ?s "未就业")) (and (eq ?g TRUE) (eq (sub-string 1 4 ?r) "3307")))))',
        "in_time": "(claim (day ?d) (deadline ?l&:(> ?d ?l)))",
        "duplicate": "(claim (claimed_before TRUE))",
        "in_establishment": "(claim (in_establishment TRUE))",
        "under_age": "(claim (day ?d) (of_age_on ?l&:(< ?d ?l)))",
        "over_retirement_age": "(claim (day ?d) (retires_on ?l&:(> ?d ?l)))",
        "receives_pension": "(claim (pension TRUE))",
    }
    for number, ((occupation, level), hours) in enumerate(HOURS.items()):
        condition = f'(claim (occupation "{occupation}") (level "{level}") (hours ?h&:(< ?h {hours})))'
        environment.build(f"(defrule hours{number} {condition} => (assert (failed (name hours))))")
    for name, condition in tests.items():
        environment.build(f"(defrule {name} {condition} => (assert (failed (name {name}))))")
    template = environment.find_template("claim")
    true, false = Symbol("TRUE"), Symbol("FALSE")
    order = {name: place for place, name in enumerate(CONDITIONS)}

    def decide(facts: Flat) -> tuple[str, ...]:
        environment.reset()
        template.assert_fact(**{n: true if v is True else false if v is False else v for n, v in facts.items()})
        environment.run()
        found = [str(fact["name"]) for fact in environment.facts() if fact.template.name == "failed"]
        return tuple(sorted(found, key=order.__getitem__))

    return decide


def openfisca() -> Decide:
    """OpenFisca: a variable for each fact and each condition, vectors of one person."""
    try:
        import numpy
        from openfisca_core.entities import build_entity
        from openfisca_core.periods import DateUnit
        from openfisca_core.simulation_builder import SimulationBuilder
        from openfisca_core.taxbenefitsystems import TaxBenefitSystem
        from openfisca_core.variables import Variable
    except ImportError as error:
        raise Unavailable(str(error)) from None
    person = build_entity(key="person", plural="persons", label="person", is_person=True)
    system = TaxBenefitSystem([person])

    def variable(name: str, value_type: type, formula: Any = None) -> None:
        fields = {"value_type": value_type, "entity": person, "definition_period": DateUnit.DAY, "label": name}
        if value_type is str:
            fields["max_length"] = 24
        if formula is not None:
            fields["formula"] = formula
        system.add_variable(type(name, (Variable,), fields))

    # texts are vectors of objects in OpenFisca; codes are compared as numbers instead, which is quicker
    for name in (*NUMBERS, *TEXTS):
        variable(name, int)
    for name in FLAGS:
        variable(f"is_{name}", bool)
    occupations = {o: n for n, o in enumerate(dict.fromkeys(o for o, _ in HOURS))}
    levels = {n: place for place, n in enumerate(dict.fromkeys(n for _, n in HOURS))}
    hours = numpy.array([[HOURS[o, n] for n in levels] for o in occupations])

    def place(p: Any) -> Any:
        local = (p("hukou", DAY) // 100 == 3307) * (p("status", DAY) == 1)
        return p("is_insured", DAY) + local + p("is_graduate", DAY) * (p("school_region", DAY) // 100 == 3307)

    formulas: dict[str, Any] = {
        "hours": lambda p, t: p("hours", t) < hours[p("occupation", t), p("level", t)],
        "content": lambda p, t: ~p("is_content", t),
        "training_certificate": lambda p, t: ~p("is_trained", t),
        "grade_certificate": lambda p, t: ~p("is_graded", t),
        "institution_in_province": lambda p, t: p("institution_region", t) // 10000 != 33,
        "institution_listed": lambda p, t: ~p("is_listed", t),
        "transitional": lambda p, t: p("certificate_day", t) < START,
        "yearly_cap": lambda p, t: p("claims_in_year", t) >= 3,
        "claim_place": lambda p, t: ~place(p),
        "in_time": lambda p, t: p("day", t) > p("deadline", t),
        "duplicate": lambda p, t: p("is_claimed_before", t),
        "in_establishment": lambda p, t: p("is_in_establishment", t),
        "under_age": lambda p, t: p("day", t) < p("of_age_on", t),
        "over_retirement_age": lambda p, t: p("day", t) > p("retires_on", t),
        "receives_pension": lambda p, t: p("is_pension", t),
    }
    for name, formula in formulas.items():
        variable(f"fails_{name}", bool, _method(formula))

    def decide(facts: Flat) -> tuple[str, ...]:
        simulation = SimulationBuilder().build_default_simulation(system, count=1)
        for name in NUMBERS:
            simulation.set_input(name, DAY, numpy.array([facts[name]]))
        for name in ("institution_region", "hukou", "school_region"):
            simulation.set_input(name, DAY, numpy.array([int(facts[name])]))
        simulation.set_input("occupation", DAY, numpy.array([occupations[facts["occupation"]]]))
        simulation.set_input("level", DAY, numpy.array([levels[facts["level"]]]))
        simulation.set_input("status", DAY, numpy.array([int(facts["status"] == "未就业")]))
        for name in FLAGS:
            simulation.set_input(f"is_{name}", DAY, numpy.array([facts[name]]))
        return tuple(name for name in CONDITIONS if simulation.calculate(f"fails_{name}", DAY)[0])

    return decide


def _method(function: Any) -> Any:
    def formula(people: Any, period: Any) -> Any:
        return function(people, period)

    return formula


def _named(truths: Any) -> tuple[str, ...]:
    return tuple([name for name, truth in zip(CONDITIONS, truths, strict=True) if truth])


ENGINES: dict[str, Callable[[], Decide]] = {
    "hand-written, flat facts": by_hand,
    "ZEN (Rust), expression": zen,
    "CEL (C++)": cel_cpp,
    "CEL (Rust)": cel_rust,
    "CLIPS": clips,
    "Rego (regopy, C++)": rego,
    "OpenFisca": openfisca,
}

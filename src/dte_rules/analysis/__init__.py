"""Proof and comparison: plans as formulas of the solver z3, witnesses that the engine replays.

Needs the extra ``analysis``: the modules below raise `solver.MissingSolver`, which names it, where z3 isn't installed. Import
them where they are used, not at a command's start.

How to ask a question of the solver::

    from dte_rules.analysis.space import Horizon, Space
    from dte_rules.analysis.encode import encode
    from dte_rules.analysis.search import Found, Nobody, Search, Unsure
    from dte_rules.analysis.witness import Replay

    pack = load_packs()["jinhua"]                       # anything with .program and .vocabulary will do
    made = plan(pack.program, "training_subsidy", day)  # dte_rules.engine.plan: rules in force, parameters and readings constants
    space = Space.of([pack.program], [made], as_of=day, vocabularies=[pack.vocabulary], horizon=Horizon("partial"))
    encoded = encode(pack.program, made, space)         # encode all that you ask about before you ask
    search = Search(space)
    answer = search.find(encoded.verdict("not_met"), encoded.truth("training_subsidy.requires.hours").unknown)
    if isinstance(answer, Found):                       # or Nobody (proved), or Unsure (the solver could not tell: say so)
        decision = Replay(pack, made).expect(answer.witness, "not_met")   # always, before it is shown

- `Space` holds the symbolic facts, made as rules read them, and the horizon. Several plans, of one program or of more, may share a
  space: then they are about the same person. ``horizon.mode`` is ``complete`` (every fact known) or ``partial`` (each may be
  unknown). ``as_of`` is a day, or a `Period` in which the day is symbolic (a plan holds for one stretch between `plan.changes`).
  ``space.require(bit)`` adds a constraint, ``space.leaves`` and ``space.lists`` are the facts by path, ``space.equals(path, value)`` is
  a bit. For two persons (one fact changed, a second claim) make two spaces and ask one `Search` over both: ``Search(a)`` and
  then ``search.also(b)``; name the second's symbols by ``Space.of(..., name="b:")``; ``witness_of(answer.model, b)`` reads it.
- `encode` gives `Encoded`: ``slots`` (by slot: `values.Truth` with bits ``t``, ``f``, ``null`` and ``unknown``; `values.Ordered` with
  ``known``, ``low``, ``high``; `values.Text`; `values.Listing`), ``verdict(name)``, ``grants``, ``hard``, ``fails(slot)``. ``gaps``
  names the slots that aren't encoded, with the reason; asking for one raises `solver.NotEncoded`, to be reported as "not analysed: ...".
  ``supposed`` gives
  values to open points; `encode.free` makes a symbol for one. `tables.tests_of` gives the rows' conditions of a table.
- Bits are bools or z3 terms; `logic` combines them (``conj``, ``disj``, ``neg``, ``implies``), folding what is constant.
- `Search.find(*goals, softs=...)` looks for somebody, fulfilling `Soft` wishes by weight; `Search.holds` only whether there is anybody.
  `typical.wishes` makes the wishes from a typical person's facts, so that witnesses are readable.
- `witness.witness_of` turns a model into facts as in a case file, `witness.pinned` facts into bits, `witness.Replay` decides them.
  `witness.EncodingDisagrees` is a bug of ours, never to be hidden.
- Policy questions: `analyze` (a pack by itself), `prove` (what a file of properties states), `compare` (two packs), `diff` (two
  versions of a pack), `effects` (the order of title effects).
"""

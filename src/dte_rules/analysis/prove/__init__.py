"""Properties of rules: statements in FEEL over a few cases, proved for everybody within a horizon, or refuted by an example.

A file of properties says what should be true of the packs: "who differs only in more hours is not worse off", "who is met in
the city meets the province's conditions", "no exclusion adds money". `prove` answers each of them:

- ``holds``: in every case of the horizon in which ``given`` is true, ``then`` is true;
- ``fails``: there is a case in which ``given`` is true and ``then`` is not, decided by the engine before it is shown;
- ``not_specified``: the text doesn't settle it. Either ``then`` is neither true nor false in a case in which every fact is known,
  so that only the text can be what is missing, and false in none; or it holds under one choice for a point that is left open
  (a reading of an interpretation, an open point) and fails under another, both of which are shown;
- ``could_not_tell``: the solver gave up, or something isn't encoded. It is never taken for any of the others.

There are three ways to an answer, and a property's form says which. ``cases`` are asked of the solver, over symbolic facts. ``each``
beside them makes a finite grid, decided case by case. ``history`` is a row of claims, decided in order, each granted one being among
the facts of those that follow. None of them samples.

`read` reads a file of properties, `ready` checks it against the packs, `run` proves.
"""

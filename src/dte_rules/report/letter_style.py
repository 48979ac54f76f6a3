"""The style of a decision letter: a sheet of A4, black on white, readable without colour."""

STYLE = """
:root { color-scheme: light; }
* { box-sizing: border-box; }
body { margin: 0; background: #eef0f2; color: #1b1f24;
  font: 16px/1.65 "Noto Serif CJK SC", "Source Han Serif SC", "Songti SC", "SimSun", Georgia, serif; }
html[lang="en"] body { font-family: Georgia, "Times New Roman", "Noto Serif CJK SC", serif; }
.sheet { background: #fff; max-width: 46rem; margin: 2rem auto; padding: 3.2rem 3.6rem; box-shadow: 0 1px 4px #0002; }
h1 { font-size: 1.5rem; text-align: center; margin: .6rem 0 1.2rem; line-height: 1.35; }
h2 { font-size: 1.02rem; margin: 1.5rem 0 .35rem; padding-bottom: .15rem; border-bottom: 1px solid #c9ced4; }
p { margin: .5rem 0; }
header .blank { text-align: center; }
.meta { display: flex; justify-content: space-between; gap: 1rem; color: #4a525b; font-size: .93rem; }
.addressee { margin-top: 1.4rem; }
.blank { color: #5a3d00; background: #fff8e5; padding: .1rem .35rem; }
.verdict { font-size: 1.25rem; font-weight: 700; padding: .7rem 1rem; margin: 1rem 0; border: 2px solid; border-left-width: .6rem; }
.verdict.met { border-color: #1a7f37; } .verdict.not_met { border-color: #b42318; border-style: double; border-width: 4px 4px 4px .6rem; }
.verdict.undetermined { border-color: #9a6700; border-style: dashed; border-left-style: solid; }
.verdict.discretionary { border-color: #0b6e7f; border-style: dotted; border-left-style: solid; }
ul { list-style: none; margin: .2rem 0; padding-left: 0; }
ul ul { padding-left: 1.6rem; font-size: .95rem; }
li { margin: .28rem 0; padding-left: 1.5rem; text-indent: -1.5rem; } li > * { text-indent: 0; }
section > ul > li:not([class]) { text-indent: 0; padding-left: 0; }
li .sign { display: inline-block; width: 1.5rem; font-weight: 700; }
li.yes > .sign { color: #1a7f37; } li.no > .sign { color: #b42318; }
li.unknown > .sign { color: #9a6700; } li.none > .sign { color: #7b838c; }
.clause { color: #4a525b; font-size: .88em; margin-left: .6em; } .note { color: #4a525b; font-size: .88em; }
footer { margin-top: 2.2rem; } footer .sign { text-align: right; width: auto; } .made { color: #69717a; font-size: .82rem; }
@media (max-width: 40rem) { .sheet { margin: 0; padding: 1.4rem 1.1rem; } }
@page { size: A4; margin: 18mm; }
@media print { body { background: #fff; font-size: 11.5pt; }
  .sheet { box-shadow: none; margin: 0; padding: 0; max-width: none; break-after: page; }
  .blank { background: none; color: inherit; } li, .verdict { break-inside: avoid; } h2 { break-after: avoid; } }
"""

/** The looks of the HTML report. Verdicts are words too: colour is never the only sign. */

export const STYLE = `
:root {
  color-scheme: light dark;
  --paper: #fff; --ink: #1c1f23; --faint: #667; --line: #d5d9e0; --panel: #f4f6f9;
  --blocked: #b3261e; --refused: #9a5b00; --unexpected: #7a3fb0; --undetermined: #57606a; --ok: #1a7f37; --background: #8a919a;
}
@media (prefers-color-scheme: dark) {
  :root {
    --paper: #16181c; --ink: #e6e8eb; --faint: #9aa3ad; --line: #363b43; --panel: #1f2329;
    --blocked: #ff8a80; --refused: #f0b35a; --unexpected: #cfa3f5; --undetermined: #aab2bd; --ok: #6fd08c; --background: #7d8590;
  }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 15px/1.5 system-ui, sans-serif; overflow-wrap: anywhere; }
main { max-width: 60rem; margin: 0 auto; padding: 1.5rem; }
h1 { font-size: 1.2rem; color: var(--faint); font-weight: 600; }
h2 { font-size: 1.05rem; margin: 2rem 0 .5rem; border-bottom: 1px solid var(--line); }
h3 { font-size: 1rem; margin: 1.25rem 0 .25rem; }
.verdict { font-size: 1.25rem; font-weight: 600; border-left: .4rem solid; padding: .25rem 0 .25rem .75rem; }
.mark { text-transform: uppercase; font-size: .8rem; letter-spacing: .04em; border: 1px solid; border-radius: .25rem; padding: 0 .35rem; }
.blocked { color: var(--blocked); fill: var(--blocked); }
.refused { color: var(--refused); fill: var(--refused); }
.unexpected { color: var(--unexpected); fill: var(--unexpected); }
.undetermined { color: var(--undetermined); fill: var(--undetermined); }
.ok { color: var(--ok); fill: var(--ok); }
.background { color: var(--background); fill: var(--background); }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .1rem 1rem; margin: .5rem 0; }
dt { color: var(--faint); }
dd { margin: 0; }
.wide { overflow-x: auto; }
table { border-collapse: collapse; font-size: .9rem; font-variant-numeric: tabular-nums; }
th, td { text-align: left; padding: .2rem .75rem .2rem 0; border-bottom: 1px solid var(--line); vertical-align: top; overflow-wrap: normal; white-space: nowrap; }
td:last-child { min-width: 12em; overflow-wrap: anywhere; white-space: normal; }
pre { background: var(--panel); padding: .5rem .75rem; white-space: pre-wrap; margin: .25rem 0; break-inside: avoid; }
p:has(+ pre), p:has(+ ul) { break-after: avoid; }
figure { margin: 1rem 0; break-inside: avoid; }
figcaption { color: var(--faint); font-size: .85rem; }
svg { width: 100%; height: auto; font: 11px system-ui, sans-serif; }
svg text { fill: var(--ink); }
svg .faint { fill: var(--faint); }
svg .rule { stroke: var(--line); }
svg .arrow { stroke: var(--ink); }
svg .head { fill: var(--ink); }
svg .rate { fill: var(--ok); opacity: .55; }
svg .lost { fill: var(--blocked); }
@media screen {
  figure { overflow-x: auto; }
  svg { min-width: 38rem; }
}
@media print {
  :root { color-scheme: light; }
  @page { size: A4; margin: 15mm; }
  body { font-size: 10pt; }
  main { max-width: none; padding: 0; }
  h2, h3 { break-after: avoid; break-inside: avoid; }
  dl, tr, li { break-inside: avoid; }
  table { font-size: 8pt; }
  .wide { overflow-x: visible; }
  svg { max-height: 230mm; }
}
`;

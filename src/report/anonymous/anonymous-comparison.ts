/** A comparison of two captures with pseudonyms: an address has the same one on both sides. */

import type { ComparedFlow, Comparison, FlowView } from '../../analysis/compare/comparison.ts';
import type { SideCapture } from '../../analysis/compare/read-side.ts';
import type { QualityNote } from '../../analysis/snapshot.ts';
import type { AnonymousRows } from './anonymous-rows.ts';
import type { AnonymousText } from './anonymous-text.ts';

export class AnonymousComparison {
  readonly #rows: AnonymousRows;
  readonly #text: AnonymousText;

  constructor(rows: AnonymousRows, text: AnonymousText) {
    this.#rows = rows;
    this.#text = text;
  }

  comparison(comparison: Comparison): Comparison {
    const { inside, outside, translations, flows, notes } = comparison;
    return {
      ...comparison,
      inside: this.#side(inside, 0),
      outside: this.#side(outside, inside.captures.length),
      translations: translations.map((each) => ({
        ...each,
        inside: this.#rows.address(each.inside),
        outside: this.#rows.address(each.outside),
      })),
      flows: flows.map((flow) => this.#flow(flow)),
      notes: notes.map((note) => this.#note(note, [...inside.quality, ...outside.quality])),
    };
  }

  /** `before`: captures of the other side, whose numbers are taken. */
  #side(side: SideCapture, before: number): SideCapture {
    return {
      ...side,
      captures: side.captures.map((capture, index) => this.#rows.capture(capture, before + index)),
      quality: side.quality.map((note) => ({ ...note, text: this.#rows.qualityText(note) })),
    };
  }

  /** Some of them repeat what limits one side. */
  #note(note: string, quality: readonly QualityNote[]): string {
    const repeated = quality.find(({ text }) => note.endsWith(text));
    if (repeated === undefined) return this.#text.sentence(note);
    return note.slice(0, -repeated.text.length) + this.#rows.qualityText(repeated);
  }

  #flow(flow: ComparedFlow): ComparedFlow {
    return {
      ...flow,
      inside: flow.inside && this.#view(flow.inside),
      outside: flow.outside && this.#view(flow.outside),
      evidence: flow.evidence.map((each) => ({ ...each, fact: this.#text.sentence(each.fact) })),
    };
  }

  #view(view: FlowView): FlowView {
    return {
      ...view,
      initiator: this.#rows.endpoint(view.initiator),
      responder: this.#rows.endpoint(view.responder),
      displayFilter: this.#text.sentence(view.displayFilter),
    };
  }
}

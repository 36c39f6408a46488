/** What can be saved from the screen; the program around it knows how. */

/** A form in which findings can be saved. */
export interface SaveFormat {
  readonly id: string;
  /** A few words: `a summary for a ticket`. */
  readonly description: string;
}

export interface SaveRequest {
  readonly format: string;
  /** Ids of the findings to save; empty for the whole capture. */
  readonly findings: readonly string[];
  readonly isAnonymized: boolean;
}

/** What the screen offers. */
export interface SaveOffer {
  readonly formats: readonly SaveFormat[];
  /** Whether addresses can be replaced in what is saved. */
  readonly canAnonymize: boolean;
}

/** Where nothing can be saved. */
export const NO_OFFER: SaveOffer = { formats: [], canAnonymize: false };

export interface Saver extends SaveOffer {
  /** Format of the small capture that proves findings, for `E`; null when there is none. */
  readonly evidenceFormat: string | null;
  /** Resolves to the path of what was written, and what is missing in it; rejects with a message for people. */
  save(request: SaveRequest): Promise<string>;
  /** The same for a text that could not be copied. */
  saveCopy(text: string): Promise<string>;
}

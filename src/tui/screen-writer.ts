/** Frames -> what the terminal must be sent: rows that changed, each at its place (ECMA-48 CUP and EL). */

const SYNCHRONIZED_START = '\x1b[?2026h';
const SYNCHRONIZED_END = '\x1b[?2026l';

/**
 * Ink's own writer redraws everything and clears the scrollback where the output fills the screen; this one sends a few
 * hundred bytes for a moved cursor and never scrolls.
 */
export class ScreenWriter {
  #shown: readonly string[] = [];

  /** What takes the screen from the last frame to this one; empty when nothing changed. */
  update(frame: string): string {
    const rows = frame.split('\n');
    let output = '';
    rows.forEach((content, index) => {
      // Erased before, not after: with the cursor at the right edge the last cell would go.
      if (content !== this.#shown[index]) output += `\x1b[${index + 1};1H\x1b[2K${content}`;
    });
    this.#shown = rows;
    return output === '' ? '' : SYNCHRONIZED_START + output + SYNCHRONIZED_END;
  }

  /** After this the next frame is drawn whole: the screen was cleared, resized or belonged to someone else. */
  forget(): void {
    this.#shown = [];
  }
}

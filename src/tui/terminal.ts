/** The terminal while it is ours: alternate screen, raw keys, and the way back from each of them (xterm control sequences). */

/** Alternate screen; cursor hidden; no wrapping at the edge; mouse presses and wheel in SGR form. */
const ENTER = '\x1b[?1049h\x1b[?25l\x1b[?7l\x1b[?1000h\x1b[?1006h\x1b[2J';
const CLEAR = '\x1b[2J';
const LEAVE = '\x1b[?1006l\x1b[?1000l\x1b[?7h\x1b[0m\x1b[?25h\x1b[?1049l';

/** Longer texts than this are refused by terminals, in bytes of base64. */
const MOST_COPIED = 74_994;

export class Terminal {
  readonly #input: NodeJS.ReadStream;
  readonly #output: NodeJS.WriteStream;
  /** Only the keyboard is taken. */
  readonly #isPlain: boolean;
  #isOurs = false;

  constructor(input: NodeJS.ReadStream, output: NodeJS.WriteStream, isPlain: boolean) {
    this.#input = input;
    this.#output = output;
    this.#isPlain = isPlain;
  }

  get isOurs(): boolean {
    return this.#isOurs;
  }

  get columns(): number {
    return this.#output.columns || 80;
  }

  get rows(): number {
    return this.#output.rows || 24;
  }

  /** True while the other end has not taken what it was sent, over a slow line: frames would only pile up. */
  get isCongested(): boolean {
    return this.#output.writableNeedDrain;
  }

  enter(): void {
    if (this.#isOurs) return;
    this.#isOurs = true;
    this.#input.setRawMode(true);
    this.#input.ref();
    this.#input.resume();
    if (!this.#isPlain) this.#output.write(ENTER);
  }

  /** May be called at any time and more than once, also while the process ends. */
  leave(): void {
    if (!this.#isOurs) return;
    this.#isOurs = false;
    if (!this.#isPlain) this.#output.write(LEAVE);
    this.#input.setRawMode(false);
    this.#input.pause();
    this.#input.unref();
  }

  write(text: string): void {
    if (this.#isOurs && text !== '') this.#output.write(text);
  }

  clear(): void {
    if (!this.#isPlain) this.write(CLEAR);
  }

  /** OSC 52: the terminal itself puts the text on the clipboard, also across SSH. False for a text too long for it. */
  copy(text: string): boolean {
    const encoded = Buffer.from(text).toString('base64');
    if (encoded.length > MOST_COPIED) return false;
    this.write(`\x1b]52;c;${encoded}\x07`);
    return true;
  }
}

/** What says of itself, in the environment, that it has no clipboard to give: the Linux console, GNOME's and Apple's. */
export function canTakeCopies({
  TERM = '',
  TERM_PROGRAM,
  VTE_VERSION,
}: Readonly<Record<string, string | undefined>>): boolean {
  return !/^(linux|vt\d|dumb)/.test(TERM) && TERM_PROGRAM !== 'Apple_Terminal' && VTE_VERSION === undefined;
}

/** Bytes of a terminal in raw mode -> keys (xterm control sequences; SGR mouse reports of mode 1006). */

/** A key by name (`enter`, `ctrl+d`, `shift+tab`, `f1`, `G`); `text` is what it types, empty when nothing. */
export interface Key {
  readonly kind: 'key';
  readonly name: string;
  readonly text: string;
}

/** A press of the mouse; column and row count from 0. */
export interface Mouse {
  readonly kind: 'mouse';
  readonly button: 'left' | 'wheel-up' | 'wheel-down';
  readonly column: number;
  readonly row: number;
}

export type Input = Key | Mouse;

/** An escape sequence never grows longer than this; what does is thrown away. */
const LONGEST_SEQUENCE = 32;

/** Final characters of CSI and SS3 sequences. */
const LETTER_KEYS: Readonly<Record<string, string>> = {
  A: 'up',
  B: 'down',
  C: 'right',
  D: 'left',
  F: 'end',
  H: 'home',
  P: 'f1',
  Q: 'f2',
  R: 'f3',
  S: 'f4',
  Z: 'shift+tab',
};

/** First parameters of CSI sequences that end in `~`. */
const TILDE_KEYS: Readonly<Record<string, string>> = {
  1: 'home',
  3: 'delete',
  4: 'end',
  5: 'pageup',
  6: 'pagedown',
  7: 'home',
  8: 'end',
  11: 'f1',
  12: 'f2',
  13: 'f3',
  14: 'f4',
  21: 'f10',
};

const CONTROL_KEYS: Readonly<Record<number, string>> = {
  8: 'backspace',
  9: 'tab',
  10: 'enter',
  13: 'enter',
  27: 'escape',
  127: 'backspace',
};

const ESCAPE = 0x1b;
/** What follows the escape character: a CSI or SS3 sequence, and the start of one. */
const SEQUENCE = /^(?:\[(?<parameters>[0-9;<=>?]*)[ -/]*(?<final>[@-~])|O(?<letter>[A-Za-z]))/;
const UNFINISHED = /^(?:\[[0-9;<=>?]*[ -/]*|O)?$/;

/** Holds back the start of a sequence that has not ended; everything else is decoded at once. */
export class KeyDecoder {
  #held = '';

  /** True when an escape waits for more: call `flush` if none comes soon, for then it was the Esc key. */
  get isWaiting(): boolean {
    return this.#held !== '';
  }

  push(chunk: string): Input[] {
    const text = this.#held + chunk;
    this.#held = '';
    const inputs: Input[] = [];
    for (let at = 0; at < text.length; ) at += this.#decodeAt(text, at, inputs);
    return inputs;
  }

  flush(): Input[] {
    const isEscape = this.#held !== '';
    this.#held = '';
    return isEscape ? [key('escape')] : [];
  }

  /** Decodes what stands at `at` and returns how many characters it took. */
  #decodeAt(text: string, at: number, inputs: Input[]): number {
    const code = text.codePointAt(at) ?? 0;
    if (code !== ESCAPE) {
      inputs.push(plainKey(code));
      return code > 0xffff ? 2 : 1;
    }
    const rest = text.slice(at + 1, at + LONGEST_SEQUENCE);
    const isAtEnd = at + 1 + rest.length === text.length;
    if (isAtEnd && rest.length < LONGEST_SEQUENCE - 1 && UNFINISHED.test(rest)) {
      this.#held = text.slice(at);
      return this.#held.length;
    }
    const match = SEQUENCE.exec(rest);
    if (match === null) {
      // Esc followed by an ordinary key: two keys that arrived together.
      inputs.push(key('escape'));
      return 1;
    }
    const input = sequenceInput(match.groups ?? {});
    if (input !== null) inputs.push(input);
    return 1 + match[0].length;
  }
}

function key(name: string, text = ''): Key {
  return { kind: 'key', name, text };
}

function plainKey(code: number): Key {
  const control = CONTROL_KEYS[code];
  if (control !== undefined) return key(control);
  if (code < 0x20) return key(`ctrl+${String.fromCharCode(code + 0x60)}`);
  const text = String.fromCodePoint(code);
  return key(text === ' ' ? 'space' : text, text);
}

function sequenceInput(groups: Record<string, string | undefined>): Input | null {
  const { parameters = '', final = '', letter } = groups;
  if (letter !== undefined) return knownKey(LETTER_KEYS[letter]);
  if (parameters.startsWith('<')) return mouseInput(parameters.slice(1), final);
  if (final === '~') return knownKey(TILDE_KEYS[parameters.split(';')[0] ?? '']);
  return knownKey(LETTER_KEYS[final]);
}

function knownKey(name: string | undefined): Key | null {
  return name === undefined ? null : key(name);
}

/** `M` ends a press, `m` a release. Bits of the button: 0-1 which, 2-4 modifiers, 5 motion, 6 wheel. */
function mouseInput(parameters: string, final: string): Mouse | null {
  const [button = -1, column = 0, row = 0] = parameters.split(';').map(Number);
  const names: Readonly<Record<number, Mouse['button']>> = { 0: 'left', 64: 'wheel-up', 65: 'wheel-down' };
  const name = names[button];
  if (final !== 'M' || name === undefined) return null;
  return { kind: 'mouse', button: name, column: column - 1, row: row - 1 };
}

/** How things look: colours and marks by role, for every kind of terminal. Nothing else names a colour. */

import type { Verdict } from '../verdict/finding.ts';

export type ThemeName = 'dark' | 'light' | 'high-contrast';
export type ColorDepth = 'none' | '16' | '256' | 'true';

export type Role =
  | Verdict
  | 'plain'
  | 'strong'
  | 'dim'
  | 'accent'
  | 'label'
  | 'key'
  | 'notice'
  | 'error'
  | 'bar'
  | 'barRest'
  | 'tab';

/** A colour as `#rrggbb`, and the code of the 16-colour foreground that comes nearest. */
type Color = readonly [hex: string, ansi: number];

interface Style {
  readonly color?: Color;
  readonly bold?: true;
  readonly dim?: true;
  readonly inverse?: true;
}

type Palette = Readonly<Record<Role, Style>>;

const DARK: Palette = {
  plain: {},
  strong: { bold: true },
  dim: { color: ['#8a8f98', 90] },
  accent: { color: ['#7aa2f7', 94], bold: true },
  label: { color: ['#7aa2f7', 94] },
  key: { color: ['#7dcfff', 96] },
  notice: { color: ['#e0af68', 33] },
  error: { color: ['#ff7a85', 91] },
  bar: { color: ['#7aa2f7', 94] },
  barRest: { color: ['#3b4048', 90] },
  tab: { bold: true, inverse: true },
  blocked: { color: ['#ff7a85', 91], bold: true },
  refused: { color: ['#ff9e64', 33], bold: true },
  unexpected: { color: ['#e5c07b', 93] },
  undetermined: { color: ['#bb9af7', 95] },
  ok: { color: ['#9ece6a', 92] },
  background: { color: ['#8a8f98', 90] },
};

const LIGHT: Palette = {
  ...DARK,
  dim: { color: ['#5f6670', 90] },
  accent: { color: ['#1f4fbf', 34], bold: true },
  label: { color: ['#1f4fbf', 34] },
  key: { color: ['#006c8f', 36] },
  notice: { color: ['#8a5a00', 33] },
  error: { color: ['#b3001b', 31] },
  bar: { color: ['#1f4fbf', 34] },
  barRest: { color: ['#c4c8cf', 37] },
  blocked: { color: ['#b3001b', 31], bold: true },
  refused: { color: ['#a64500', 31], bold: true },
  unexpected: { color: ['#7a5c00', 33] },
  undetermined: { color: ['#6a2fb5', 35] },
  ok: { color: ['#22691f', 32] },
  background: { color: ['#5f6670', 90] },
};

const HIGH_CONTRAST: Palette = {
  ...DARK,
  dim: {},
  background: {},
  label: { bold: true },
  accent: { bold: true },
  key: { bold: true },
  barRest: {},
  blocked: { color: ['#ff5555', 91], bold: true, inverse: true },
  refused: { color: ['#ffaa55', 93], bold: true },
  unexpected: { color: ['#ffff66', 93], bold: true },
  undetermined: { color: ['#ff99ff', 95], bold: true },
  ok: { color: ['#66ff66', 92] },
};

const PALETTES: Readonly<Record<ThemeName, Palette>> = { dark: DARK, light: LIGHT, 'high-contrast': HIGH_CONTRAST };

/** Background of the row under the cursor; terminals of 16 colours show it inverted instead. */
const SELECTION: Readonly<Record<ThemeName, string>> = {
  dark: '#2b3040',
  light: '#dde5f7',
  'high-contrast': '#000000',
};

export interface Marks {
  readonly verdict: Readonly<Record<Verdict, string>>;
  readonly cursor: string;
  readonly dot: string;
  readonly rule: string;
  readonly barFull: string;
  readonly barRest: string;
  /** Between two endpoints. */
  readonly to: string;
  readonly from: string;
  readonly headRight: string;
  readonly headLeft: string;
  readonly dashed: string;
  readonly lifeline: string;
  /** Eighths of a cell, lowest first. */
  readonly levels: readonly string[];
  readonly up: string;
  readonly down: string;
}

const UNICODE_MARKS: Marks = {
  verdict: { blocked: '✗', refused: '⊘', unexpected: '!', undetermined: '?', ok: '✓', background: '·' },
  cursor: '›',
  dot: '·',
  rule: '─',
  barFull: '█',
  barRest: '░',
  to: '→',
  from: '←',
  headRight: '▶',
  headLeft: '◀',
  dashed: '┄',
  lifeline: '│',
  levels: ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'],
  up: '▲',
  down: '▼',
};

const ASCII_MARKS: Marks = {
  verdict: { blocked: 'X', refused: '/', unexpected: '!', undetermined: '?', ok: '+', background: '.' },
  cursor: '>',
  dot: '-',
  rule: '-',
  barFull: '#',
  barRest: '.',
  to: '>',
  from: '<',
  headRight: '>',
  headLeft: '<',
  dashed: '.',
  lifeline: '|',
  levels: ['_', '.', '-', '=', '+', '*', '#', '@'],
  up: '^',
  down: 'v',
};

/** What a screen is drawn with: marks for the screens, escape sequences for the painter. */
export interface Theme {
  readonly marks: Marks;
  /** False where the terminal shows ASCII only. */
  readonly isUnicode: boolean;
  /** Sequence that starts a role, and the same on the selected row; each ends with `RESET`. */
  readonly start: Readonly<Record<Role, string>>;
  readonly startSelected: Readonly<Record<Role, string>>;
}

export const RESET = '\x1b[0m';

export function createTheme(name: ThemeName, depth: ColorDepth, isUnicode: boolean): Theme {
  const palette = PALETTES[name];
  const isInverted = depth === 'none' || depth === '16' || name === 'high-contrast';
  const background = isInverted ? [] : [`48;${colorCode(SELECTION[name], depth)}`];
  const start: Partial<Record<Role, string>> = {};
  const startSelected: Partial<Record<Role, string>> = {};
  for (const [role, style] of Object.entries(palette) as [Role, Style][]) {
    start[role] = sequence(styleCodes(style, depth));
    startSelected[role] = isInverted
      ? sequence(style.bold === true ? ['1', '7'] : ['7'])
      : sequence([...styleCodes(style, depth), ...background]);
  }
  return {
    marks: isUnicode ? UNICODE_MARKS : ASCII_MARKS,
    isUnicode,
    start: start as Record<Role, string>,
    startSelected: startSelected as Record<Role, string>,
  };
}

/** What the environment says of the terminal; `MEDIATAP_THEME` and `NO_COLOR` (no-color.org) decide before the rest. */
export function detectTheme(env: Readonly<Record<string, string | undefined>>): Theme {
  return createTheme(themeName(env), colorDepth(env), isUtf8Locale(env));
}

function themeName(env: Readonly<Record<string, string | undefined>>): ThemeName {
  const asked = env.MEDIATAP_THEME;
  if (asked === 'dark' || asked === 'light' || asked === 'high-contrast') return asked;
  // rxvt, Konsole and others tell `foreground;background`; 7 and 15 are the white ones.
  const background = env.COLORFGBG?.split(';').at(-1);
  return background === '7' || background === '15' ? 'light' : 'dark';
}

function colorDepth(env: Readonly<Record<string, string | undefined>>): ColorDepth {
  const term = env.TERM ?? '';
  if ((env.NO_COLOR ?? '') !== '' || term === 'dumb') return 'none';
  if (/^(truecolor|24bit)$/.test(env.COLORTERM ?? '') || term.endsWith('-direct')) return 'true';
  return term.includes('256color') ? '256' : '16';
}

/** The first of these that is set rules (POSIX locale, section 8.2); Windows Terminal sets none and shows everything. */
function isUtf8Locale(env: Readonly<Record<string, string | undefined>>): boolean {
  if (env.WT_SESSION !== undefined) return true;
  const locale = [env.LC_ALL, env.LC_CTYPE, env.LANG].find((value) => value !== undefined && value !== '');
  return /utf-?8/i.test(locale ?? '');
}

function styleCodes(style: Style, depth: ColorDepth): string[] {
  const codes: string[] = [];
  if (style.bold === true) codes.push('1');
  if (style.inverse === true) codes.push('7');
  if (style.color === undefined || depth === 'none') return codes;
  codes.push(depth === '16' ? String(style.color[1]) : `38;${colorCode(style.color[0], depth)}`);
  return codes;
}

function sequence(codes: readonly string[]): string {
  return codes.length === 0 ? '' : `\x1b[${codes.join(';')}m`;
}

function colorCode(hex: string, depth: ColorDepth): string {
  const [red, green, blue] = [1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16)) as [
    number,
    number,
    number,
  ];
  return depth === 'true' ? `2;${red};${green};${blue}` : `5;${nearestOf256(red, green, blue)}`;
}

/** Greys have a ramp of 24 steps from 232 on; other colours a cube of 6 steps a side from 16 on. */
function nearestOf256(red: number, green: number, blue: number): number {
  if (Math.max(red, green, blue) - Math.min(red, green, blue) < 24) {
    return 232 + Math.min(23, Math.max(0, Math.round((red + green + blue) / 3 / 10.2 - 0.8)));
  }
  const step = (value: number) => (value < 48 ? 0 : value < 115 ? 1 : Math.floor((value - 35) / 40));
  return 16 + 36 * step(red) + 6 * step(green) + step(blue);
}

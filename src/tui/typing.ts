/** What keys do to a prompt or a menu that has the keyboard for itself; pure. */

import { understoodPart } from '../query/complete-query.ts';
import type { Key } from './key-decoder.ts';
import {
  chooseSave,
  chosenBy,
  type NamePrompt,
  remember,
  rememberNamed,
  typeFilter,
  typeName,
  typePalette,
} from './overlay.ts';
import type { Action, State } from './state.ts';
import { rewound } from './steering.ts';

export function type(state: State, { key, choices, completed }: Extract<Action, { kind: 'type' }>): State {
  const { overlay } = state;
  if (overlay.kind === 'palette') return { ...state, overlay: typePalette(overlay, key, choices) };
  if (overlay.kind === 'save') return { ...state, overlay: chooseSave(overlay, key, choices) };
  if (overlay.kind === 'columns')
    return { ...state, overlay: { ...overlay, chosen: chosenBy(overlay.chosen, key, choices) } };
  if (overlay.kind === 'name') return nameFilter(state, overlay, key);
  if (overlay.kind !== 'filter') return state;
  if (key.name === 'enter') {
    // What cannot be understood would be in force in no place: it stays to be mended.
    if (understoodPart(overlay.text) !== overlay.text) return state;
    const history = remember(state.memory.history, overlay.text);
    return { ...state, overlay: { kind: 'none' }, memory: { ...state.memory, history } };
  }
  const typed = typeFilter(overlay, key, state.memory, completed);
  const filter = understoodPart(typed.text);
  return filter === state.filter ? { ...state, overlay: typed } : rewound({ ...state, filter, overlay: typed });
}

function nameFilter(state: State, prompt: NamePrompt, key: Key): State {
  if (key.name !== 'enter') return { ...state, overlay: typeName(prompt, key) };
  const name = prompt.text.trim();
  const closed: State = { ...state, overlay: { kind: 'none' } };
  if (name === '') return closed;
  const named = rememberNamed(state.memory.named, { name, text: state.filter });
  const notice = `Kept as ${name}: / and the name, then Tab, brings it back.`;
  return { ...closed, memory: { ...state.memory, named }, notice };
}

/** Commands that change nothing but the state, as actions of the reducer. */

import type { Command } from './keymap.ts';
import type { Action, ViewId } from './state.ts';

/** The others reach beyond the state: to the analysis, the clipboard, the shell. */
type StateCommand = Exclude<
  Command,
  | 'quit'
  | 'interrupt'
  | 'suspend'
  | 'back'
  | 'stop'
  | 'open'
  | 'copy'
  | 'mark'
  | 'name-filter'
  | 'save'
  | 'save-evidence'
  | 'next-problem'
  | 'previous-problem'
  | 'sort-next'
  | 'sort-previous'
>;

export function actionOf(command: StateCommand): Action {
  switch (command) {
    case 'filter':
    case 'palette':
    case 'columns':
    case 'help':
      return { kind: 'overlay', overlay: command };
    case 'next-view':
    case 'previous-view':
      return { kind: 'turn', by: command === 'next-view' ? 1 : -1 };
    case 'sort-reverse':
      return { kind: 'reverse' };
    case 'problems':
    case 'time':
    case 'pause':
    case 'bell':
    case 'newest':
      return { kind: command };
    case 'up':
    case 'down':
    case 'page-up':
    case 'page-down':
    case 'half-up':
    case 'half-down':
    case 'first':
    case 'last':
      return { kind: 'move', motion: command };
    default:
      return { kind: 'view', view: command.slice('view-'.length) as ViewId };
  }
}

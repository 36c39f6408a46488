/** From keys and mouse to what they mean: actions of the store, and what reaches beyond it. */

import type { Analysis } from '../analysis/snapshot.ts';
import { actionOf } from './command-action.ts';
import { isCapturing } from './data.ts';
import type { Input, Key, Mouse } from './key-decoder.ts';
import { type Command, commandFor } from './keymap.ts';
import { activeShape, activeView } from './layout.ts';
import type { SaveRequest, Saver } from './saving.ts';
import { itemAt } from './scroll.ts';
import { canGoBack, currentPosition } from './state.ts';
import { describeError, STOPPING, type Store } from './store.ts';
import { columnChoices } from './views/columns-menu.ts';
import { completed as completeFilter, completionsOf } from './views/filter-prompt.ts';
import { placeOf } from './views/footer.ts';
import { HEADER_ROWS } from './views/header.ts';
import { paletteChoices } from './views/palette.ts';
import { findingsAtHand, saveChoices } from './views/save-menu.ts';
import { tabAt } from './views/tabs.ts';

/** What commands do to the world outside of the screen. */
export interface ControlsHost {
  /** Null where nothing can be saved. */
  readonly saver: Saver | null;
  /** False where the terminal would not take the text: then it is saved. */
  copy(text: string): boolean;
  quit(): void;
  suspend(): void;
}

const WHEEL_STEPS = 3;

export class Controls {
  /** Paths of what was saved, to be told again at the end. */
  readonly saved: string[] = [];
  readonly #analysis: Analysis;
  readonly #store: Store;
  readonly #host: ControlsHost;

  constructor(analysis: Analysis, store: Store, host: ControlsHost) {
    this.#analysis = analysis;
    this.#store = store;
    this.#host = host;
  }

  input(input: Input): void {
    if (input.kind === 'mouse') {
      this.#point(input);
      return;
    }
    const { state } = this.#store.scene;
    const command = commandFor(input.name, placeOf(state), state.overlay.kind);
    if (state.notice !== '') this.#store.notify('');
    if (command === null) this.#type(input);
    else this.#run(command);
  }

  #run(command: Command): void {
    switch (command) {
      case 'interrupt':
        this.#host.quit();
        break;
      case 'quit':
        this.#quit();
        break;
      case 'suspend':
        this.#host.suspend();
        break;
      case 'back':
        this.#goBack();
        break;
      case 'stop':
        this.#stop();
        break;
      case 'open':
        this.#open();
        break;
      case 'copy':
        this.#copy();
        break;
      case 'name-filter':
        this.#nameFilter();
        break;
      case 'mark':
        this.#mark();
        break;
      case 'save':
        this.#openSaveMenu();
        break;
      case 'save-evidence':
        this.#saveEvidence();
        break;
      case 'sort-next':
        this.#sort(1);
        break;
      case 'sort-previous':
        this.#sort(-1);
        break;
      case 'next-problem':
        this.#findProblem(1);
        break;
      case 'previous-problem':
        this.#findProblem(-1);
        break;
      default:
        this.#store.act(actionOf(command));
    }
  }

  /** The wheel scrolls; a click chooses what it hits, and opens it when it was chosen already. */
  #point({ button, column, row }: Mouse): void {
    const { scene } = this.#store;
    const { overlay } = scene.state;
    if (overlay.kind !== 'none' && overlay.kind !== 'help') return;
    if (button !== 'left') {
      const motion = button === 'wheel-up' ? 'up' : 'down';
      for (let step = 0; step < WHEEL_STEPS; step++) this.#store.act({ kind: 'move', motion });
      return;
    }
    const tab = tabAt(scene, column, row);
    if (tab !== null) {
      this.#store.act({ kind: 'view', view: tab });
      return;
    }
    const position = currentPosition(scene.state);
    const shape = activeShape(scene);
    const item = itemAt(position, shape, row - HEADER_ROWS);
    if (item === null) return;
    this.#store.act({ kind: 'stand', cursor: item });
    if (item === position.cursor || shape.kind === 'text') this.#open();
  }

  #type(key: Key): void {
    const { scene } = this.#store;
    const { overlay } = scene.state;
    const commands = paletteChoices(scene.state);
    const saves = overlay.kind === 'save' ? saveChoices(scene) : [];
    if (overlay.kind === 'none') {
      if (key.name === '/')
        this.#store.notify('/ filters findings, flows, streams, groups, rules, hosts and the summary.');
      return;
    }
    if (overlay.kind === 'save' && key.name === 'a' && !scene.data.offer.canAnonymize) return;
    if (overlay.kind === 'columns' && (key.name === 'enter' || key.name === 'space')) {
      this.#toggleColumn(overlay.chosen);
      return;
    }
    if (overlay.kind === 'columns' && key.name === 'd') {
      this.#store.act({ kind: 'usual-columns' });
      return;
    }
    if (key.name !== 'enter' || overlay.kind === 'filter' || overlay.kind === 'name') {
      const typed = overlay.kind === 'filter' ? overlay.text : '';
      const completed = key.name === 'tab' ? completeFilter(typed, completionsOf(scene, typed)) : typed;
      const choices = commands.length + saves.length + columnChoices(scene).length;
      this.#store.act({ kind: 'type', key, choices, completed });
      return;
    }
    this.#store.act({ kind: 'back' });
    if (overlay.kind === 'palette') {
      const chosen = commands[overlay.chosen];
      if (chosen?.view) this.#store.act({ kind: 'view', view: chosen.view });
      if (chosen !== undefined) this.#run(chosen.binding.command);
    }
    if (overlay.kind === 'save') {
      const chosen = saves[overlay.chosen];
      if (chosen !== undefined) this.#save({ ...chosen, isAnonymized: overlay.isAnonymized });
    }
  }

  /** What is being captured cannot be read again: that is worth a question. */
  #quit(): void {
    const { state, data } = this.#store.scene;
    if (isCapturing(data) && state.overlay.kind !== 'quit') this.#store.act({ kind: 'overlay', overlay: 'quit' });
    else this.#host.quit();
  }

  #goBack(): void {
    const { state, data } = this.#store.scene;
    if (canGoBack(state) || data.snapshot.phase !== 'reading') this.#store.act({ kind: 'back' });
    else if (isCapturing(data)) this.#store.act({ kind: 'overlay', overlay: 'stop' });
    else this.#stop();
  }

  #stop(): void {
    this.#store.act({ kind: 'back' });
    this.#store.notify(STOPPING);
    this.#analysis.cancel();
  }

  #open(): void {
    const { scene } = this.#store;
    const goal = activeView(scene).open?.(scene, currentPosition(scene.state).cursor) ?? null;
    if (goal?.kind === 'flows') this.#store.act({ kind: 'flows', where: goal.where });
    else if (goal !== null) this.#store.act({ kind: 'open', page: goal });
  }

  #copy(): void {
    const { scene } = this.#store;
    const copy = activeView(scene).copy?.(scene, currentPosition(scene.state).cursor);
    if (copy == null) return;
    if (copy.kind === 'text') {
      this.#putOnClipboard(copy.what, copy.text);
      return;
    }
    this.#analysis.flow(copy.id).then(
      (detail) => detail !== null && this.#putOnClipboard('the display filter', detail.displayFilter),
      (error: unknown) => this.#store.notify(`Not copied: ${describeError(error)}`),
    );
  }

  #putOnClipboard(what: string, text: string): void {
    if (this.#host.copy(text)) this.#store.notify(`Copied ${what}: ${text.replaceAll('\n', ' ')}`);
    else this.#tellSaved(this.#host.saver?.saveCopy(`${text}\n`));
  }

  #mark(): void {
    const { scene } = this.#store;
    const id = activeView(scene).identify?.(scene, currentPosition(scene.state).cursor) ?? null;
    if (id === null) return;
    this.#store.act({ kind: 'mark', id });
    this.#store.act({ kind: 'move', motion: 'down' });
  }

  /** The analysis orders the flows, which it alone has; other tables order themselves. */
  #sort(by: 1 | -1): void {
    const { scene } = this.#store;
    const offered = activeView(scene).orders?.(scene) ?? [];
    if (offered.length === 0) this.#store.act({ kind: 'sort', by });
    else this.#store.act({ kind: 'order', offered, by });
  }

  #toggleColumn(chosen: number): void {
    const column = columnChoices(this.#store.scene)[chosen];
    if (column === undefined) return;
    this.#store.act({ kind: 'column', title: column.title, isOnScreen: column.place === 'shown' });
    const { place } = columnChoices(this.#store.scene)[chosen] ?? column;
    if (place === 'no room') this.#store.notify(`There is no room for ${column.title}: leave out others first.`);
  }

  #nameFilter(): void {
    if (this.#store.scene.state.filter === '') this.#store.notify('There is no filter to keep: / types one.');
    else this.#store.act({ kind: 'overlay', overlay: 'name' });
  }

  #openSaveMenu(): void {
    if (this.#host.saver === null) this.#store.notify('Nothing can be saved from here.');
    else this.#store.act({ kind: 'overlay', overlay: 'save' });
  }

  #saveEvidence(): void {
    const format = this.#host.saver?.evidenceFormat ?? null;
    if (format === null) this.#store.notify('No evidence capture can be saved from here.');
    else this.#save({ format, findings: findingsAtHand(this.#store.scene), isAnonymized: false });
  }

  #save({ format, findings, isAnonymized }: SaveRequest): void {
    this.#store.notify('Saving');
    this.#tellSaved(this.#host.saver?.save({ format, findings, isAnonymized }));
  }

  /** Now, and again at the end; undefined where nothing can be saved. */
  #tellSaved(saving: Promise<string> | undefined): void {
    saving?.then(
      (path) => {
        this.saved.push(path);
        this.#store.notify(`Saved ${path}`);
      },
      (error: unknown) => this.#store.notify(`Not saved: ${describeError(error)}`),
    );
  }

  #findProblem(by: 1 | -1): void {
    const { scene } = this.#store;
    const found = activeView(scene).findProblem?.(scene, currentPosition(scene.state).cursor, by) ?? null;
    if (found === null) this.#store.notify('No further problem in sight that way; ! shows problems only.');
    else if (typeof found === 'number') this.#store.act({ kind: 'stand', cursor: found });
    else this.#store.act({ kind: 'replace', page: found });
  }
}

/** How the person wants a table: what orders its rows, and which columns are shown or left out whatever the room; pure. */

/** The title of a column, and whether its largest value comes first. */
export interface Order {
  readonly title: string;
  readonly isDescending: boolean;
}

/** By title; columns that are not named here come and go by their rank. */
export type ColumnChoice = Readonly<Record<string, 'shown' | 'hidden'>>;

export interface TableChoice {
  /** Null for the order of the view itself, which is the gravest first. */
  readonly order: Order | null;
  readonly columns: ColumnChoice;
}

export const NO_CHOICE: TableChoice = { order: null, columns: {} };

/** In a circle: the order of the view, then each of those that its columns offer. */
export function orderedByNext(choice: TableChoice, offered: readonly Order[], by: 1 | -1): TableChoice {
  const all = [null, ...offered];
  const at = Math.max(0, offered.findIndex(({ title }) => title === choice.order?.title) + 1);
  return { ...choice, order: all.at((at + by) % all.length) ?? null };
}

export function reversed(choice: TableChoice): TableChoice {
  const { order } = choice;
  return order === null ? choice : { ...choice, order: { ...order, isDescending: !order.isDescending } };
}

/** `isOnScreen`: then it is left out from now on; else it is shown before others are. */
export function withColumn(choice: TableChoice, title: string, isOnScreen: boolean): TableChoice {
  return { ...choice, columns: { ...choice.columns, [title]: isOnScreen ? 'hidden' : 'shown' } };
}

/** What is wrong with a filter expression, for the person who types it. */
export class QueryError extends Error {
  override readonly name = 'QueryError';
  /** Index into the expression. */
  readonly position: number;

  constructor(message: string, position: number) {
    super(message);
    this.position = position;
  }
}

/** When to draw: soon after a key, a few times a second for news, and never more often than the eye needs. */

const AFTER_KEY_MS = 8;
const AFTER_NEWS_MS = 200;

export class FramePacer {
  readonly #draw: () => void;
  #timer: NodeJS.Timeout | null = null;
  #dueAt = Number.POSITIVE_INFINITY;
  #drawnAt = Number.NEGATIVE_INFINITY;

  constructor(draw: () => void) {
    this.#draw = draw;
  }

  request(isUrgent: boolean): void {
    const now = performance.now();
    const dueAt = Math.max(now, this.#drawnAt + (isUrgent ? AFTER_KEY_MS : AFTER_NEWS_MS));
    if (dueAt >= this.#dueAt) return;
    this.stop();
    this.#dueAt = dueAt;
    // At once is as soon as this key has been dealt with: a timer would come after all messages that have arrived.
    if (dueAt === now) queueMicrotask(() => this.#fire(dueAt));
    else this.#timer = setTimeout(() => this.#fire(dueAt), dueAt - now);
  }

  stop(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    this.#dueAt = Number.POSITIVE_INFINITY;
  }

  #fire(dueAt: number): void {
    if (dueAt !== this.#dueAt) return;
    this.#timer = null;
    this.#dueAt = Number.POSITIVE_INFINITY;
    this.#draw();
    this.#drawnAt = performance.now();
  }
}

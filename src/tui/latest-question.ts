/** Questions whose answers take time, where only the newest matters: scrolling asks faster than a worker answers. */

/** One question is under way at a time; of those that come meanwhile the last is asked next, the others never. */
export class LatestQuestion<Question, Answer> {
  readonly #ask: (question: Question) => Promise<Answer>;
  readonly #answered: (answer: Answer, question: Question) => void;
  readonly #failed: (error: unknown) => void;
  #isUnderWay = false;
  #next: { readonly question: Question } | null = null;

  constructor(
    ask: (question: Question) => Promise<Answer>,
    answered: (answer: Answer, question: Question) => void,
    failed: (error: unknown) => void,
  ) {
    this.#ask = ask;
    this.#answered = answered;
    this.#failed = failed;
  }

  put(question: Question): void {
    this.#next = { question };
    if (!this.#isUnderWay) void this.#run();
  }

  async #run(): Promise<void> {
    this.#isUnderWay = true;
    for (let next = this.#next; next !== null; next = this.#next) {
      this.#next = null;
      try {
        this.#answered(await this.#ask(next.question), next.question);
      } catch (error) {
        this.#failed(error);
      }
    }
    this.#isUnderWay = false;
  }
}

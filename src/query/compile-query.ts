/**
 * The filter expression of screens and `--where`. Terms that stand side by side must all match; `|` or `or` allows either
 * side, `!`, `-` or `not` turns a term round, parentheses group, quotes keep spaces.
 */

import { formatEndpoint } from '../format/endpoint.ts';
import { FINDING_CODES, VERDICTS } from '../verdict/finding.ts';
import { ipv4TextTest } from './ipv4-text.ts';
import { QueryError } from './query-error.ts';
import { findQueryField, QUERY_FIELDS } from './query-fields.ts';
import {
  addressOf,
  ipv4Of,
  type QueryEnd,
  type QueryPredicate,
  type QuerySpan,
  type QuerySubject,
} from './query-subject.ts';
import { type QueryToken, tokenizeQuery } from './query-token.ts';

export type CompiledQuery =
  | { readonly ok: true; matches(subject: QuerySubject): boolean }
  /** `position` is an index into the expression. */
  | { readonly ok: false; readonly error: string; readonly position: number };

const NO_SPAN: QuerySpan = { start: 0, end: 0 };
/** Deeper than anyone writes; keeps the parser's own stack small. */
const DEEPEST_NESTING = 64;
/** What addresses with their ports are written in. */
const OF_ENDPOINTS = /^[\da-f.:[\]]*$/;
const AROUND_ADDRESSES = /[:[\]]/;
const BRACKET = /[[\]]/;

/** An empty expression matches everything. `span` gives times their place; checking what is typed needs none. */
export function compileQuery(text: string, span: QuerySpan = NO_SPAN): CompiledQuery {
  try {
    return { ok: true, matches: new QueryParser(text, span).parse() };
  } catch (error) {
    if (error instanceof QueryError) return { ok: false, error: error.message, position: error.position };
    throw error;
  }
}

class QueryParser {
  readonly #tokens: readonly QueryToken[];
  readonly #end: number;
  readonly #span: QuerySpan;
  #next = 0;
  #depth = 0;

  constructor(text: string, span: QuerySpan) {
    this.#tokens = tokenizeQuery(text);
    this.#end = text.length;
    this.#span = span;
  }

  parse(): QueryPredicate {
    if (this.#tokens.length === 0) return () => true;
    const predicate = this.#parseEither();
    const rest = this.#tokens[this.#next];
    if (rest !== undefined) throw new QueryError('this parenthesis was never opened', rest.position);
    return predicate;
  }

  #parseEither(): QueryPredicate {
    const sides = [this.#parseAll()];
    while (this.#tokens[this.#next]?.kind === 'or') {
      this.#next++;
      sides.push(this.#parseAll());
    }
    return sides.length === 1 && sides[0] !== undefined
      ? sides[0]
      : (subject) => sides.some((matches) => matches(subject));
  }

  #parseAll(): QueryPredicate {
    const terms = [this.#parseTerm()];
    for (let token = this.#tokens[this.#next]; token !== undefined; token = this.#tokens[this.#next]) {
      if (token.kind === 'or' || token.kind === 'close') break;
      if (token.kind === 'and') this.#next++;
      terms.push(this.#parseTerm());
    }
    return terms.length === 1 && terms[0] !== undefined
      ? terms[0]
      : (subject) => terms.every((matches) => matches(subject));
  }

  #parseTerm(): QueryPredicate {
    const token = this.#tokens[this.#next++];
    if (token === undefined) throw new QueryError('something is missing here', this.#end);
    switch (token.kind) {
      case 'word':
        return matchWord(token.text, token.isQuoted);
      case 'field':
        return this.#compileField(token);
      case 'not':
        return this.#nest(token, () => {
          const matches = this.#parseTerm();
          return (subject) => !matches(subject);
        });
      case 'open':
        return this.#nest(token, () => this.#parseGroup(token.position));
      default:
        throw new QueryError('something is missing before this', token.position);
    }
  }

  #parseGroup(position: number): QueryPredicate {
    const predicate = this.#parseEither();
    if (this.#tokens[this.#next]?.kind !== 'close') throw new QueryError('this parenthesis is never closed', position);
    this.#next++;
    return predicate;
  }

  #nest(token: QueryToken, parse: () => QueryPredicate): QueryPredicate {
    if (this.#depth === DEEPEST_NESTING) throw new QueryError('too many levels', token.position);
    this.#depth++;
    const predicate = parse();
    this.#depth--;
    return predicate;
  }

  #compileField(token: QueryToken & { kind: 'field' }): QueryPredicate {
    const field = findQueryField(token.name);
    if (field === null) {
      const names = QUERY_FIELDS.map(({ name }) => name).join(', ');
      throw new QueryError(`no field '${token.name}'; fields are ${names}`, token.position);
    }
    return field.compile({
      comparison: token.comparison,
      value: token.value,
      span: this.#span,
      fail: (message) => {
        throw new QueryError(message, token.valuePosition);
      },
    });
  }
}

/** A verdict's name means that verdict; any other word, and whatever is quoted, is looked for everywhere. */
function matchWord(text: string, isQuoted: boolean): QueryPredicate {
  const word = text.toLowerCase();
  if (!isQuoted && (VERDICTS as readonly string[]).includes(word)) return (subject) => subject.verdict === word;
  const isOfProtocol = protocolMatcher(word);
  const isInCodes = FINDING_CODES.some((code) => code.includes(word));
  const isOfEndpoint = OF_ENDPOINTS.test(word) ? endpointMatcher(word) : null;
  return (subject) =>
    isOfProtocol(subject) ||
    subject.transport === word ||
    (isInCodes && subject.codes.some((code) => code.includes(word))) ||
    isOfEndpoint?.(subject, 0) ||
    isOfEndpoint?.(subject, 1) ||
    subject.text.toLowerCase().includes(word);
}

/** Protocols are few, so that each is looked at once. */
function protocolMatcher(word: string): QueryPredicate {
  const known = new Map<string, boolean>();
  const isFoundIn = (name: string): boolean => {
    const isFound = known.get(name) ?? name.toLowerCase().includes(word);
    known.set(name, isFound);
    return isFound;
  };
  return ({ protocol, protocolLabel }) => isFoundIn(protocolLabel) || (protocol !== null && isFoundIn(protocol));
}

/** Addresses are looked through as numbers where they are known, else as they are written. */
function endpointMatcher(word: string): (subject: QuerySubject, end: QueryEnd) => boolean {
  const isAround = AROUND_ADDRESSES.test(word);
  const [address = '', port = '', ...more] = word.split(':');
  // An address of IPv4 and its port have one colon between them; anything more is not there.
  const mayBeIpv4 = more.length === 0 && !BRACKET.test(word);
  const mayBePort = !word.includes('.');
  const isInIpv4 = ipv4TextTest(address, isAround);
  return (subject, end) => {
    const number = ipv4Of(subject, end);
    const itsPort = end === 0 ? subject.initiatorPort : subject.responderPort;
    if (number < 0) return textIncludes(addressOf(subject, end), itsPort, word, isAround);
    if (!isAround) return isInIpv4(number) || (mayBePort && String(itsPort).includes(word));
    return mayBeIpv4 && itsPort !== 0 && isInIpv4(number) && String(itsPort).startsWith(port);
  };
}

/** Only what stands between address and port, or around an address, needs both written out. */
function textIncludes(address: string, port: number, word: string, isAround: boolean): boolean {
  return isAround
    ? formatEndpoint(address, port).includes(word)
    : address.includes(word) || String(port).includes(word);
}

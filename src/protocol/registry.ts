/** Every protocol that mediatap knows by its bytes, most specific first. A new protocol is a folder and a line here. */

import type { Dissector } from './dissector.ts';

export const DISSECTORS: readonly Dissector[] = [];

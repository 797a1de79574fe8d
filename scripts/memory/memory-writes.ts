/**
 * The four writes: what each does to a document, copied when it is asked for.
 * @module
 */
import { failed, type Place, type Precondition, type Write } from './memory-store.ts';
import { copied, type Fields, isMap, merged, updated, written } from './memory-values.ts';

const ALREADY_EXISTS = 6;

/** `set`, with or without `merge`. */
export function setting(place: Place, data: Fields, { merge = false }: { readonly merge?: boolean }): Write {
  const copy = copied(plain(data)) as Fields;
  if (!merge) {
    const after = written(copy);
    return { place, apply: () => after };
  }
  return { place, apply: (before) => merged(before ?? {}, copy) };
}

/** `update`: the document must exist. */
export function updating(place: Place, data: Fields, precondition: Precondition = { exists: true }): Write {
  const copy = copied(plain(data)) as Fields;
  updated({}, copy);
  return { place, precondition, apply: (before) => updated(before ?? {}, copy) };
}

/** `create`: it must not. */
export function creation(place: Place, data: Fields): Write {
  const after = written(copied(plain(data)) as Fields);
  return {
    place,
    apply(before) {
      if (before) throw failed(ALREADY_EXISTS, `ALREADY_EXISTS: ${place.path}`);
      return after;
    },
  };
}

/** `delete`. */
export function deletion(place: Place, precondition?: Precondition): Write {
  return { place, precondition, apply: () => null };
}

function plain(data: unknown): Fields {
  if (!isMap(data)) throw new Error('A document is a plain object, by one argument.');
  return data;
}

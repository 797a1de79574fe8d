/**
 * Listeners by kind of event: the one hub of this package. What is told stands in maps from an event's name to what
 * its listeners get (`session-events.ts`, `conversation-events.ts`).
 * @module
 */

/** Listens to one kind of event. */
export type Listener<Event> = (event: Event) => void;

/** Tells listeners, in the order they came. One that throws does not keep the next from hearing. */
export class EventHub<Events extends object> {
  readonly #listeners = new Map<keyof Events, Set<Listener<never>>>();

  /** Adds a listener; the answer takes it away. */
  on<K extends keyof Events>(type: K, listener: Listener<Events[K]>): () => void {
    const heard = this.#listeners.get(type) ?? new Set();
    this.#listeners.set(type, heard);
    heard.add(listener);
    return () => {
      heard.delete(listener);
    };
  }

  /** Tells every listener of `type`; false where there is none. */
  emit<K extends keyof Events>(type: K, event: Events[K]): boolean {
    const listeners = [...(this.#listeners.get(type) ?? [])] as Listener<Events[K]>[];
    for (const listener of listeners) {
      try {
        listener(event);
      } catch (error) {
        // A page's bug must not end its conversation: it surfaces as an uncaught error of its own.
        queueMicrotask(() => {
          throw error;
        });
      }
    }
    return listeners.length > 0;
  }
}

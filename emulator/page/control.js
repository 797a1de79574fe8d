/**
 * Calls of the control API, and its line of events.
 * @module
 */

/** @typedef {import('../src/control-query.ts').LiveEvent} LiveEvent */

/** A call that was refused, or did not get through (`unreachable`). */
export class CallProblem extends Error {
  /**
   * @param {string} code
   * @param {string} message
   */
  constructor(code, message) {
    super(message);
    this.code = code;
  }
}

/** The control API with a token. */
export class Control {
  #token;

  /** @param {string} token */
  constructor(token) {
    this.#token = token;
  }

  /**
   * @param {'GET' | 'POST'} method
   * @param {string} path
   * @param {object} [body]
   * @returns {Promise<any>}
   */
  async call(method, path, body) {
    const response = await this.#fetch(path, {
      method,
      ...(method === 'POST' && {
        body: JSON.stringify(body ?? {}),
        headers: { 'content-type': 'application/json' },
      }),
    });
    return response.json();
  }

  /**
   * What passes, after the newest `tail` entries there are. Ends when the line does.
   * @param {number} tail
   * @returns {AsyncGenerator<LiveEvent>}
   */
  async *events(tail) {
    const response = await this.#fetch(`/events?tail=${tail}`, {});
    const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
    let rest = '';
    for (;;) {
      const { done, value } = (await reader?.read().catch(() => undefined)) ?? { done: true, value: '' };
      if (done) return;
      const lines = `${rest}${value}`.split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) if (line !== '') yield JSON.parse(line);
    }
  }

  /**
   * @param {string} path
   * @param {RequestInit} init
   */
  async #fetch(path, init) {
    /** @type {Response} */
    let response;
    try {
      response = await fetch(`control${path}`, {
        ...init,
        headers: { ...init.headers, authorization: `Bearer ${this.#token}` },
      });
    } catch {
      throw new CallProblem('unreachable', 'The emulator does not answer.');
    }
    if (response.ok) return response;
    const { error } = await response.json().catch(() => ({}));
    throw new CallProblem(
      error?.code ?? 'unexpected-answer',
      error ? `${error.message} ${error.remedy}` : `The emulator answered ${response.status}.`,
    );
  }
}

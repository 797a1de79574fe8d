/**
 * The page's own elements, and new ones. What comes from outside only ever becomes text.
 * @module
 */

/**
 * The page's element of that id, of that class.
 * @template {HTMLElement} [T=HTMLElement]
 * @param {string} id
 * @param {new () => T} [kind]
 * @returns {T}
 */
export function byId(id, kind) {
  const found = document.getElementById(id);
  if (!(found instanceof (kind ?? HTMLElement))) throw new Error(`The page has no such #${id}.`);
  return /** @type {T} */ (found);
}

/**
 * A new element of a class, holding text and other elements.
 * @template {keyof HTMLElementTagNameMap} K
 * @param {K} tag
 * @param {string} [className]
 * @param {...(string | Node)} children
 * @returns {HTMLElementTagNameMap[K]}
 */
export function make(tag, className = '', ...children) {
  const element = document.createElement(tag);
  if (className !== '') element.className = className;
  element.append(...children);
  return element;
}

/**
 * Sets text where it differs, so that nothing is read out twice.
 * @param {Element} element
 * @param {string} text
 */
export function say(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

/**
 * Shows or hides.
 * @param {HTMLElement} element
 * @param {boolean} isShown
 */
export function show(element, isShown) {
  element.hidden = !isShown;
}

/**
 * Opens a dialog; resolves with true when it was confirmed.
 * @param {HTMLDialogElement} dialog
 * @returns {Promise<boolean>}
 */
export function confirmed(dialog) {
  dialog.returnValue = '';
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener('close', () => resolve(dialog.returnValue === 'do'), { once: true });
  });
}

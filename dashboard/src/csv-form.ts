/**
 * How every CSV file of the page is written.
 * @module
 */

/**
 * Cells that a spreadsheet would take for a formula: by its first sign, also behind blanks, which some take away, by the
 * wide signs of Asian keyboards, and whatever follows in further lines. Source: OWASP, "CSV Injection", read 2026-11-21.
 */
export const FORMULA_START = /^(?:[\t\r\n]|\s*[=+\-@＝＋－＠])/;

/** Quoted where it must be (RFC 4180), and nothing that begins like a formula left as it is: an apostrophe stands before it. */
export const CSV_FORM = { escapeFormulae: FORMULA_START, newline: '\r\n' } as const;

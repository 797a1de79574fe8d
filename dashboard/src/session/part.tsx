import type { ComponentChildren } from 'preact';

interface PartProps {
  /** Of its heading; the part is named by it. */
  readonly id: string;
  readonly title: string;
  readonly children: ComponentChildren;
  readonly wide?: boolean;
}

/** One part of the page of a session. */
export function Part({ id, title, children, wide = false }: PartProps) {
  return (
    <section class={wide ? 'card part wide' : 'card part'} aria-labelledby={id}>
      <h2 id={id}>{title}</h2>
      {children}
    </section>
  );
}

/** What may be larger than its place: it scrolls in itself, by keyboard too. */
export function Scrolling({
  label,
  children,
}: {
  readonly label: string;
  readonly children: ComponentChildren;
}) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
    <section class="scrolling" aria-label={label} tabIndex={0}>
      {children}
    </section>
  );
}

/** A column's name over figures. */
export function Head({ children }: { readonly children: ComponentChildren }) {
  return (
    <th scope="col" class="figure">
      {children}
    </th>
  );
}

/** A figure in a table. */
export function Figure({
  children,
  testId,
}: {
  readonly children: ComponentChildren;
  readonly testId?: string;
}) {
  return (
    <td class="figure" data-testid={testId}>
      {children}
    </td>
  );
}

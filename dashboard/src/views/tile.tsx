import type { ComponentChildren } from 'preact';

interface TileProps {
  readonly name: string;
  /** The figure, with its unit. */
  readonly children: ComponentChildren;
  /** What the figure covers. */
  readonly note?: ComponentChildren;
  readonly title?: string;
  readonly testId?: string;
}

/** A figure at a glance, inside `<dl class="tiles">`. */
export function Tile({ name, children, note, title, testId }: TileProps) {
  return (
    <div class="tile">
      <dt>{name}</dt>
      <dd title={title} data-testid={testId}>
        {children}
      </dd>
      {note !== undefined && <dd class="tile-note">{note}</dd>}
    </div>
  );
}

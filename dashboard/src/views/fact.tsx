import type { ComponentChildren } from 'preact';

interface FactProps {
  readonly name: string;
  readonly children: ComponentChildren;
  readonly mono?: boolean;
  readonly testId?: string;
}

/** A name and its value, inside `<dl class="facts">`. */
export function Fact({ name, children, mono = false, testId }: FactProps) {
  return (
    <div>
      <dt>{name}</dt>
      <dd class={mono ? 'wrap mono' : 'wrap'} data-testid={testId}>
        {children}
      </dd>
    </div>
  );
}

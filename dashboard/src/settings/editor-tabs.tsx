import type { ComponentChildren } from 'preact';
import { useRef } from 'preact/hooks';

/** A view of the draft. */
export type EditorTab = 'form' | 'json';

const TABS = { form: 'Form', json: 'JSON' } as const satisfies Readonly<Record<EditorTab, string>>;
const ORDER = Object.keys(TABS) as readonly EditorTab[];

interface EditorTabsProps {
  readonly tab: EditorTab;
  readonly onTab: (tab: EditorTab) => void;
  readonly children: ComponentChildren;
}

/** Tabs; arrow keys move between them. */
export function EditorTabs({ tab, onTab, children }: EditorTabsProps) {
  const list = useRef<HTMLDivElement>(null);
  const move = (key: string) => {
    if (key !== 'ArrowLeft' && key !== 'ArrowRight') return;
    const next = ORDER.find((each) => each !== tab);
    if (next === undefined) return;
    onTab(next);
    list.current?.querySelector<HTMLElement>(`#tab-${next}`)?.focus();
  };
  return (
    <>
      <div
        class="tabs"
        role="tablist"
        aria-label="Views of the draft"
        ref={list}
        onKeyDown={(event) => move(event.key)}
      >
        {ORDER.map((each) => (
          <button
            key={each}
            type="button"
            role="tab"
            id={`tab-${each}`}
            aria-selected={each === tab}
            aria-controls={each === tab ? 'tab-panel' : undefined}
            tabIndex={each === tab ? 0 : -1}
            data-testid={`tab-${each}`}
            onClick={() => onTab(each)}
          >
            {TABS[each]}
          </button>
        ))}
      </div>
      <div role="tabpanel" id="tab-panel" class="tab-panel" aria-labelledby={`tab-${tab}`}>
        {children}
      </div>
    </>
  );
}

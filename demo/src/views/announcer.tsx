import { useEffect, useRef, useState } from 'preact/hooks';
import type { TalkView } from '../talk-view.ts';
import { announcement } from '../talk-words.ts';

/** Says what happens to who hears the page: whole turns and changes of state, one at a time. */
export function Announcer({ view }: { readonly view: TalkView }) {
  const [text, setText] = useState('');
  const before = useRef(view);
  useEffect(() => {
    const said = announcement(before.current, view);
    before.current = view;
    if (said !== undefined) setText(said);
  }, [view]);
  return (
    <p class="unseen" role="status" data-testid="announcer">
      {text}
    </p>
  );
}

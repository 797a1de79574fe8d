import { getDoc } from 'firebase/firestore';
import { useState } from 'preact/hooks';
import { useLocation } from 'preact-iso';
import { useOperator } from '../operator.ts';
import { sessionPath } from '../places.ts';
import { sessionDocument } from '../queries.ts';
import { readProblem } from '../watched.ts';

/** Opens a session by its id; says so where there is none. One read. */
export function FindSession() {
  const { db } = useOperator();
  const { route } = useLocation();
  const [text, setText] = useState('');
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState('');
  const find = async () => {
    const id = text.trim();
    // A slash would make another path of the document's.
    if (!/^[A-Za-z0-9_-]{1,128}$/.test(id))
      return setProblem('This is no session id: those are letters, digits, - and _.');
    setBusy(true);
    setProblem('');
    try {
      const found = await getDoc(sessionDocument(db, id));
      if (found.exists()) return route(sessionPath(id));
      setProblem('There is no session with this id. It may have been deleted when its time was over.');
    } catch (error) {
      setProblem(readProblem(error));
    }
    setBusy(false);
  };
  return (
    <form
      class="find"
      aria-label="Find a session"
      onSubmit={(event) => {
        event.preventDefault();
        void find();
      }}
    >
      <label>
        Session id
        <input
          type="search"
          value={text}
          maxLength={200}
          autocomplete="off"
          spellcheck={false}
          data-testid="find-session"
          aria-describedby="find-session-problem"
          onInput={(event) => setText(event.currentTarget.value)}
        />
      </label>
      <button type="submit" disabled={busy || text.trim() === ''} data-testid="find-session-go">
        {busy ? 'Looking…' : 'Find'}
      </button>
      <p id="find-session-problem" class="problem" role="status" data-testid="find-session-problem">
        {problem}
      </p>
    </form>
  );
}

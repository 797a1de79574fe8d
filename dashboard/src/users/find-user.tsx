import { useState } from 'preact/hooks';
import { useLocation } from 'preact-iso';
import { ActError } from '../acts.ts';
import { useOperator } from '../operator.ts';
import { userPath } from '../places.ts';
import { lookUpUser } from './user-look-up.ts';

/** Finds a user by uid or e-mail and opens their page. */
export function FindUser() {
  const { acts } = useOperator();
  const { route } = useLocation();
  const [wanted, setWanted] = useState('');
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState('');
  const find = async () => {
    const name = wanted.trim();
    if (name === '') return;
    setBusy(true);
    setProblem('');
    try {
      const { uid } = await lookUpUser(acts, name);
      route(userPath(uid));
    } catch (error) {
      setProblem(error instanceof ActError ? error.message : 'No answer. Try again.');
      setBusy(false);
    }
  };
  return (
    <form
      class="find"
      onSubmit={(event) => {
        event.preventDefault();
        void find();
      }}
    >
      <label>
        Find by uid or e-mail
        <input
          type="search"
          value={wanted}
          maxLength={320}
          autocomplete="off"
          spellcheck={false}
          data-testid="find-user"
          aria-describedby="find-problem"
          onInput={(event) => setWanted(event.currentTarget.value)}
        />
      </label>
      <button type="submit" disabled={busy || wanted.trim() === ''} data-testid="find-user-go">
        {busy ? 'Looking…' : 'Open'}
      </button>
      <p id="find-problem" class="problem" role="alert" data-testid="find-problem">
        {problem}
      </p>
    </form>
  );
}

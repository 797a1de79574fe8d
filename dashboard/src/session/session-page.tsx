/** One session. */
export function SessionPage() {
  return (
    <main id="main" class="view">
      <h1>Session</h1>
    </main>
  );
}

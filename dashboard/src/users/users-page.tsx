/** The users of a month. */
export function UsersPage() {
  return (
    <main id="main" class="view">
      <h1>Users</h1>
    </main>
  );
}

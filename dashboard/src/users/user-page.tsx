/** One user. */
export function UserPage() {
  return (
    <main id="main" class="view">
      <h1>User</h1>
    </main>
  );
}

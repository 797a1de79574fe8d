/** What operators write. */
export function SettingsPage() {
  return (
    <main id="main" class="view">
      <h1>Settings</h1>
    </main>
  );
}

/** One policy, template or price. */
export function SettingPage() {
  return (
    <main id="main" class="view">
      <h1>Setting</h1>
    </main>
  );
}

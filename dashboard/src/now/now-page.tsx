/** What goes on now. */
export function NowPage() {
  return (
    <main id="main" class="view">
      <h1>Now</h1>
    </main>
  );
}

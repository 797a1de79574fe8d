/** What it costs. */
export function CostsPage() {
  return (
    <main id="main" class="view">
      <h1>Costs</h1>
    </main>
  );
}

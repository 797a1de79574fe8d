/** Who changed what. */
export function AuditPage() {
  return (
    <main id="main" class="view">
      <h1>Audit</h1>
    </main>
  );
}

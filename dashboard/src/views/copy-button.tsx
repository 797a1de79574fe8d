import { useState } from 'preact/hooks';

/** Copies a text and says that it did. */
export function CopyButton({ text, label }: { readonly text: string; readonly label: string }) {
  const [copied, setCopied] = useState(false);
  const copy = () =>
    navigator.clipboard.writeText(text).then(
      () => setCopied(true),
      () => setCopied(false),
    );
  return (
    <button type="button" class="small" onClick={copy}>
      <span aria-live="polite">{copied ? 'Copied' : 'Copy'}</span>
      <span class="unseen"> the {label}</span>
    </button>
  );
}

/**
 * Asks for the microphone before anything is spent: a token is charged from the moment it is minted, so a talk
 * that could not be heard must not get that far. Rejects with the browser's `DOMException`: `NotAllowedError`,
 * `NotFoundError`, `NotReadableError`. Asks nothing where permission was given before.
 */
export async function askForMicrophone(): Promise<void> {
  // Firefox and Safari know no such permission; asking again costs them nothing.
  const permission = await navigator.permissions
    ?.query({ name: 'microphone' as PermissionName })
    .catch(() => undefined);
  const devices = await navigator.mediaDevices?.enumerateDevices().catch(() => []);
  if (permission?.state === 'granted' && devices?.some(({ kind }) => kind === 'audioinput')) return;
  if (!navigator.mediaDevices) throw new DOMException('No secure context.', 'SecurityError');
  const stream = await navigator.mediaDevices.getUserMedia({ audio: true });
  for (const track of stream.getTracks()) track.stop();
}

import type { Device, DeviceChoice, Devices } from '../devices.ts';

interface DeviceFormProps {
  readonly devices: Devices;
  readonly chosen: DeviceChoice;
  readonly onMicrophone: (id: string) => void;
  readonly onSpeaker: (id: string) => void;
}

/** Microphone and loudspeaker; both may be changed in mid-talk. */
export function DeviceForm({
  devices: { microphones, speakers },
  chosen,
  onMicrophone,
  onSpeaker,
}: DeviceFormProps) {
  return (
    <fieldset class="choices">
      <legend>Devices</legend>
      {microphones.length === 0 ? (
        <p class="about muted" data-testid="no-devices">
          The browser names microphones once one was allowed.
        </p>
      ) : (
        <DeviceSelect
          label="Microphone"
          testId="microphone"
          devices={microphones}
          chosen={chosen.microphone}
          onChoose={onMicrophone}
        />
      )}
      {speakers.length > 0 && (
        <DeviceSelect
          label="Loudspeaker"
          testId="speaker"
          devices={speakers}
          chosen={chosen.speaker}
          onChoose={onSpeaker}
        />
      )}
    </fieldset>
  );
}

interface DeviceSelectProps {
  readonly label: string;
  readonly testId: string;
  readonly devices: readonly Device[];
  readonly chosen: string;
  readonly onChoose: (id: string) => void;
}

function DeviceSelect({ label, testId, devices, chosen, onChoose }: DeviceSelectProps) {
  return (
    <label>
      {label}
      <select data-testid={testId} value={chosen} onChange={(event) => onChoose(event.currentTarget.value)}>
        <option value="">The system’s own</option>
        {devices.map(({ id, name }) => (
          <option key={id} value={id}>
            {name}
          </option>
        ))}
      </select>
    </label>
  );
}
